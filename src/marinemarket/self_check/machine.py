"""What can be judged without opening the market: settings, secret key, folders, disk."""

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
LIKE_OUR_PREFIX = 0.8
"""How alike the beginning of a variable must be to ours to be taken for a slip, from 0 to 1."""


def check_settings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Settings that fit one by one, and may not fit together. (Those that do not fit are refused earlier.)"""
    doubts = [*_doubts(settings), *_misspelt(environment)]
    yield from doubts
    if not doubts:
        yield good("settings", f"the market's address is {settings.public_url}")


def _doubts(settings: Settings) -> Iterator[Finding]:
    if not settings.data.is_absolute():
        yield doubtful(
            "settings",
            f"{PREFIX}DATA is {settings.data}, which depends on the folder that a command starts in",
            f"set {PREFIX}DATA to {settings.data.absolute()}",
        )
    if is_local(settings):
        return
    if not settings.is_secure:
        yield doubtful(
            "settings",
            f"{PREFIX}PUBLIC_URL is {settings.public_url}: passwords travel in the open",
            "put a web server with TLS in front and name its https address; see docs/first-server.md",
        )
    elif not settings.trusted_proxies:
        yield doubtful(
            "settings",
            f"{PREFIX}TRUSTED_PROXIES is not set: all visitors have the address of the web server in "
            "front, and share their limits",
            f"set {PREFIX}TRUSTED_PROXIES to its address, such as 127.0.0.1",
        )


def _misspelt(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that begin almost as ours do: nothing reads them, so nothing complains either."""
    for name in environment:
        beginning, underscore, rest = name.partition("_")
        likeness = OSA.normalized_similarity(beginning, PREFIX.rstrip("_"))
        if underscore and LIKE_OUR_PREFIX <= likeness < 1:
            told = f"did you mean {PREFIX}{rest}?"
            yield doubtful("settings", f"{name} is not a setting, and has no effect", told)


def is_local(settings: Settings) -> bool:
    """Is the market's address one that only this machine reaches?"""
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
            f"{path} is not there",
            "copy it from where you keep it; with another key, second factors and waiting emails cannot "
            "be read, and the links in emails that were sent do not work",
        )
    except (OSError, UnicodeDecodeError) as error:
        return bad(
            "secret key", f"{path} cannot be read: {error}", "restore it from your copy of it"
        )
    if len(key) < SHORTEST_SECRET:
        return bad("secret key", f"{path} is damaged", "restore it from your copy of it")
    if mode & 0o077:
        told = f"chmod 600 {path}"
        return bad("secret key", f"{path} can be read by others than its owner", told)
    return good(
        "secret key", f"{path}, for its owner alone; keep a copy of it apart from the archive"
    )


def check_folder(settings: Settings) -> Finding:
    """The data folder: there, ours, and writable."""
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
        # What another user writes into the folder, the market may not be able to use.
        return bad(
            "data folder",
            f"{data} is {_name_of(owner)}'s, and this command runs as {_name_of(os.geteuid())}",
            f"run it as {_name_of(owner)}; see deploy/marinemarket",
        )
    try:
        with TemporaryFile(dir=data):
            pass
    except OSError as error:
        told = "make room, or mount the disk for writing"
        return bad("data folder", f"{data} cannot be written to: {error.strerror}", told)
    return good("data folder", f"{data.absolute()} is there and can be written to")


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def check_disk(settings: Settings) -> Finding:
    """Room for the data, and for the archive and photos where these are folders of other disks."""
    places = [settings.data, *map(Path, _folders(settings))]
    room = {place: shutil.disk_usage(place).free for place in places if place.is_dir()}
    place = min(room, key=lambda place: room[place])
    told = f"{room[place] / GB:.1f} GB are free on the disk of {place}"
    if room[place] < TOO_LITTLE_ROOM:
        return bad("disk", told, "make room now: a full disk refuses every change")
    if room[place] < LITTLE_ROOM:
        return doubtful("disk", told, "make room soon")
    return good("disk", told)


def _folders(settings: Settings) -> Iterator[str]:
    for place in (settings.backup_place, settings.blobs_place):
        if not place.startswith("s3://"):
            yield place
