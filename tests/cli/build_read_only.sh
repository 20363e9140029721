# Even root cannot write there; the reason depends on who asks.
make_package site
{ lazyindex build site/itk -o /proc 2>&1; echo "exit $?"; } |
    sed 's/: [A-Z][a-z ]*$/: REASON/'
