"""The people of a story. What they do goes over HTTP, from a browser and an address of their own.

Each verb is one request (or the few that a person needs for it), takes a minute of the story's time,
and raises `Declined` if the market says no.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from .mailbox import Letter, Mailbox

if TYPE_CHECKING:
    from .market import StoryMarket
    from .members import Member
    from .moderators import Moderator

API = "/api/v1"
PASSWORD = "tidal rudder walnut forty"
_SIGNED_OUT = 401


class Declined(Exception):
    """The market's answer to what is not possible."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status, self.answer = answer.status_code, answer
        super().__init__(
            f"{answer.request.method} {answer.request.url.path}: {self.status} {answer.text}"
        )


@contextmanager
def declined(status: int, words: str = "") -> Iterator[None]:
    """What happens in the block is declined with this status, and these words in the answer."""
    with pytest.raises(Declined) as caught:
        yield
    assert caught.value.status == status, caught.value
    assert words in html.unescape(caught.value.answer.text), caught.value


@dataclass(frozen=True, slots=True)
class Boat:
    """An advert, as people know it: by its address."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said about a boat, known by its id; `state` is how the last message stood."""

    id: str
    state: str


@dataclass
class Account:
    """What somebody knows to sign in."""

    email: str
    password: str = PASSWORD
    authenticator: str = ""
    recovery_codes: list[str] = field(default_factory=list)


class Visitor:
    """Anybody with a browser and a mailbox."""

    def __init__(self, market: StoryMarket, name: str, email: str) -> None:
        self.market, self.name = market, name
        self.account = Account(email)
        self.mailbox = Mailbox(market.mail, email)
        self.browser = market.client(name)

    def __repr__(self) -> str:
        return self.name

    @property
    def email(self) -> str:
        return self.account.email

    # -- Requests ----------------------------------------------------------------------------------

    async def call(self, method: str, path: str, **how: Any) -> Any:
        """Ask the API; what it answers. Raises Declined."""
        answer = await self.browser.request(method, f"{API}{path}", **self._credentials(how))
        if answer.status_code == _SIGNED_OUT and await self.signs_in_again():
            answer = await self.browser.request(method, f"{API}{path}", **self._credentials(how))
        if method != "GET":
            await self.market.a_moment()
        if answer.is_error:
            raise Declined(answer)
        return answer.json() if answer.content else None

    def _credentials(self, how: dict[str, Any]) -> dict[str, Any]:
        return how

    async def signs_in_again(self) -> bool:
        """Whoever is asked to sign in does so, if they have an account."""
        return False

    async def visits(self, address: str) -> httpx.Response:
        """A page, at the end of its redirects; whatever its status. A full address of a letter works."""
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return await self.browser.get(path, follow_redirects=True)

    async def reads(self, address: str) -> str:
        """The text of a page as its reader sees it. Raises Declined."""
        answer = await self.visits(address)
        if answer.is_error:
            raise Declined(answer)
        return text_of(answer.text)

    async def sends(self, page: str, action: str = "", **fields: Any) -> str:
        """Open a page and send its form to `action` (by default the page itself); the page after that.

        Raises Declined.
        """
        form = await self.visits(page)
        if form.is_error:
            raise Declined(form)
        token = re.search(r'name="csrf_token" value="([^"]+)"', form.text)
        text = {**({"csrf_token": token[1]} if token else {}), **fields}
        parts = urlsplit(action or page)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = await self.browser.post(path, data=text, follow_redirects=True)
        await self.market.a_moment()
        if answer.is_error:
            raise Declined(answer)
        return text_of(answer.text)

    # -- Looking for boats -------------------------------------------------------------------------

    async def finds(self, **filters: Any) -> list[str]:
        """The titles of the boats that a search finds; the filters are the API's."""
        found = await self.call("POST", "/search", json={"limit": 100, **filters})
        return [boat["title"] for boat in found["results"]]

    async def sees(self, boat: Boat) -> bool:
        """Is there a page of this boat for them?"""
        answer = await self.visits(f"/boats/{boat.id}")
        assert answer.status_code in (200, 404, 410), answer.text
        return answer.is_success

    async def advert(self, boat: Boat) -> dict[str, Any]:
        """What the API shows them of a boat. Raises Declined."""
        shown: dict[str, Any] = await self.call("GET", f"/listings/{boat.id}")
        return shown

    # -- Writing -----------------------------------------------------------------------------------

    async def asks(self, boat: Boat, words: str) -> Conversation:
        """Write to a seller. Somebody without an account then waits for a letter: see `confirms`."""
        payload = {"message": words} | self._introduction()
        sent = await self.call("POST", f"/listings/{boat.id}/inquiries", json=payload)
        return Conversation(sent["id"], sent["state"])

    def _introduction(self) -> dict[str, str]:
        return {"name": self.name, "email": self.email}

    async def confirms(self) -> str:
        """Confirm that one has written, by the link in the latest letter; the address of the thread."""
        link = self.mailbox.latest.link("/messages/")
        await self.sends(link, f"{urlsplit(link).path}/confirmation")
        return link

    async def answers_by_email(self, letter: Letter, words: str, *, sender: str = "") -> str:
        """Answer a letter in one's mail program; what the market did with it."""
        mail = EmailMessage()
        mail["From"], mail["To"] = sender or self.email, letter.answer_to
        mail["Subject"] = f"Re: {letter.subject}"
        mail["Message-ID"] = f"<{next(self.market.chance)}@mail.example>"
        mail.set_content(words)
        outcome = await self.market.mail_arrives(
            mail.as_bytes(), sender=sender or self.email, to=letter.answer_to
        )
        return outcome.name

    async def reports(self, boat: Boat, reason: str, words: str = "") -> None:
        payload = {"reason": reason} | ({"words": words} if words else {})
        await self.call("POST", f"/listings/{boat.id}/reports", json=payload)

    # -- Joining -----------------------------------------------------------------------------------

    async def asks_for_an_account(self) -> None:
        payload = {"email": self.email, "name": self.name, "password": self.account.password}
        await self.call("POST", "/auth/register", json=payload | {"terms": True})

    async def registers(self) -> Member:
        """Register, confirm the address by the letter's link, and sign in."""
        from .members import Member

        await self.asks_for_an_account()
        await self.confirms_address()
        member = Member.of(self)
        await member.signs_in()
        return member

    async def confirms_address(self, letter: Letter | None = None) -> None:
        token = token_of((letter or self.mailbox.latest).link("/account/verify"))
        await self.call("POST", "/auth/email-verification", json={"token": token})

    async def forgets_password(self) -> None:
        await self.call("POST", "/auth/password-reset", json={"email": self.email})

    async def sets_password(self, link: str, password: str) -> None:
        """Use the link of a letter about a forgotten password."""
        payload = {"token": token_of(link), "password": password}
        await self.call("POST", "/auth/password-reset/confirmation", json=payload)
        self.account.password = password

    async def accepts_invitation(self, link: str) -> Moderator:
        """Choose a password by the operators' link, sign in, and set up a second factor."""
        from .moderators import Moderator

        await self.sets_password(link, self.account.password)
        moderator = Moderator.of(self)
        await moderator.signs_in()
        await moderator.turns_on_second_factor()
        return moderator


def token_of(link: str) -> str:
    [token] = parse_qs(urlsplit(link).query)["token"]
    return token


def text_of(page: str) -> str:
    """The words of a page, without its head, its scripts and its markup."""
    body = re.sub(r"(?s)^.*?<body[^>]*>|<(script|style|template)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()
