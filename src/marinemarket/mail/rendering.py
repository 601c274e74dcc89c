"""Renders an email from its template: a folder of `subject.txt`, `body.txt` and `body.html`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ..i18n.jinja import install
from ..links import Links
from ..text import clean_line

TEMPLATES = Path(__file__).parent / "templates"
PATHS = ("link", "unsubscribe")
"""The values that are paths of this site."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered email. A text message has no subject and no HTML."""

    subject: str
    text: str
    html: str | None


def render(template: str, values: Mapping[str, Any], *, links: Links, market_name: str) -> Rendered:
    """Render a template with its values. Values named in PATHS become addresses.

    Raises jinja2.UndefinedError for a missing value.
    """
    known = {
        **values,
        "public_url": links.site,
        "market_name": market_name,
        "reset": links.absolute(links.password_reset()),
    }
    known |= {name: links.absolute(values[name]) for name in PATHS if name in values}
    folder = TEMPLATES / template
    is_mail = (folder / "subject.txt").exists()
    environment = _environment()
    subject = environment.get_template(f"{template}/subject.txt").render(known) if is_mail else ""
    return Rendered(
        subject=clean_line(subject),
        text=environment.get_template(f"{template}/body.txt").render(known).strip() + "\n",
        html=environment.get_template(f"{template}/body.html").render(known) if is_mail else None,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install(environment)
    return environment
