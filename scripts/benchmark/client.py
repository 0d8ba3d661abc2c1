"""A client that speaks just enough HTTP, for what wrk can't do."""

import socket
import ssl
import threading
import time

from benchmark.processes import Broken
from benchmark.servers import PATH, TOKEN

TIMEOUT = 10


def _context():
    # Whom it talks to is known: checking certificates would only slow this side down.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


CONTEXT = _context()


def connect(server):
    """A new connection, its TLS handshake done: a full one, since each has a session of its own."""
    connection = socket.create_connection(("127.0.0.1", server.port), TIMEOUT)
    if server.is_tls:
        connection = CONTEXT.wrap_socket(connection, server_hostname="localhost")
    return connection


def post(alert, token=TOKEN, closing=True):
    """The bytes of a request that hands over an alert."""
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(alert)}\r\n"
        f"Connection: {'close' if closing else 'keep-alive'}\r\n\r\n")
    return head.encode() + alert


def exchange(server, request):
    """The status of the answer to one request on a connection of its own."""
    with connect(server) as connection:
        connection.sendall(request)
        answer = b""
        while more := connection.recv(65536):
            answer += more
    return _status(answer)


def exchange_many(server, requests, seconds, threads=8):
    """Exchanges side by side until time is over, a connection for each request: the statuses."""
    deadline = time.monotonic() + seconds
    statuses, failures = [], []
    turn = threading.Lock()

    def work():
        try:
            while time.monotonic() < deadline:
                with turn:  # A generator serves one at a time.
                    request = next(requests)
                statuses.append(exchange(server, request))
        except OSError as failure:
            failures.append(failure)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise Broken(f"{server.name}: {failures[0]}")
    return statuses


def idle_connections(server, request, count):
    """Kept connections, each after this one request."""
    kept = []
    for _ in range(count):
        connection = connect(server)
        connection.sendall(request)
        answer = b""
        # It ends with nginx's last chunk, or with Warnbell's JSON.
        while not answer.endswith((b"0\r\n\r\n", b"}")):
            more = connection.recv(65536)
            if not more:
                raise Broken(f"{server.name} closed connection {len(kept) + 1}")
            answer += more
        if _status(answer) != 202:
            raise Broken(f"{server.name} answered {_status(answer)} on connection {len(kept) + 1}")
        # Only the connection is kept, not what this side needs to speak TLS on it.
        kept.append(socket.socket(fileno=connection.detach()))
    return kept


def _status(answer):
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) == 3 else 0
