#!/bin/sh
# run.sh [--quick]: install what is missing, build, run all tests.
#
# Everything it makes is below build/. PYTHON names the Python to use; pip's
# own settings (PIP_*) hold. LAZYINDEX_FUZZ_SECONDS, for each of the fuzzers,
# and LAZYINDEX_ROUNDS, of random damage, make it longer.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

quick=false
case ${1-} in
'') ;;
--quick) quick=true ;;
--help)
    echo "usage: sh tests/run.sh [--quick]"
    echo "--quick: without sanitizers and without the released wheels"
    exit 0
    ;;
*)
    echo "run.sh: error: unknown argument '$1' (see --help)" >&2
    exit 2
    ;;
esac

logs=$root/build/logs
mkdir -p "$logs"
. .ci/prepare.sh

# Wheels with their .pyc, as users have them; reproducible test processes.
unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

jobs=$(getconf _NPROCESSORS_ONLN)
tools_wanted='clang-format==14.0.6 gersemi==0.29.2 ruff==0.17.6
    lmdb xxhash cloudpickle scikit-build-core ninja gcovr==8.8'
bed_60_wanted='itk==6.0b2 cloudpickle distributed ipython pytest
    pyinstaller==6.22.3 QuantLib==1.36'
other_bed_wanted='itk==6.0b2'
bed_54_wanted='itk==5.4.7 itk-elastix==0.25.4 itk-rtk==2.7.0.post1 cloudpickle'

# What the tests of LazyIndex as a product need.
tools_wanted="$tools_wanted build abi3audit"

# Tools of users, who have them beside ITK. pyright runs in node.
user_tools_wanted='mypy==2.4.1 pyright[nodejs]==1.1.414 pylint==4.1.4
    jedi==0.20.1 Sphinx==9.0.4 uv==0.13.9'

# of_itk VERSION: all wheels of a release.
of_itk() {
    for part in '' -core -filtering -io -numerics -registration -segmentation
    do
        echo "itk$part==$1"
    done
}
wheels_60_wanted=$(of_itk 6.0b2)
wheels_54_wanted="$(of_itk 5.4.7) itk-elastix==0.25.4 itk-rtk==2.7.0.post1"

# hash_of TEXT: names directories, so that other requirements give others.
hash_of() {
    echo "$1" | cksum | cut -d' ' -f1
}

# other_python 3.12: print a working Python of that version, if there is one.
other_python() {
    for candidate in "python$1" \
        "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python3 \
        "$pythons/usr/bin/python$1"; do
        if "$candidate" -c "import ensurepip, venv" 2>/dev/null >&2; then
            echo "$candidate"
            return
        fi
    done
}

# What is installed from the network, in parts that can be made at once.
make_tools() {
    # shellcheck disable=SC2086 # a list
    make_environment "installing development tools" \
        "$tools" "$python" $tools_wanted
}
make_user_tools() {
    # shellcheck disable=SC2086 # a list
    make_environment "installing tools of users" \
        "$user_tools" "$python" $user_tools_wanted
}
make_beds_60() {
    # shellcheck disable=SC2086 # a list
    make_environment "installing itk 6.0b2" \
        "$beds/60-$tag" "$python" $bed_60_wanted &&
        make_other_bed 3.12 &&
        download_wheels "downloading the wheels of itk 6.0b2" \
            "$wheels/60" "$beds/60-$tag/bin/python" $wheels_60_wanted
}
make_beds_54() {
    # shellcheck disable=SC2086 # a list
    make_environment "installing itk 5.4.7, elastix, rtk" \
        "$beds/54-$tag" "$python" $bed_54_wanted &&
        make_other_bed 3.13 &&
        download_wheels "downloading the wheels of itk 5.4.7" \
            "$wheels/54" "$beds/54-$tag/bin/python" $wheels_54_wanted || return
    # Other distributions may not offer it: then no cross build is tested.
    make_sysroot "$sysroot" arm64 "$python" || :
}
make_beds_newer() {
    # What is not to be had is not tested.
    for version in 3.14 3.15; do
        [ -n "$(other_python "$version")" ] ||
            make_pythons "$pythons" 3.14 3.15 || :
        make_other_bed "$version" || return
    done
}

# share_libraries: the beds of a release have the same, more than a gigabyte.
share_libraries() {
    for other in "$beds/60-"*; do
        for library in "$beds/60-$tag"/lib/python3.*/site-packages/itk/*.so; do
            same=$(echo "$other"/lib/python3.*/site-packages/itk/"${library##*/}")
            [ "$library" -ef "$same" ] || ! cmp -s "$library" "$same" ||
                ln -f "$library" "$same"
        done
    done
}

