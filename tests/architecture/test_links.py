"""Paths of the site are written in `web/`, and in `links.py` for whoever leads people there."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.exceptions import MethodNotAllowedException, NotFoundException

import marinemarket
from marinemarket import links as links_module
from marinemarket.config.settings import Settings
from marinemarket.links import DRAWINGS, LIVENESS, PHOTO_FILES, VIDEO_FILES, Links
from marinemarket.web.app import create_app

SOURCE = Path(marinemarket.__file__).parent

WRITES_PATHS = {"web", "cli", "demo", "links.py"}
"""Where a path of the site may stand."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    return create_app(Settings(data=tmp_path_factory.mktemp("data")))


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The literals of a module with their lines, docstrings left out; what an f-string puts in is ``{}``."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for f in ast.walk(tree) if isinstance(f, ast.JoinedStr) for part in f.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "{}"
                    for part in node.values
                ),
            )
        elif isinstance(node, ast.Constant) and id(node) not in docs | parts:
            yield getattr(node, "lineno", 0), str(node.value)


def _rooms(app: Litestar) -> set[str]:
    """The first parts of the site's paths: ``account``, ``boats``, …"""
    return {route.path.split("/")[1] for route in app.routes} - {""}


def test_no_domain_writes_a_path_of_the_site(app: Litestar) -> None:
    """Take the address from the `Links` that you are given; a new kind of address is a method of it.

    ``values = {"link": links.boat(listing.id, listing.slug)}``, never ``f"/boats/{listing.id}"``:
    so an address is told once, and a test sees that there is a page behind it.
    """
    path_of_site = re.compile(rf"^(\{{\}})?/({'|'.join(map(re.escape, _rooms(app)))})(?=[/?#]|$)")
    found = [
        f"{path.relative_to(SOURCE)}:{line} {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).parts[0] not in WRITES_PATHS
        for line, text in _texts(ast.parse(path.read_text()))
        if path_of_site.match(text)
    ]
    assert found == [], "write these by `links.Links`, which is passed in"


def test_no_email_writes_a_path_of_the_site() -> None:
    """A template is given its addresses: ``{{ public_url }}{{ sold }}``, never ``{{ public_url }}/sell``."""
    written = re.compile(r"\}\}/\w|(href|src)=\"/")
    found = [
        str(path.relative_to(SOURCE))
        for path in sorted((SOURCE / "mail" / "templates").rglob("*.*"))
        if written.search(path.read_text())
    ]
    assert found == []


def _all_links() -> list[tuple[str, str]]:
    """One address of each kind that `Links` makes, by the name of its method."""
    links = Links("https://boats.example")
    made = []
    for name in vars(Links):
        if name.startswith("_") or name in {"absolute", "site"}:
            continue
        method = getattr(links, name)
        values = [f"some-{parameter}" for parameter in inspect.signature(method).parameters]
        made.append((name, method(*values)))
    return made


FILES = [
    ("LIVENESS", LIVENESS),
    ("PHOTO_FILES", f"{PHOTO_FILES}/some-id/1600.jpg"),
    ("VIDEO_FILES", f"{VIDEO_FILES}/some-id.mp4"),
    ("DRAWINGS", f"{DRAWINGS}/sailing/1-0.svg"),
]


@pytest.mark.parametrize(("name", "address"), [*_all_links(), *FILES])
def test_each_address_leads_to_a_handler(app: Litestar, name: str, address: str) -> None:
    """A link in an email must not end in nothing: give the path's handler and `Links` one spelling."""
    path = address.partition("?")[0]
    try:
        app.asgi_router.handle_routing(path=path, method="GET")
    except MethodNotAllowedException:
        # A page's button is pressed there: the address exists, for POST.
        app.asgi_router.handle_routing(path=path, method="POST")
    except NotFoundException:
        pytest.fail(f"{name} leads to {path}, which no handler answers")


def test_the_test_above_knows_each_constant() -> None:
    constants = {name for name in vars(links_module) if name.isupper()}
    through_methods = {"INBOX", "GUEST_THREADS", "STILL_FOR_SALE", "UNSUBSCRIBE"}
    assert constants == through_methods | {name for name, _ in FILES}
