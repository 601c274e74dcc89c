"""What a letter says, from its template: a folder of `subject.txt`, `body.txt` and `body.html`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ..text import clean_line

TEMPLATES = Path(__file__).parent / "templates"
RESET = "/account/reset"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words. A text message has no subject and no HTML."""

    subject: str
    text: str
    html: str | None


def render(
    template: str, values: Mapping[str, str], *, public_url: str, market_name: str
) -> Rendered:
    """A letter of a template with its values. `link`, a path of this site, becomes an address.

    Raises jinja2.UndefinedError for a value that is missing.
    """
    known = {
        **values,
        "public_url": public_url,
        "market_name": market_name,
        "reset": f"{public_url}{RESET}",
    }
    if "link" in values:
        known["link"] = f"{public_url}{values['link']}"
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
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
