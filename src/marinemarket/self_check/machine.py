"""Checks that do not open the market: settings, secret key, folders, disk."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from rapidfuzz.distance import OSA

from ..config.settings import PREFIX, SHORTEST_SECRET, Settings
from .finding import Finding, bad, doubtful, good

GB = 1_000_000_000
LITTLE_ROOM, TOO_LITTLE_ROOM = 2 * GB, GB // 4
SIMILAR_TO_PREFIX = 0.8
"""How similar a variable's first part must be to ours to count as a typing error, from 0 to 1."""


def check_settings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Settings that are valid one by one but may not fit together. (Invalid ones are refused earlier.)"""
    doubts = [*_doubts(settings), *_misspelt(environment)]
    yield from doubts
    if not doubts:
        yield good("settings", f"the market's public address is {settings.public_url}")


def _doubts(settings: Settings) -> Iterator[Finding]:
    if not settings.data.is_absolute():
        yield doubtful(
            "settings",
            f"{PREFIX}DATA is {settings.data}, which depends on the folder where a command starts",
            f"set {PREFIX}DATA to {settings.data.absolute()}",
        )
    if is_local(settings):
        return
    if not settings.is_secure:
        yield doubtful(
            "settings",
            f"{PREFIX}PUBLIC_URL is {settings.public_url}, so passwords are sent unencrypted",
            "put a web server with TLS in front, and set its https address; see docs/first-server.md",
        )
    elif not settings.trusted_proxies:
        yield doubtful(
            "settings",
            f"{PREFIX}TRUSTED_PROXIES is not set, so all visitors seem to come from the web server in "
            "front, and share one rate limit",
            f"set {PREFIX}TRUSTED_PROXIES to its address, such as 127.0.0.1",
        )


def _misspelt(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that begin almost like ours: since nothing reads them, nothing else reports them."""
    for name in environment:
        beginning, underscore, rest = name.partition("_")
        similarity = OSA.normalized_similarity(beginning, PREFIX.rstrip("_"))
        if underscore and SIMILAR_TO_PREFIX <= similarity < 1:
            hint = f"did you mean {PREFIX}{rest}?"
            yield doubtful("settings", f"{name} is not a setting, and has no effect", hint)


def is_local(settings: Settings) -> bool:
    """Whether the public address can be reached from this machine only."""
    host = urlsplit(settings.public_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_secret_key(settings: Settings) -> Finding:
    if settings.secret_key:
        return good("secret key", f"{PREFIX}SECRET_KEY is set")
    path = settings.data / "secret-key"
    try:
        key, mode = path.read_text(), stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return bad(
            "secret key",
            f"{path} is missing",
            "restore it from your copy; with another key, second factors and unsent emails cannot be "
            "read, and links in emails that were sent do not work",
        )
    except (OSError, UnicodeDecodeError) as error:
        return bad("secret key", f"{path} cannot be read: {error}", "restore it from your copy")
    if len(key) < SHORTEST_SECRET:
        return bad("secret key", f"{path} is damaged", "restore it from your copy")
    if mode & 0o077:
        todo = f"run chmod 600 {path}"
        return bad("secret key", f"{path} can be read by users other than its owner", todo)
    return good(
        "secret key", f"only its owner can read {path}; keep a copy of it apart from the archive"
    )


def check_folder(settings: Settings) -> Finding:
    """Whether the data folder exists, belongs to this user and is writable."""
    data = settings.data
    try:
        owner = data.stat().st_uid
    except OSError as error:
        return bad(
            "data folder",
            f"{data.absolute()} cannot be used: {error.strerror}",
            f"set {PREFIX}DATA to the market's folder; `marinemarket serve` makes a new market",
        )
    if owner != os.geteuid():
        # The market may not be able to use what another user writes into the folder.
        return bad(
            "data folder",
            f"{data} belongs to {_name_of(owner)}, but this command runs as {_name_of(os.geteuid())}",
            f"run it as {_name_of(owner)}; see deploy/marinemarket",
        )
    try:
        with TemporaryFile(dir=data):
            pass
    except OSError as error:
        todo = "free some space, or mount the disk read-write"
        return bad("data folder", f"{data} cannot be written to: {error.strerror}", todo)
    return good("data folder", f"{data.absolute()} exists and is writable")


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def check_disk(settings: Settings) -> Finding:
    """Free space for the data, and for the archive and photos where they are on other disks."""
    places = [settings.data, *map(Path, _folders(settings))]
    room = {place: shutil.disk_usage(place).free for place in places if place.is_dir()}
    place = min(room, key=lambda place: room[place])
    message = f"{room[place] / GB:.1f} GB free on the disk of {place}"
    if room[place] < TOO_LITTLE_ROOM:
        return bad("disk", message, "free some space now: on a full disk every change fails")
    if room[place] < LITTLE_ROOM:
        return doubtful("disk", message, "free some space soon")
    return good("disk", message)


def _folders(settings: Settings) -> Iterator[str]:
    for place in (settings.backup_place, settings.blobs_place):
        if not place.startswith("s3://"):
            yield place
