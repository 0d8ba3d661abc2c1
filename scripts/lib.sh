# shellcheck shell=bash
# Shared parts of the scripts in this folder; they source it, nobody runs it.
# The environment variable SWIFT names another swift command than the one in PATH.

SWIFT=${SWIFT:-swift}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

tools=.build-tools # programs that setup fetched for the tests without installing them
venv=.venv         # Python packages of the tests

# Arguments that build and test share. Targets may import only what the manifest declares for them
# (scripts/imports.allow closes the hole which this check leaves).
build_flags=(--explicit-target-dependency-import-check error)

say() { printf '%s\n' "$*"; }
note() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
    note "$@"
    exit 1
}

# The comment at the head of a script is its manual.
usage() { sed -n '2,/^[^#]/ s/^# \{0,1\}//p' "scripts/${0##*/}"; }
help_if_asked() {
    [[ ${1:-} != -h && ${1:-} != --help ]] && return
    usage
    exit 0
}
wrong_usage() {
    note "$@"
    usage >&2
    exit 2
}

# Tells the tests where the engines are that setup brought. Tests of an engine that is not there skip and say so.
export_test_environment() {
    export PATH=$root/$tools/bin:$PATH
    [[ -f $venv/requirements.txt ]] || return 0
    local engine
    export WARNBELL_PYTHON=$root/$venv/bin/python
    engine=$(find "$root/$venv/lib/" -path '*/osmem_server/bin/osmem-server' -print -quit)
    [[ -z $engine ]] || export WARNBELL_OSMEM=$engine
}

build_tests() { "$SWIFT" build --build-tests "${build_flags[@]}"; }

# Runs what build_tests built with `swift test` and the arguments given, in a form a person can read: what failed in
# full, what was skipped and why, the closing lines. Returns the status of swift test.
run_tests() {
    local folder files status=0
    local noise='\[[0-9]+/[0-9]+\] |Buil(d|ding) |◇|➜|✔ Test|(✘|━) Test run with|↳ (Testing Library|Target Platform)'
    export_test_environment
    folder=$(mktemp -d)
    "$SWIFT" test --skip-build --disable-xctest --no-parallel --xunit-output "$folder/results.xml" \
        "${build_flags[@]}" "$@" 2>&1 | tee "$folder/log" | sed -uE "\\#^($noise)#d" || status=$?
    files=("$folder/log")
    [[ ! -f $folder/results.xml ]] || files+=("$folder/results.xml")
    awk -f scripts/summary.awk "${files[@]}"
    rm -r "$folder"
    return "$status"
}
