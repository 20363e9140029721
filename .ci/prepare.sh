# prepare.sh: what run.sh of the tests and of the example share; sourced.
#
# The caller has set `logs`, a directory for the output of steps.
# shellcheck shell=sh

python=
step_count=0
ticker=
lane=
lanes=

say() {
    printf '%s\n' "$*"
}

die() {
    say "$(basename "$0"): error: $*" >&2
    exit 1
}

stop_ticker() {
    if [ -n "$ticker" ]; then
        # A shell that has just been made can lose any other signal.
        kill -KILL "$ticker" 2>/dev/null || :
        wait "$ticker" 2>/dev/null || :
        ticker=
    fi
}
stop_all() {
    stop_ticker
    # shellcheck disable=SC2086 # a list
    [ -z "$lanes" ] || kill $lanes 2>/dev/null || :
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# step LABEL COMMAND...: run a command, its output in a log; tell how long it
# takes, every 15 seconds while it runs. A failure shows the end of the log.
step() {
    label=$1
    shift
    step_count=$((step_count + 1))
    log=$logs/step-${lane:+$lane-}$step_count.log
    start=$(date +%s)
    say "$label ..."
    (
        while sleep 15 >/dev/null 2>&1; do
            say "$label ... $(($(date +%s) - start)) s so far"
        done
    ) &
    ticker=$!
    status=0
    "$@" >"$log" 2>&1 </dev/null || status=$?
    stop_ticker
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" >&2
        say "error: '$label' failed (exit code $status); all of it: $log" >&2
        return "$status"
    fi
    say "$label: done, $(($(date +%s) - start)) s"
}

# at_once FUNCTION...: run functions at the same time, each in a process of
# its own; wait for all.
at_once() {
    for lane in "$@"; do
        (
            lanes=
            trap stop_ticker EXIT
            trap 'exit 143' TERM
            "$lane"
        ) &
        lanes="$lanes $!"
    done
    lane=
    all_well=true
    for process in $lanes; do
        wait "$process" || all_well=false
    done
    lanes=
    $all_well
}

# need_space DIRECTORY MEGABYTES: end here if so much cannot be put there.
need_space() {
    free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$2" ] ||
        die "$1: $free MB are free, $2 MB needed; please make room"
}

# again COMMAND...: a second time if it fails, as a network may.
again() {
    "$@" || { sleep 5 && "$@"; }
}

# Is there a header, a static library?
has_header() {
    printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" |
        cc -E - >/dev/null 2>&1
}
has_static() {
    [ "$(cc -print-file-name="lib$1.a" 2>/dev/null)" != "lib$1.a" ]
}

# is_suitable PYTHON: new enough, with headers, able to make environments?
is_suitable() {
    "$1" -c '
import ensurepip, os, sys, sysconfig, venv
header = os.path.join(sysconfig.get_path("include"), "Python.h")
sys.exit(sys.version_info < (3, 11) or not os.path.exists(header))
' >/dev/null 2>&1
}

# Set `python` to a suitable Python; PYTHON in the environment goes first.
find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 /usr/bin/python3 \
        python3.14 python3.13 python3.12 python3.11; do
        if is_suitable "$candidate"; then
            python=$candidate
            return 0
        fi
    done
    return 1
}

# download_wheels LABEL DIRECTORY PYTHON WHEEL...: released wheels as they
# are, without what they depend on, once.
download_wheels() {
    label=$1 directory=$2 interpreter=$3
    shift 3
    [ ! -f "$directory/.complete" ] || return 0
    rm -rf "$directory"
    step "$label" again "$interpreter" -m pip download \
        --disable-pip-version-check --only-binary=:all: --no-deps \
        --dest "$directory" "$@" || return
    touch "$directory/.complete"
}

