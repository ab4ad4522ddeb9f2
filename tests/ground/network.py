"""No test reaches beyond this machine: every socket and every name look-up of this process is watched.

An audit hook sees connections whatever library makes them and cannot be forgotten by a test. A connection
that a test swallows (a `try … except OSError` around a send, say) still fails the test, at its end.
"""

import ipaddress
import socket
import sys

import pytest

_seen: list[str] = []
_LOCAL_NAMES = {"", "localhost", "ip6-localhost", "localhost.localdomain"}


class BeyondLoopback(OSError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Whether a host, as `connect` or `getaddrinfo` takes it, is loopback (or a wildcard to bind)."""
    if host is None:
        return True
    name = (host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)).lower().rstrip(".")
    if name in _LOCAL_NAMES or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(where: str) -> None:
    _seen.append(where)
    raise BeyondLoopback(f"A test tried to reach {where}; tests stay on this machine.")


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        sock, address = args[0], args[1]
        internet = getattr(sock, "family", None) in (socket.AF_INET, socket.AF_INET6)
        if internet and isinstance(address, tuple) and not is_local(address[0]):
            _refuse(f"{address[0]}:{address[1]}")
    elif event == "socket.getaddrinfo" and not is_local(args[0]):
        _refuse(str(args[0]))


def pytest_configure() -> None:
    """Once a process; an audit hook cannot be taken out again."""
    if not getattr(sys, "_tests_stay_on_this_machine", False):
        sys.addaudithook(_watch)
        sys._tests_stay_on_this_machine = True  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _on_this_machine():
    before = len(_seen)
    yield
    reached = _seen[before:]
    if reached:
        pytest.fail(f"Reached beyond this machine: {', '.join(reached)}")
