for command in apply build dump explain revert stats status verify; do
    lazyindex $command || echo "exit $?"
done
lazyindex explain itk
