"""The table that is printed."""

COLUMNS = "{:18} {:9} {:>10} {:>11} {:>6} {:>5} {:>8} {:>8}  {}"


def head():
    _print("what", "server", "requests/s", "us/request", "ratio", "busy", "p99 ms", "MB", "")


def rows(rows):
    """Prints them; true when every answer was a success."""
    for row in rows:
        faults = [f"{row.refused} answers were not 2xx"] * (row.refused > 0)
        faults += [f"{row.broken} connections broke"] * (row.broken > 0)
        _print(
            row.what, row.server, f"{row.rate:.0f}", f"{row.microseconds:.2f}", f"{row.ratio:.2f}", f"{row.busy:.2f}",
            "" if row.slowest is None else f"{row.slowest:.2f}", f"{row.memory / 2**20:.1f}", ", ".join(faults))
    return not any(row.refused or row.broken for row in rows)


def idle(costs, count):
    for name, cost in costs:
        _print(f"{count} idle", name, "", "", "", "", "", "", f"{cost:.0f} bytes a connection")


def written(count, answers):
    """What went to the disk for the alerts of a part."""
    _print("written", "warnbell", "", "", "", "", "", "", f"{count / max(1, answers):.0f} bytes an alert")


def _print(*cells):
    print(COLUMNS.format(*cells).rstrip(), flush=True)
