#!/bin/sh
# style.sh NAME DIRECTORY: check tracked files with one of the tools there.
set -eu
tool=$2/$1

# tracked PATTERN...: NUL-separated names of tracked files that exist.
tracked() {
    git -c safe.directory="$PWD" ls-files -z -- "$@" |
        xargs -0 sh -c 'for f; do [ ! -f "$f" ] || printf "%s\0" "$f"; done' sh
}

# check PATTERNS COMMAND...: run COMMAND on the files; none is an error.
check() {
    patterns=$1
    shift
    set -f
    # shellcheck disable=SC2086 # a list of patterns
    count=$(tracked $patterns | tr -dc '\0' | wc -c)
    if [ "$count" -eq 0 ]; then
        echo "style.sh: error: git tracks no file like $patterns" >&2
        exit 1
    fi
    # shellcheck disable=SC2086
    tracked $patterns | xargs -0 "$@"
    set +f
    echo "$count files: $*"
}

cd "$(dirname "$0")/.."
case $1 in
clang-format) check '*.c *.h *.cc' "$tool" --dry-run -Werror ;;
ruff)
    check '*.py *.pyi' "$tool" check --quiet --no-cache
    check '*.py *.pyi' "$tool" format --check --quiet --no-cache
    ;;
gersemi) check '*CMakeLists.txt *.cmake *.cmake.in' "$tool" --check ;;
*)
    echo "style.sh: error: unknown tool '$1'" >&2
    exit 2
    ;;
esac
