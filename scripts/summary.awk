# Sums up a test run from its log and, where there is one, its xunit file: lists the skipped tests by reason, repeats
# the closing line, counts. A log without a closing line broke off: then it names the tests that were running.

FILENAME == ARGV[2] {
    if (/^ *<testcase /) { tests++; broken = 0 }
    if (/^ *<failure /) { failed += !broken; broken = 1 }
    if (/^ *<skipped/) skipped++
    next
}
/^◇ Test .* started\.$/ && !/^◇ Test (case|run) / {
    name = $0
    sub(/^◇ Test /, "", name)
    sub(/ started\.$/, "", name)
    running[name]
}
/^(✔|✘|━|➜) Test .* (passed|failed|was cancelled) after / {
    name = $0
    sub(/^(✔|✘|━|➜) Test /, "", name)
    sub(/( with [0-9]+ test cases?)? (passed|failed|was cancelled) after .*/, "", name)
    delete running[name]
}
/^➜ Test .* (skipped|was cancelled)/ && !/^➜ Test case / {
    name = reason = $0
    cancelled += / was cancelled after /
    sub(/^➜ Test /, "", name)
    sub(/ (skipped|was cancelled).*/, "", name)
    if (!sub(/^.* (skipped|was cancelled after [0-9.]+ seconds): "/, "", reason)) reason = "no reason given"
    sub(/"$/, "", reason)
    names[reason] = names[reason] "\n    " name
    count[reason]++
}
/^(✔|✘|━) Test run with / { closing = $0 }

END {
    for (reason in names) printf "➜ %d skipped: %s%s\n", count[reason], reason, names[reason]
    if (!closing) {
        print "The test run broke off. These tests were running:"
        for (name in running) print "    " name
        exit
    }
    print closing
    if (tests) {
        # A test that cancelled itself ran, to find out that it can't: the xunit file knows it as passed.
        printf "%d passed, %d failed, %d skipped\n", tests - failed - skipped - cancelled, failed, skipped + cancelled
    }
}
