"""What somebody typed and we could not take: it goes back to them with the answer.

A handler declares which of its form's fields hold words, ``keeps=KeptForm(…)``, or that its form carries
words on their way through the sign-in, ``carries=True``. Whatever refuses the
request then (no session, an old token, a limit, a store that is away, a boat that has gone), the answer
shows the words again, to be sent again or copied. The server stores none of them: they travel in the
answer, and through the sign-in in a field that is sealed, so that no other site can put words there.

Nothing is ever sent by itself. A form that is shown again carries a token of its own, says what it
would send, and waits for its button.
"""

from __future__ import annotations

import hmac
import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Message, Scope

from ..errors import TooLarge
from ..i18n.texts import gettext as _
from .security.cookies import (
    account_in,
    account_mark,
    hidden_name,
    receipts_cookie,
    receipts_name,
)
from .security.strict_bodies import BodyRequest
from .security.strict_forms import MOST_FIELDS, url_encoded_fields

AnyRequest = Request[Any, Any, Any]
Pairs = list[tuple[str, str]]

CARRIED = "unsent"
"""The field that carries the words through the sign-in."""
SECRETS = frozenset({"password", "new_password", "code", "csrf_token", "challenge"})
"""Fields that are never shown again once they were sent."""
_ASKED_AGAIN = ("password", "new_password")
_LONGEST_LINE = 100
_LARGEST_OPENED = 4_000_000


Choices = Mapping[str, tuple[str, Mapping[str, str]]]
"""By the name of a field that is ticked or chosen: its label, and those of its values."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """How a form is shown again: the address of its page, and the labels of the fields with words.

    `page` may name parameters of the form's own address, such as ``/boats/{listing_id}``. `labels` are
    marked texts, or a function that gives translated ones. `choices` gives the fields that are ticked or
    chosen, to be shown as what goes along. Where what the words were for has gone,
    `anew` is where they can begin something new, and `anew_label` is its button.
    """

    page: str
    labels: Mapping[str, str] | Callable[[], Mapping[str, str]]
    choices: Callable[[], Choices] = dict
    anew: str = ""
    anew_label: str = ""

    def named(self) -> Mapping[str, str]:
        """The labels in the language of the site."""
        if callable(self.labels):
            return self.labels()
        return {name: _(label) for name, label in self.labels.items()}

    def chosen(self, sent: Pairs) -> list[str]:
        """What was ticked and chosen, as a reader says it: ``Condition: Good``."""
        known = self.choices()
        ticks, chosen = [], dict[str, list[str]]()
        for name, value in sent:
            label, values = known.get(name, ("", {}))
            if label and value == "yes":
                ticks.append(label)
            elif label and value:
                chosen.setdefault(label, []).append(values.get(value, value))
        return [*(f"{label}: {', '.join(texts)}" for label, texts in chosen.items()), *ticks]


@dataclass(frozen=True, slots=True)
class UnsentField:
    """One field that is shown again."""

    name: str
    label: str
    value: str

    @property
    def is_long(self) -> bool:
        return len(self.value) > _LONGEST_LINE or "\n" in self.value


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was not taken, for ``_unsent.html``: where it goes, and what it held.

    `words` are shown; `others` (ticks, choices, versions) go along, and `choices` says those that mean
    something to people. `asks` are secrets, to be typed again. `page` is where the form stands.
    `account` is the mark of the account that the form was shown to; empty for a visitor's.
    """

    action: str
    page: str
    words: list[UnsentField]
    others: Pairs
    asks: list[str]
    anew: str = ""
    anew_label: str = ""
    choices: list[str] = field(default_factory=list)
    account: str = ""

    def is_of_another(self, key: str, user_id: str | None) -> bool:
        """Whether somebody wrote this whom this account is not."""
        return bool(self.account and user_id) and self.account != account_mark(key, user_id or "")

    def sealed(self, key: str) -> str:
        """All of it in one field, which only this market can have made."""
        content = {
            "action": self.action,
            "page": self.page,
            "words": [[one.name, one.label, one.value] for one in self.words],
            "others": self.others,
            "asks": self.asks,
            "anew": [self.anew, self.anew_label],
            "choices": self.choices,
            "account": self.account,
        }
        packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 6)
        return urlsafe_b64encode(_mark(key, packed) + packed).decode()


def opened(key: str, sealed: str) -> Unsent | None:
    """What `Unsent.sealed` made; None for anything else."""
    try:
        given = urlsafe_b64decode(sealed.encode())
    except ValueError:
        return None
    mark, packed = given[:32], given[32:]
    if not packed or not hmac.compare_digest(mark, _mark(key, packed)):
        return None
    content = json.loads(zlib.decompressobj().decompress(packed, _LARGEST_OPENED))
    return Unsent(
        action=content["action"],
        page=content["page"],
        words=[UnsentField(*one) for one in content["words"]],
        others=[(name, value) for name, value in content["others"]],
        asks=content["asks"],
        anew=content["anew"][0],
        anew_label=content["anew"][1],
        choices=content["choices"],
        account=content["account"],
    )


def _mark(key: str, packed: bytes) -> bytes:
    return hmac.new(key.encode(), b"unsent words " + packed, sha256).digest()


