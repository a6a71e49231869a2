#!/bin/sh
# Make .venv with a Python in our range and install the locked libraries and the project into it.
#
#   sh tools/set_up.sh run|dev|bench    what the program needs, or its tests as well, or its benchmarks as well
#   sh tools/set_up.sh which            only name the interpreter that would be taken
#
# PYTHON=/path/to/python chooses the interpreter.
# A second call starts at once: it installs again only when the lock or pyproject.toml has changed.
set -eu

kind=${1:-run}
wanted=${PYTHON:-}
venv=.venv
range="3.11, 3.12 or 3.13"

say() { printf '%s\n' "$@"; }
fail() { say "" "$@" >&2; exit 1; }

in_range() { "$1" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# Set `python` to the first interpreter in range that can make an environment.
pick_python() {
    python= ; unable=
    for candidate in ${wanted:-python3.13 python3.12 python3.11 python3 python}; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        in_range "$candidate" || continue
        if has_venv "$candidate"; then python=$candidate; return; fi
        [ -n "$unable" ] || unable=$(version_of "$candidate")
    done
    if [ -n "$unable" ]; then
        fail "Python $unable is here, but it cannot make environments: its venv and ensurepip modules are missing." \
            "On Debian or Ubuntu install them, then run the same command again:" \
            "    sudo apt-get install python$unable-venv"
    fi
    found=$(version_of "${wanted:-python3}")
    fail "S1mpleTrader needs Python $range; ${wanted:-python3} here is ${found:-none that runs}." \
        "    Debian 12 or 13, Ubuntu 24.04:  sudo apt-get install python3 python3-venv" \
        "    Fedora:                         sudo dnf install python3.13" \
        "    macOS:                          brew install python@3.13" \
        "    anything else:                  uv python install 3.13" \
        "Then run the same command again; PYTHON=/path/to/python3.13 names an interpreter that is not on the PATH."
}

# An environment holds its own path in every script: one that was moved, or copied here, is of no use.
is_of_this_place() { grep -qsF "$(pwd -P)/$venv/bin/" "$venv/bin/pip"; }

# Keep the environment that is there while its Python still runs and is the one asked for.
make_venv() {
    if [ -x "$venv/bin/python" ] && in_range "$venv/bin/python" && is_of_this_place; then
        [ -n "$wanted" ] || return 0
        [ "$(version_of "$venv/bin/python")" != "$(version_of "$wanted")" ] || return 0
    fi
    pick_python
    say "Making $venv with Python $(version_of "$python")."
    rm -rf "$venv"
    "$python" -m venv "$venv" || { rm -rf "$venv"; fail "The environment could not be made; see above."; }
}

stamp_of() { cksum "$1" pyproject.toml; }

install() {
    lock=$1; stamp=$venv/.installed-${lock%.txt}
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(stamp_of "$lock")" ]; then return 0; fi
    quiet=--quiet
    if [ -t 1 ]; then quiet=; fi
    say "Installing the libraries of $lock (about 150 MB the first time)."
    rm -f "$venv"/.installed-*
    # Every file is checked against its hash; no source archive is built, so nothing unlocked is fetched.
    "$venv/bin/python" -m pip install $quiet --disable-pip-version-check --only-binary :all: --require-hashes -r "$lock" ||
        fail "The libraries could not be installed; see above. Is there a network, and space on the disk (700 MB)?"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation \
        --editable . || fail "The project itself could not be installed; see above."
    # Each lock contains the smaller ones (tests/quality/test_locks.py): what has the benchmarks has the tests as well.
    for each in requirements requirements-dev requirements-bench; do
        stamp_of "$each.txt" >"$venv/.installed-$each"
        if [ "$each.txt" = "$lock" ]; then break; fi
    done
}

# finplot brings a second Qt, so it lives beside our environment; without it its rows are missing from the table.
make_finplot() {
    lock=tests/benchmarks/finplot.txt; home=.venv-finplot; stamp=$home/.installed
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(cksum "$lock")" ]; then return 0; fi
    rm -rf "$home"
    if "$venv/bin/python" -m venv "$home" && "$home/bin/python" -m pip install --quiet --disable-pip-version-check \
        --only-binary :all: --require-hashes -r "$lock"
    then cksum "$lock" >"$stamp"
    else rm -rf "$home"; say "finplot could not be installed: the table will lack its rows."
    fi
}

case $kind in
which) pick_python; say "$python"; exit ;;
run) lock=requirements.txt ;;
dev) lock=requirements-dev.txt ;;
bench) lock=requirements-bench.txt ;;
*) fail "tools/set_up.sh run|dev|bench|which: $kind is none of them." ;;
esac
make_venv
install "$lock"
if [ "$kind" = bench ]; then make_finplot; fi
