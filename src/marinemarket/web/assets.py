"""URLs of the files in ``static/``, and what a page loads to run its scripts.

Every URL carries a hash of its file, so browsers can cache files for a year and still get new
versions. A module imports others without that hash (``import "./messages.js"``); the page's import
map translates them. A template lists the page's modules: ``{% set scripts = ["results", "hearts"]
%}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from litestar.types import ASGIApp, Receive, Scope, Send

from ..clock import DAY_SECONDS
from .security.caching import ASKED_EACH_TIME, FOR_EVER, OPTION

STATIC = Path(__file__).parent / "static"

_IMPORT = re.compile(r'^import (?:[^"]*from )?"\./([^"]+)";', re.MULTILINE)
_LATER = re.compile(r'import(?:\.meta\.resolve)?\("\./([^"]+)"\)')
_MESSAGES = re.compile(r'messagesFor\("(\w+)"\)')


@cache
def asset_address(name: str) -> str:
    """The URL of a file in ``static/``, which changes with its content."""
    path = STATIC / name
    if not path.is_file():
        return f"/static/{name}"
    content = blake2b(path.read_bytes(), digest_size=6).hexdigest()
    return f"/static/{name}?{content}"


@dataclass(frozen=True, slots=True)
class ScriptBundle:
    """What a page's head needs for its modules."""

    modules: tuple[str, ...]
    """URLs of the modules and their imports, to preload."""
    import_map: Mapping[str, Mapping[str, str]]
    """The page's import map: the URL with hash of every module it imports."""
    messages: tuple[str, ...]
    """The groups of messages that the modules show (`presentation/script_messages.py`)."""


def script_bundle(names: Iterable[str]) -> ScriptBundle:
    """What a page needs for some modules, each named without ``.js``."""
    return _bundle(tuple(f"{name}.js" for name in names))


@cache
def _bundle(modules: tuple[str, ...]) -> ScriptBundle:
    at_once = _reachable(modules, _IMPORT)
    everything = _reachable(modules, _IMPORT, _LATER)
    named = [name for name in everything if name not in modules]
    texts = [_source(name) for name in everything]
    return ScriptBundle(
        modules=tuple(asset_address(name) for name in at_once),
        import_map={"imports": {f"/static/{name}": asset_address(name) for name in named}},
        messages=tuple(dict.fromkeys(group for text in texts for group in _MESSAGES.findall(text))),
    )


def _reachable(names: Iterable[str], *patterns: re.Pattern[str]) -> tuple[str, ...]:
    """These modules and everything they import, directly or not."""
    found = dict.fromkeys(names)
    waiting = list(found)
    while waiting:
        for name in _named_in(_source(waiting.pop()), patterns):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return tuple(found)


def _named_in(source: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[str]:
    for pattern in patterns:
        yield from pattern.findall(source)


def _source(name: str) -> str:
    """A module's source; libraries, data and styles import nothing of ours."""
    is_ours = name.endswith(".js") and "/" not in name
    return (STATIC / name).read_text() if is_ours else ""


def cached_for_long(app: ASGIApp) -> ASGIApp:
    """Middleware that lets caches keep a file for a year, where its URL has the hash of its content.

    A browser without import maps requests imported modules without their hash, and asks each time
    whether they have changed. Other files, such as typefaces, seldom do.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].removeprefix("/static/")
        asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        if name in _files() and asked == asset_address(name):
            seconds = FOR_EVER
        else:
            seconds = ASKED_EACH_TIME if name.endswith((".js", ".css")) else DAY_SECONDS
        scope["state"][OPTION] = seconds
        await app(scope, receive, send)

    return answer


@cache
def _files() -> frozenset[str]:
    return frozenset(str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file())
