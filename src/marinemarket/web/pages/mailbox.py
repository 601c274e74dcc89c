"""Shows the emails that would be sent, for anybody who tries the market on their own machine.

They hold links that sign people in. They are shown only without a mail server, on a site that runs
on this machine, and to visitors on this machine.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from ...composition import Market
from ...errors import NotFound
from ...mail.mailbox import SavedEmail, find_saved_email, saved_emails
from ..dependencies import CurrentMarket
from ..metrics import is_local
from ..security.access import AnyRequest

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """All that ``mailbox.html`` uses."""

    letters: list[SavedEmail]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a letter, and where they lead, if they are an address."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class EmailPage:
    """All that ``email.html`` uses."""

    letter: SavedEmail
    pieces: list[Piece]


@get("/mail", include_in_schema=False, open_to_all=True)
async def show_mailbox(request: AnyRequest, market: CurrentMarket) -> Template:
    _demand_own_machine(request, market)
    found = await asyncio.to_thread(saved_emails, market.settings.emails_folder)
    page = MailboxPage(found)
    return Template("mailbox.html", context={"page": page}, headers=_HEADERS)


@get("/mail/{letter_id:str}", include_in_schema=False, open_to_all=True)
async def show_letter(
    letter_id: FromPath[str], request: AnyRequest, market: CurrentMarket
) -> Template:
    _demand_own_machine(request, market)
    found = await asyncio.to_thread(find_saved_email, market.settings.emails_folder, letter_id)
    if found is None:
        raise NotFound("letter", letter_id)
    page = EmailPage(found, _pieces(found.text, market.settings.public_url))
    return Template("email.html", context={"page": page}, headers=_HEADERS)


def _demand_own_machine(request: AnyRequest, market: Market) -> None:
    settings = market.settings
    # The host that was asked for as well: a page elsewhere may have its name point to this machine.
    asked = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    hosts = (urlsplit(settings.public_url).hostname, asked)
    is_ours = settings.smtp_url is None and all(_is_this_machine(host or "") for host in hosts)
    if not is_ours or not is_local(request):
        raise NotFound("page", "mail")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _pieces(text: str, public_url: str) -> list[Piece]:
    """A letter in pieces, its addresses on this site leading to where the reader is now."""
    parts = re.split(rf"({re.escape(public_url)}\S*)", text)
    return [
        Piece(part, part.removeprefix(public_url) or "/" if number % 2 else "")
        for number, part in enumerate(parts)
    ]
