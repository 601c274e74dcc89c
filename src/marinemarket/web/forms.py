"""Forms on pages: submitted values, validation errors, and redirects afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from litestar.response import Redirect

from ..composition import Market
from ..errors import Invalid, MarketError
from ..text import sentence
from .security.access import AnyRequest, form_of, form_token_of
from .unsent import SECRETS

LONGEST_FIELD = 20_000
"""A field that is longer is cut to so many characters; that it is too long is told well before."""
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Form:
    """What a form's template needs. `errors` are by field; `message` is what no field is to blame for."""

    token: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    message: str = ""

    @classmethod
    def of(cls, request: AnyRequest, market: Market, **values: str | None) -> Form:
        """An empty form, or one with some values in it."""
        known = {name: value for name, value in values.items() if value is not None}
        return cls(form_token_of(request, market), known)

    def refused(self, sent: Mapping[str, str], error: MarketError) -> Form:
        """The form again, with what was sent and why it was not taken."""
        values = {name: value for name, value in sent.items() if name not in SECRETS}
        if not isinstance(error, Invalid):
            return Form(self.token, {**self.values, **values}, message=sentence(str(error)))
        errors = {one.field: sentence(one.message) for one in error.errors}
        return Form(self.token, {**self.values, **values}, errors)


async def sent_form(request: AnyRequest) -> dict[str, str]:
    """What a form holds, each field once and as text."""
    form = await form_of(request)
    return {name: value[:LONGEST_FIELD] for name, value in form.items() if isinstance(value, str)}


async def sent_whole(request: AnyRequest, name: str) -> str:
    """One field as it was sent, however long."""
    value = (await form_of(request)).get(name, "")
    return value if isinstance(value, str) else ""


def own_address(wanted: str, otherwise: str) -> str:
    """Where somebody wanted to go, if that is on this site.

    An address of another host is none, however it is dressed: ``//evil``, ``/\\evil``, a scheme.
    """
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    is_ours = (
        wanted.isprintable()
        and not parts.scheme
        and not parts.netloc
        and wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
        and "\\" not in wanted
        and len(wanted) <= LONGEST_ADDRESS
    )
    return wanted if is_ours else otherwise


def seen_other(address: str) -> Redirect:
    """On to another page after a form was taken, so that loading it again sends nothing again."""
    return Redirect(address, status_code=303)