# make_other_bed 3.12: for another Python, if there is one.
make_other_bed() {
    other_tag=${1%.*}${1#*.}
    other=$(other_python "$1")
    if [ "$other_tag" != "$tag" ] && [ -n "$other" ]; then
        # shellcheck disable=SC2086 # a list
        make_environment "installing itk 6.0b2 for Python $1" \
            "$beds/60-$other_tag" "$other" $other_bed_wanted
    fi
}

# build PRESET OPTION...: configure and compile.
build() {
    preset=$1
    shift
    step "configuring $preset" cmake --preset "$preset" \
        "-DPython3_EXECUTABLE=$tools/bin/python" "$@" &&
        step "building $preset" \
            cmake --build --preset "$preset" --parallel "$jobs"
}

# run_tests PRESET OPTION...: CTest, with a report for the summary.
run_tests() {
    preset=$1
    shift
    say "testing $preset ..."
    ctest --preset "$preset" --parallel "$jobs" --no-tests=error \
        --output-junit "$root/build/$preset/junit.xml" \
        --test-output-size-passed 4000000 \
        --test-output-size-failed 4000000 "$@" || :
}

# Is there a clang with libFuzzer?
has_fuzzer() {
    printf '%s(const char *data, unsigned long size)\n{ return !%s; }\n' \
        'int LLVMFuzzerTestOneInput' 'data && size' |
        clang -fsanitize=fuzzer,address -x c - -o "$logs/fuzzer" \
            >/dev/null 2>&1
}

wanted=
has_header gtest/gtest.h && has_static gtest || wanted=libgtest-dev
command -v swig >/dev/null || wanted="$wanted swig"
command -v man >/dev/null || wanted="$wanted man-db"
command -v zsh >/dev/null || wanted="$wanted zsh"
if ! $quick; then
    command -v cppcheck >/dev/null || wanted="$wanted cppcheck"
    has_fuzzer || wanted="$wanted clang libclang-rt-dev"
    command -v aarch64-linux-gnu-g++ >/dev/null ||
        wanted="$wanted g++-aarch64-linux-gnu"
    command -v qemu-aarch64-static >/dev/null ||
        wanted="$wanted qemu-user-static"
fi
# shellcheck disable=SC2086 # a list
install_missing $wanted

tag=$("$python" -c 'import sys; print("%d%d" % sys.version_info[:2])')
tools=$root/build/tools-$tag-$(hash_of "$tools_wanted")
user_tools=$root/build/user-tools-$tag-$(hash_of "$user_tools_wanted")
beds=$root/build/beds-$(hash_of \
    "$bed_60_wanted $other_bed_wanted $bed_54_wanted")
pythons=$root/build/pythons
sysroot=$root/build/sysroot-arm64-$tag
wheels=$root/build/wheels-$(hash_of "$wheels_60_wanted $wheels_54_wanted")
if $quick; then
    make_tools || exit 1
else
    # Two releases of ITK in six environments, and what tests make of them.
    [ -f "$beds/54-$tag/.complete" ] || need_space "$root/build" 12000
    at_once make_tools make_user_tools make_beds_60 make_beds_54 \
        make_beds_newer || exit 1
    share_libraries
fi

set --
if [ -e .git ] && command -v git >/dev/null; then
    set -- "-DLAZYINDEX_STYLE_TOOLS=$tools/bin"
fi
if ! $quick; then
    set -- "$@" -DLAZYINDEX_REQUIRE=ON \
        "-DLAZYINDEX_USER_TOOLS=$user_tools" \
        "-DLAZYINDEX_BED_60=$beds/60-$tag" \
        "-DLAZYINDEX_BED_54=$beds/54-$tag" \
        "-DLAZYINDEX_WHEELS_60=$wheels/60" \
        "-DLAZYINDEX_WHEELS_54=$wheels/54"
    if [ -f "$sysroot/.complete" ]; then
        set -- "$@" "-DLAZYINDEX_SYSROOT_ARM64=$sysroot"
    fi
    for other_tag in 312 313 314 315; do
        if [ "$other_tag" != "$tag" ] &&
            [ -x "$beds/60-$other_tag/bin/python" ]; then
            set -- "$@" "-DLAZYINDEX_BED_60_$other_tag=$beds/60-$other_tag"
        fi
    done
fi

rm -f build/*/junit.xml
if $quick; then
    build dev --fresh "$@" && run_tests dev --label-exclude wheels
    set -- build/dev/junit.xml
else
    build dev --fresh "$@" && run_tests dev --label-exclude analysis
    build asan && run_tests asan
    build fuzz && run_tests fuzz
    build tsan && run_tests tsan
    build coverage "-DLAZYINDEX_BED_60=$beds/60-$tag" \
        "-DLAZYINDEX_BED_54=$beds/54-$tag" && run_tests coverage
    "$tools/bin/gcovr" --root . --filter plugin/ --filter runtime/ \
        build/coverage || :
    set -- build/dev/junit.xml build/asan/junit.xml build/fuzz/junit.xml \
        build/tsan/junit.xml build/coverage/junit.xml
fi
unreliable=0
"$python" tests/reliability.py "$@" || unreliable=1
"$python" tests/summary.py "$@" && exit "$unreliable"
