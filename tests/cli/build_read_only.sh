# Even root cannot write there; the reason depends on who asks.
make_package site
fails 1 lazyindex build site/itk -o /proc 2> told
sed 's/: [A-Z][a-z ]*$/: REASON/' told
echo "exit 1"
