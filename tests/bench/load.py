"""A load client that costs little itself: bare sockets on loopback, requests made beforehand."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode


def get(path: str, host: str) -> bytes:
    """A GET request as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n\r\n".encode()


def post(path: str, host: str, cookie: str, form: dict[str, str]) -> bytes:
    """A form as bytes."""
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _answer(connection: socket.socket) -> tuple[int, int]:
    """Read one answer; gives its status and the length of its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        got = connection.recv(65536)
        if not got:
            raise ConnectionError("the server closed the connection")
        data += got
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return int(head.split(b" ", 2)[1]), length


def run(port: int, requests: list[bytes], clients: int, expect: int) -> float:
    """Send all `requests` over `clients` kept-alive connections; gives requests a second.

    Raises AssertionError where an answer has another status than `expect`.
    """
    shares = [requests[index::clients] for index in range(clients)]
    barrier = threading.Barrier(clients + 1)

    def work(mine: list[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            barrier.wait()
            for one in mine:
                connection.sendall(one)
                status, _ = _answer(connection)
                assert status == expect, f"{status} instead of {expect}: {one[:80]!r}"

    with ThreadPoolExecutor(clients) as pool:
        jobs = [pool.submit(work, share) for share in shares]
        barrier.wait()
        start = time.perf_counter()
        for job in jobs:
            job.result()
        return len(requests) / (time.perf_counter() - start)
