"""The listening socket: our own, or one that systemd holds while the market restarts."""

from __future__ import annotations

import errno
import os
import socket
import time
from contextlib import suppress
from ipaddress import ip_address

from ..errors import Unavailable

PORT_PATIENCE = 5
BACKLOG = 512
_FIRST_GIVEN = 3
"""The first descriptor that systemd passes on (sd_listen_fds(3))."""


def listening_on(host: str, port: int) -> socket.socket:
    """The socket that systemd passes on, whatever its address; else one of our own on `host` and `port`.

    Raises Unavailable.
    """
    return given_socket() or _bound(host, port)


def given_socket() -> socket.socket | None:
    """The socket that systemd passes on, if this process was started for one.

    Raises Unavailable if it is not one for connections by IP.
    """
    count, process = os.environ.pop("LISTEN_FDS", ""), os.environ.pop("LISTEN_PID", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if process != str(os.getpid()) or not count.isdecimal() or int(count) == 0:
        return None
    if int(count) > 1:
        raise Unavailable("systemd passes on several sockets; give marinemarket.socket one address")
    try:
        given = socket.socket(fileno=_FIRST_GIVEN)
        is_listening = given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        raise Unavailable(f"the socket from systemd cannot be used: {error.strerror}") from None
    if given.family not in (socket.AF_INET, socket.AF_INET6) or not is_listening:
        raise Unavailable("the socket from systemd must listen on an IP address and a port")
    given.set_inheritable(False)
    return given


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket. Children of a parent just killed may still hold the port for a moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(BACKLOG)
        except OSError as error:
            listening.close()
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                reason = error.strerror or str(error)
                raise Unavailable(f"cannot listen on {host}:{port}: {reason}") from None
            time.sleep(0.2)
        else:
            return listening


def address_of(listening: socket.socket, host: str | None = None) -> str:
    """The site's address by this socket; `host` is how the operator named it.

    All addresses of a machine are not one that can be opened: then it is the machine's own.
    """
    bound, port = listening.getsockname()[:2]
    named = host if host and not is_any(host) else bound
    if is_any(named):
        named = "::1" if listening.family == socket.AF_INET6 else "127.0.0.1"
    return f"http://{f'[{named}]' if ':' in named else named}:{port}"


def is_any(host: str) -> bool:
    """Does it mean all addresses of the machine?"""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return host == ""


def notify(state: str) -> None:
    """Tell systemd, if it waits to be told (sd_notify(3))."""
    place = os.environ.get("NOTIFY_SOCKET")
    if not place:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, suppress(OSError):
        told.connect(f"\0{place[1:]}" if place.startswith("@") else place)
        told.sendall(state.encode())
