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

patience=30 # seconds until something that should happen counts as failed
receiver='' # the process that start_receiver started

# Nothing of the caller's own configuration may take part in what follows: it could talk to the caller's MISP.
forget_own_configuration() {
    local name
    for name in $(compgen -e); do
        case $name in WARNBELL_* | MISP_URL | MISP_KEY | ES_HOST | ES_USER | ES_PASS) unset "$name" ;; esac
    done
}

# start_receiver BINARY FOLDER: runs `warnbell serve` with the configuration FOLDER/warnbell.yaml and waits until it
# listens, at the URL in FOLDER/ready. Its log is FOLDER/log.
start_receiver() {
    rm -f "$2/ready"
    "$1" serve --config "$2/warnbell.yaml" --ready-file "$2/ready" >"$2/log" 2>&1 &
    receiver=$!
    log=$2/log
    await 'address of the receiver' test -s "$2/ready"
}

# await WHAT COMMAND...: until the command succeeds, the receiver ends or patience does.
await() {
    local what=$1 deadline=$((SECONDS + patience))
    shift
    until "$@"; do
        kill -0 "$receiver" 2>/dev/null || broken "the receiver ended while waiting for $what"
        [[ $SECONDS -lt $deadline ]] || broken "no $what within $patience s"
        sleep 0.1
    done
}

broken() {
    note "$1; the receiver's log:"
    tail -n 20 "$log" >&2
    exit 1
}

# Ends the receiver, if one runs; returns its exit status.
stop_receiver() {
    local ending=$receiver deadline=$((SECONDS + patience))
    [[ -n $ending ]] || return 0
    receiver=''
    kill "$ending" 2>/dev/null || true
    while kill -0 "$ending" 2>/dev/null; do
        [[ $SECONDS -lt $deadline ]] || kill -KILL "$ending"
        sleep 0.1
    done
    wait "$ending"
}
