"""Measures a start behind a kill: what it takes to come back with a full journal."""

import itertools
import time

from benchmark import alerts, client
from benchmark.processes import Broken
from benchmark.servers import Warnbell

# Alerts of a request.
BULK = 500

# Nothing ends an alert before the kill: all of them are to be decided again.
OPEN = {"batch.quiet": "1h", "batch.max_wait": "1h", "batch.max_alerts": 100_000}


def measure(folder, samples, binary, count):
    """Fills a journal with so many alerts that are not over, kills the server and starts it again."""
    with Warnbell(folder, None, binary, 100, "durable", OPEN) as first:
        _fill(first, alerts.distinct(alerts.template(samples)), count)
        first.process.kill()
    start = time.monotonic()
    with Warnbell(folder, None, binary, 100, "durable", OPEN, first.home) as second:
        ready = time.monotonic() - start
        before = second.peak_memory()
        _wait_until_idle(second)
        decided = time.monotonic() - start
        print(
            f"\nRecovery of {count} alerts: ready after {ready:.2f} s with {before / 2**20:.0f} MB, all decided after "
            f"{decided:.1f} s with {second.peak_memory() / 2**20:.0f} MB at most", flush=True)


def _fill(server, source, count):
    while count > 0:
        some = list(itertools.islice(source, min(BULK, count)))
        status = client.exchange(server, client.post(b"\n".join(some)))
        if status != 202:
            raise Broken(f"{server.name} answered {status} to {len(some)} alerts")
        count -= len(some)


def _wait_until_idle(server):
    """Returns when a second has passed in which the server had nothing to do."""
    spent = -1
    while spent != (spent := server.processor_seconds()):
        time.sleep(1)
        server.check()
