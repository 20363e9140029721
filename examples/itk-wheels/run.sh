#!/bin/sh
# run.sh [ROUNDS]: the released ITK wheels, with and without LazyIndex.
#
# Installs what is missing, builds LazyIndex, makes two private environments
# below build/ and compares them. PYTHON names the Python to use; pip's own
# settings (PIP_*) hold.
set -eu
case ${1-5} in
'' | 0* | *[!0-9]*)
    echo "run.sh: error: ROUNDS is a number from 1 on, not '$1'" >&2
    exit 2
    ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/build/itk-wheels
logs=$work/logs
mkdir -p "$logs"
. "$root/.ci/prepare.sh"
unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME LAZYINDEX

# Two environments with the same files: the second has hard links, which is
# safe, for LazyIndex replaces files and never writes into one.
copy_environment() {
    rm -rf "$work/lazy"
    "$python" -m venv "$work/lazy"
    packages=$(cd "$work/stock" && echo lib/python3*/site-packages)
    rm -r "$work/lazy/$packages"
    cp -al "$work/stock/$packages" "$work/lazy/$packages" 2>/dev/null ||
        cp -a "$work/stock/$packages" "$work/lazy/$packages"
}

install_missing
[ -f "$work/stock/.complete" ] || need_space "$work" 3000
make_environment "installing the wheels of itk 6.0b2" \
    "$work/stock" "$python" itk==6.0b2 || exit 1
copy_environment
step "building and installing LazyIndex" \
    "$work/lazy/bin/python" -m pip install --disable-pip-version-check "$root"

for command in apply status; do
    say "python -m lazyindex $command itk"
    "$work/lazy/bin/python" -m lazyindex "$command" itk
done

say "comparing ..."
"$python" "$here/compare.py" \
    "$work/stock/bin/python" "$work/lazy/bin/python" "${1:-5}"

cat <<END

In an environment of your own that has itk:
    python -m pip install $root
    python -m lazyindex apply itk
and to have the package back as it was, byte for byte:
    python -m lazyindex revert itk
END
