"""The people of a story. What they do goes over HTTP, from a browser and an address of their own.

Each verb is one request (or the few that a person needs for it), takes a minute of the story's time,
and raises `Declined` if the market says no.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from .mailbox import Letter, Mailbox
from .pages import Page

if TYPE_CHECKING:
    from .market import StoryMarket
    from .members import Member
    from .moderators import Moderator

API, SIGN_IN = "/api/v1", "/account/sign-in"
PASSWORD = "tidal rudder walnut forty"
_SIGNED_OUT, _LEAST_ERROR = 401, 400


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

    async def opens(self, address: str) -> Page:
        """A page, at the end of its redirects, whatever its status. A letter's full address works."""
        answer = await self.browser.get(_path_of(address), follow_redirects=True)
        if answer.url.path == SIGN_IN and await self.signs_in_again():
            answer = await self.browser.get(_path_of(address), follow_redirects=True)
        return Page(answer)

    async def reads(self, address: str) -> str:
        """The words of a page. Raises Declined."""
        page = await self.opens(address)
        if page.status >= _LEAST_ERROR:
            raise Declined(page.answer)
        return page.words

    async def submits(self, page: Page, wanted: str, **fields: Any) -> Page:
        """Fill in a form of a page, found by its button's words or its action, and send it; the page
        after that, whatever its status.
        """
        form, button = page.form(wanted)
        text = form.filled(fields | ({button.name: button.value} if button.name else {}))
        path = _path_of(button.action or form.action or page.address)
        answer = await self.browser.post(path, data=text, follow_redirects=True)
        await self.market.a_moment()
        return Page(answer)

    async def reloads(self, page: Page) -> Page:
        """Press the browser's button, which sends again what the page answered."""
        old = page.answer.request
        kind = {"Content-Type": old.headers["Content-Type"]} if old.content else {}
        answer = await self.browser.request(
            old.method, page.address, content=old.content, headers=kind, follow_redirects=True
        )
        await self.market.a_moment()
        return Page(answer)

    async def sends(self, address: str, wanted: str = "", **fields: Any) -> str:
        """Open a page and send a form of it, by default that with its own address; what is read then.

        Raises Declined.
        """
        page = await self.opens(address)
        done = await self.submits(page, wanted or _path_of(address), **fields)
        if done.status >= _LEAST_ERROR:
            raise Declined(done.answer)
        return done.words

    # -- Looking for boats -------------------------------------------------------------------------

    async def finds(self, **filters: Any) -> list[str]:
        """The titles of the boats that a search finds; the filters are the API's."""
        found = await self.call("POST", "/search", json={"limit": 100, **filters})
        return [boat["title"] for boat in found["results"]]

    async def sees(self, boat: Boat) -> bool:
        """Is there a page of this boat for them?"""
        page = await self.opens(f"/boats/{boat.id}")
        assert page.status in (200, 404, 410), page.words
        return page.status == 200

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


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
