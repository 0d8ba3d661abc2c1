"""Loads the servers in turns and measures what that costs them."""

import pathlib
import statistics
import subprocess
import time
from dataclasses import dataclass

from benchmark import alerts, client
from benchmark.processes import Broken
from benchmark.servers import PATH, TOKEN


@dataclass
class Round:
    """What one server did in one round."""

    requests: int
    seconds: float
    processor_seconds: float
    #: The 99th percentile of the answers' times, in milliseconds; none where it is not measured.
    slowest: float | None
    refused: int
    broken: int


@dataclass
class Row:
    """A server's medians, and how they compare with the reference's."""

    what: str
    server: str
    rate: float
    microseconds: float
    ratio: float
    busy: float
    slowest: float | None
    memory: int
    refused: int
    broken: int


class Load:
    """Alerts for these servers; the first one is the reference."""

    def __init__(self, folder, samples, servers):
        self.servers = servers
        template = alerts.template(samples)
        self.template = folder / "template.json"
        self.template.write_text(template)
        self.alerts = alerts.distinct(template)
        #: Requests that each server answered so far, by its name.
        self.answered = {server.name: 0 for server in servers}
        self.check()

    def check(self):
        """Complains unless every server takes an alert with the token, and none without."""
        for server in self.servers:
            for token, expected in ((TOKEN, 202), ("another", 401)):
                status = client.exchange(server, client.post(next(self.alerts), token))
                if status != expected:
                    raise Broken(f"{server.name} answered {status} instead of {expected} to the token '{token}'")

    def introduction(self):
        """What both servers get, for a person to read."""
        what = f"alerts of {len(next(self.alerts))} bytes"
        if not self.servers[0].is_tls:
            return f"Plain: {what}"
        return "; ".join([f"TLS: {what}"] + [f"{server.name} {_cipher(server)}" for server in self.servers])

    def over(self, connections, rounds, seconds):
        """Alerts over so many kept connections."""
        return self._rows(
            f"{connections} kept", rounds,
            lambda server: self._wrk(server, connections, seconds))

    def handshakes(self, rounds, seconds):
        """A connection, a full handshake and one alert, over and over."""
        return self._rows("full handshakes", rounds, lambda server: self._handshakes(server, seconds))

    def idle(self, count):
        """Bytes of memory that a kept connection costs each server."""
        costs = []
        # The same alert each time: it is read and answered, but after the first time nothing of it is kept.
        request = client.post(next(self.alerts), closing=False)
        for server in self.servers:
            # What the server keeps for its next connections is not counted.
            _close(client.idle_connections(server, request, 100))
            before = server.memory()
            kept = client.idle_connections(server, request, count)
            costs.append((server.name, (server.memory() - before) / count))
            _close(kept)
        return costs

    def _rows(self, what, rounds, measure):
        seen = {server.name: [] for server in self.servers}
        memory = {}
        for _ in range(rounds):
            for server in self.servers:
                seen[server.name].append(_watched(server, measure))
                self.answered[server.name] += seen[server.name][-1].requests
                memory[server.name] = server.memory()
        rows = [_row(what, name, each, memory[name]) for name, each in seen.items()]
        for row in rows:
            row.ratio = row.microseconds / rows[0].microseconds
        return rows

    def _wrk(self, server, connections, seconds):
        url = f"{'https' if server.is_tls else 'http'}://127.0.0.1:{server.port}{PATH}"
        script = pathlib.Path(__file__).with_name("post.lua")
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script, url]
        run = subprocess.run(
            command + ["--", self.template, TOKEN], capture_output=True, text=True, timeout=seconds + 60, check=False)
        result = [line.split()[1:] for line in run.stdout.splitlines() if line.startswith("result ")]
        if not result:
            raise Broken(f"wrk: {run.stderr or run.stdout}")
        requests, microseconds, slowest, refused, broken = map(int, result[0])
        return Round(requests, microseconds / 1e6, 0, slowest / 1e3, refused, broken)

    def _handshakes(self, server, seconds):
        requests = (client.post(alert) for alert in self.alerts)
        start = time.monotonic()
        statuses = client.exchange_many(server, requests, seconds)
        refused = sum(status // 100 != 2 for status in statuses)
        return Round(len(statuses), time.monotonic() - start, 0, None, refused, 0)


def _watched(server, measure):
    before = server.processor_seconds()
    result = measure(server)
    server.check()
    result.processor_seconds = server.processor_seconds() - before
    if not result.requests:
        raise Broken(f"{server.name} answered nothing")
    return result


def _row(what, server, rounds, memory):
    def median(value):
        return statistics.median(map(value, rounds))

    slowest = [each.slowest for each in rounds if each.slowest is not None]
    return Row(
        what, server,
        rate=median(lambda each: each.requests / each.seconds),
        microseconds=median(lambda each: 1e6 * each.processor_seconds / each.requests),
        ratio=1,
        busy=median(lambda each: each.processor_seconds / each.seconds),
        slowest=statistics.median(slowest) if slowest else None,
        memory=memory,
        refused=sum(each.refused for each in rounds),
        broken=sum(each.broken for each in rounds))


def _cipher(server):
    with client.connect(server) as connection:
        name, version, _ = connection.cipher()
        return f"{version} {name}"


def _close(connections):
    for connection in connections:
        connection.close()