# install_missing: what the build needs and this machine lacks, with apt.
# The names of further packages, if they are missing, are the arguments.
install_missing() {
    missing=$*
    if ! command -v cc >/dev/null || ! command -v c++ >/dev/null; then
        # Headers cannot be looked for without a compiler.
        missing="$missing g++ liblmdb-dev libxxhash-dev libmd-dev"
        missing="$missing libminizip-dev zlib1g-dev"
    else
        has_header lmdb.h && has_static lmdb ||
            missing="$missing liblmdb-dev"
        has_header xxhash.h || missing="$missing libxxhash-dev"
        has_header sha256.h && has_static md || missing="$missing libmd-dev"
        has_header minizip/unzip.h && has_static minizip ||
            missing="$missing libminizip-dev"
        has_header zlib.h && has_static z || missing="$missing zlib1g-dev"
    fi
    command -v cmake >/dev/null || missing="$missing cmake"
    command -v make >/dev/null || missing="$missing make"
    find_python || missing="$missing python3 python3-dev python3-venv"
    missing=${missing# }
    [ -n "$missing" ] || return 0

    as_root=
    if ! command -v apt-get >/dev/null; then
        die "please install what these Debian packages contain: $missing"
    elif [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "please run as root: apt-get install $missing"
        as_root=sudo
    fi
    # An update that fails in part may still do: the installation decides.
    # shellcheck disable=SC2086 # no word where as_root is empty; a list
    {
        step "apt-get update" again $as_root apt-get update || :
        step "apt-get install $missing" again \
            $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends $missing ||
            die "the packages above could not be installed"
    }
    find_python ||
        die "Python 3.11 or later with headers and venv is needed;" \
            "if it is not on PATH, set PYTHON to it"
}

# make_environment LABEL DIRECTORY PYTHON REQUIREMENT...: a virtual
# environment from released wheels, made once. pip compiles what it installs.
make_environment() {
    label=$1 directory=$2 interpreter=$3
    shift 3
    [ ! -f "$directory/.complete" ] || return 0
    rm -rf "$directory"
    "$interpreter" -m venv "$directory" ||
        die "$interpreter cannot make a virtual environment"
    step "$label" again "$directory/bin/python" -m pip install \
        --disable-pip-version-check --only-binary=:all: "$@" || return
    touch "$directory/.complete"
}

# apt_in DIRECTORY ARCHITECTURE [SOURCE]: a state of apt in DIRECTORY/apt, for
# packages that are only unpacked; that of the system is left alone. SOURCE is
# a line of sources.list, in the place of the system's.
apt_in() {
    mkdir -p "$1/apt/lists/partial" "$1/apt/archives/partial" &&
        : >"$1/apt/status" &&
        cat >"$1/apt/apt.conf" <<END || return
APT::Architecture "$2";
APT::Architectures {"$2";};
APT::Sandbox::User "$(id -un)";
Dir::State "$1/apt";
Dir::State::status "$1/apt/status";
Dir::Cache "$1/apt";
END
    if [ -n "${3-}" ]; then
        echo "$3" >"$1/apt/sources.list" &&
            cat >>"$1/apt/apt.conf" <<END || return
Dir::Etc::sourcelist "$1/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
END
    fi
    export APT_CONFIG="$1/apt/apt.conf"
    again apt-get update
}

# fetch_packages DIRECTORY ARCHITECTURE PACKAGE...: unpack packages of another
# architecture.
fetch_packages() (
    directory=$1
    apt_in "$directory" "$2" && shift 2 && cd "$directory/apt/archives" &&
        again apt-get download "$@" || exit
    for package in *.deb; do
        dpkg-deb -x "$package" "$directory" || exit
    done
    rm -r "$directory/apt"
)

# make_sysroot DIRECTORY ARCHITECTURE PYTHON: what LazyIndex needs to be built
# for another architecture, and a Python of PYTHON's version for it; once.
make_sysroot() {
    directory=$1 architecture=$2 interpreter=$3
    [ ! -f "$directory/.complete" ] || return 0
    command -v apt-get >/dev/null || return
    rm -rf "$directory"
    version=$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    step "fetching Python $version for $architecture" \
        fetch_packages "$directory" "$architecture" \
        "python$version-minimal" "libpython$version-minimal" \
        "libpython$version-stdlib" "libpython$version-dev" \
        liblmdb-dev libxxhash-dev libc6 libexpat1 zlib1g libgcc-s1 \
        libstdc++6 || return
    touch "$directory/.complete"
}

# fetch_pythons DIRECTORY SOURCE VERSION...: unpack Pythons of another release
# of Debian, with headers and with the libraries they need, libc's included.
fetch_pythons() (
    directory=$1
    apt_in "$directory" "$(dpkg --print-architecture)" "$2" || exit
    shift 2
    cd "$directory/apt/archives" || exit
    # Headers by themselves: what those packages need is for linking.
    for version in "$@"; do
        again apt-get download "libpython$version-dev" || exit
    done
    for package in *.deb; do
        dpkg-deb --fsys-tarfile "$package" |
            tar -xf - -C "$directory" ./usr/include && rm "$package" || exit
    done
    # libstdc++ is for extensions.
    # shellcheck disable=SC2046 # a list
    again apt-get install --download-only --yes --no-install-recommends \
        $(printf 'python%s-venv ' "$@") libstdc++6 || exit
    for package in *.deb; do
        dpkg-deb -x "$package" "$directory" || exit
    done
    rm -r "$directory/apt"

    # They run by their own loader: the system's libc may be too old.
    loader=$(echo "$directory"/usr/lib*/ld-linux*.so.*)
    libraries=$(dirname "$(find "$directory/usr/lib" -name libc.so.6)")
    sed -i "s|'/usr/share/python-wheels|'$directory/usr/share/python-wheels|" \
        "$directory"/usr/lib/python3.*/_sysconfigdata_*.py || exit
    for version in "$@"; do
        interpreter=$directory/usr/bin/python$version
        mv "$interpreter" "$interpreter.bin" &&
            cat >"$interpreter" <<END || exit
#!/bin/sh
exec '$loader' --inhibit-cache --library-path '$libraries' \\
    --argv0 "\$0" '$interpreter.bin' "\$@"
END
        chmod +x "$interpreter" && "$interpreter" -c 'import ssl' || exit
    done
)

# make_pythons DIRECTORY VERSION...: Pythons that are newer than this system,
# where Debian has them: DIRECTORY/usr/bin/python3.14; once.
make_pythons() {
    directory=$1
    shift
    [ ! -f "$directory/.complete" ] || return 0
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -f "$keys" ] && command -v apt-get >/dev/null || return
    # From where the system's own packages come.
    # shellcheck disable=SC2016 # apt's own variables
    mirror=$(apt-get indextargets 'Created-By: Packages' \
        --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' |
        awk '$1 !~ /-/ && $2 == "main" { print $3; exit }')
    [ -n "$mirror" ] || return
    rm -rf "$directory"
    step "fetching Python $*" fetch_pythons "$directory" \
        "deb [signed-by=$keys target=Packages] $mirror unstable main" \
        "$@" || return
    touch "$directory/.complete"
}