async def read_words(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """A guard before all that may refuse a request: read the form now, so that any answer has it.

    A body that cannot be read is for whoever needs it to refuse. One that is too large is refused,
    but what arrived of it can still be shown.
    """
    if handler.opt.get("keeps") is None and not handler.opt.get("carries"):
        return
    request = BodyRequest(connection.scope, connection.receive)
    if request.content_type[0] != RequestEncodingType.URL_ENCODED:
        return
    state: dict[str, Any] = connection.scope["state"]
    try:
        form = await request.form()
        state["unsent_fields"] = [(name, str(value)) for name, value in form.multi_items()]
    except TooLarge:
        state["unsent_fields"] = url_encoded_fields(await request.body(), most=MOST_FIELDS)
    except (HTTPException, UnicodeDecodeError):
        return


def unsent_of(request: AnyRequest) -> Unsent | None:
    """What a refused request wanted to send, if its form has words and holds any.

    None as well if another account wrote it than the one that is signed in by now.
    """
    return None if of_another_account(request) else _written_in(request)


def of_another_account(request: AnyRequest) -> bool:
    """Whether the form of this request was shown to another account, and holds words."""
    unsent, user_id = _written_in(request), request.scope.get("state", {}).get("user_id")
    key = request.app.state.market.secret_key
    return unsent is not None and unsent.is_of_another(key, user_id)


def _written_in(request: AnyRequest) -> Unsent | None:
    found: Pairs | None = request.scope.get("state", {}).get("unsent_fields")
    handler: Any = request.scope.get("route_handler")
    kept: KeptForm | None = handler.opt.get("keeps") if handler else None
    if not found:
        return None
    # A form on the way through the sign-in: what it carries is what somebody wants to send.
    carried = opened(request.app.state.market.secret_key, dict(found).get(CARRIED, ""))
    if carried is not None or kept is None:
        return carried
    labels = kept.named()
    words = [
        UnsentField(name, labels[name], value)
        for name, value in found
        if name in labels and value.strip()
    ]
    if not words:
        return None
    sent = dict(found)
    path = str(request.scope["path"])
    return Unsent(
        action=f"{path}?{request.url.query}".removesuffix("?"),
        page=page_of(request, kept),
        words=words,
        others=[
            (name, value)
            for name, value in found
            if name not in SECRETS and not (name in labels and value.strip())
        ],
        asks=[name for name in _ASKED_AGAIN if name in sent],
        anew=kept.anew,
        anew_label=_(kept.anew_label) if kept.anew_label else "",
        choices=kept.chosen(found),
        account=account_in(sent.get("csrf_token", "")),
    )


def page_of(request: AnyRequest, kept: KeptForm) -> str:
    """The address of a form's page; what stands behind its ``?`` is the field that holds its query."""
    found: Pairs = request.scope.get("state", {}).get("unsent_fields") or []
    page = kept.page
    for name, value in request.scope.get("path_params", {}).items():
        page = page.replace(f"{{{name}}}", str(value))
    path, _mark, field = page.partition("?")
    query = dict(found).get(field, "") if field else ""
    return f"{path}?{query}" if query else path


def page_before(request: AnyRequest, host: str) -> str:
    """The path of the page that a form was sent from, as the browser says; empty if it does not."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.netloc != host or not parts.path.startswith("/"):
        return ""
    return f"{parts.path}?{parts.query}".removesuffix("?")


# -- Scripts ---------------------------------------------------------------------------------------

_RECEIPT = re.compile(r"[A-Za-z0-9]{8,40}")
_MOST_RECEIPTS = 8
_VISITOR = "a visitor"


def kept_as(context: Mapping[str, Any], address: str) -> str:
    """For templates: under which name a browser keeps what is typed into a form, ``whose.form``.

    It tells neither who it is nor where the form stands: addresses of visitors' conversations are
    secrets, and nobody else who signs in on this browser may see the words. For somebody who is
    signed in, a second name is the one it had before: what was typed in the same tab is theirs.
    """
    request: AnyRequest = context["request"]
    user_id = request.scope["state"].get("user_id")
    key: str = request.app.state.market.secret_key
    names = [_name_of_form(key, _VISITOR, address)]
    if user_id:
        names.insert(0, _name_of_form(key, user_id, address))
    return " ".join(names)


def kept_by(key: str, user_id: str | None) -> str:
    """Whose words a browser keeps, as its names of forms begin."""
    return account_mark(key, user_id) if user_id else hidden_name(key, _VISITOR)


def kept_receipt(context: Mapping[str, Any]) -> str:
    """For templates: the receipt that a form brought, for the next form that goes on from it."""
    found: Pairs = context["request"].scope["state"].get("unsent_fields") or []
    return dict(found).get("kept", "")


def _name_of_form(key: str, whose: str, address: str) -> str:
    return f"{hidden_name(key, whose)}.{hidden_name(key, f'{whose} {address}')}"


async def confirm_words(message: Message, scope: Scope) -> None:
    """A hook on each answer: tell the browser's script which of the words it keeps we have taken.

    Only a redirect says so: an answer that shows the form again has not taken it.
    """
    if message["type"] != "http.response.start" or message["status"] != 303:
        return
    found: Pairs = scope.get("state", {}).get("unsent_fields") or []
    receipt = dict(found).get("kept", "")
    headers = MutableScopeHeaders.from_message(message)
    if not _RECEIPT.fullmatch(receipt) or "/account/sign-in" in headers.get("Location", ""):
        return
    settings = scope["app"].state.market.settings
    request: AnyRequest = Request(scope)
    known = request.cookies.get(receipts_name(settings), "").split(".")
    receipts = [one for one in known if _RECEIPT.fullmatch(one)][-_MOST_RECEIPTS + 1 :]
    cookie = receipts_cookie(settings, ".".join([*receipts, receipt]))
    headers.add("Set-Cookie", cookie.to_header(header=""))
