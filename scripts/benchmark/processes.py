"""Servers as processes: started on their processor, watched, and ended."""

import os
import pathlib
import resource
import subprocess
import time

SERVER_CPU, CLIENT_CPU = 0, 1

# How long a server may take to start or to end, in seconds.
PATIENCE = 20


class Broken(Exception):
    """Nothing more can be measured."""


def allow_many_files():
    """Lets this process and its children have as many connections as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Server:
    """A server that runs while its `with` block does."""

    name = ""
    #: Whether the URL is https.
    is_tls = False
    #: The port on the loopback interface.
    port = 0

    def start(self, command, log):
        self.log = log
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CPU}))

    def wait_until(self, is_ready):
        """Waits until the server is ready; gives what `is_ready` does then."""
        deadline = time.monotonic() + PATIENCE
        while not (ready := is_ready()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Broken(f"{self.name} does not start: {self.last_words()}")
            time.sleep(0.01)
        return ready

    def last_words(self):
        return pathlib.Path(self.log).read_text(errors="replace")[-2000:].strip() or "it says nothing"

    def check(self):
        """Complains when the server has ended."""
        if self.process.poll() is not None:
            raise Broken(f"{self.name} ended by itself: {self.last_words()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def processor_seconds(self):
        """What the server and its children have spent until now."""
        return sum(_processor_seconds(process) for process in _family(self.process.pid))

    def bytes_written(self):
        """Bytes that it has had written to a disk until now."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/io").read_text().splitlines()
        return int(dict(line.split(": ") for line in lines)["write_bytes"])

    def peak_memory(self):
        """Bytes of memory that it had in use at most."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0]) * 1024

    def memory(self):
        """Bytes of memory in use by the server and its children."""
        return sum(_memory(process) for process in _family(self.process.pid))


def _family(process):
    members = [process]
    for children in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            members += _family(int(child))
    return members


def _processor_seconds(process):
    # The name in parentheses may hold spaces; behind it user and system time are the 12th and 13th word.
    words = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process):
    pages = pathlib.Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
