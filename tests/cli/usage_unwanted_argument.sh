lazyindex --version=1 || echo "exit $?"
lazyindex dump --json=yes file
