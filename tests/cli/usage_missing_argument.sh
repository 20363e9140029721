lazyindex build itk -o || echo "exit $?"
lazyindex build itk --output || echo "exit $?"
lazyindex build itk || echo "exit $?"
lazyindex apply itk --runtime '' || echo "exit $?"
lazyindex apply itk --runtime
