"""Everything that people read is in the catalogue: with each of its texts in brackets, nothing stands outside.

The brackets are a translation of `docs/reference/texts.pot` made here. What is left beside them must be
data: names, figures and what people typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import cast

import httpx
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from marinemarket.accounts.passkeys import (
    RelyingParty,
    add_passkey,
    offer_passkey,
    remove_passkey,
)
from marinemarket.accounts.second_factor import clear_second_factor, disable_second_factor
from marinemarket.accounts.secrets import handle_of
from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from marinemarket.i18n import texts
from marinemarket.listings.records import find_listing
from marinemarket.mail.rendering import TEMPLATES, render
from marinemarket.moderation.reports import ReportForm, report_listing, reporter_keys
from marinemarket.store.change_feed import follow
from marinemarket.web.pages.account import profile, saved_searches, security, sign_in
from tests.accounts.members import CLIENT, PASSWORD, a_person, now, with_second_factor
from tests.accounts.soft_passkey import SoftPasskey
from tests.attacks.clients import form_token, staff
from tests.builders import a_listing, a_user
from tests.conftest import TESTS
from tests.emails import letters
from tests.mail.test_rendering import SITE, sample_values

from .conftest import Client, Reached, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio

CATALOGUE = Path(__file__).parents[2] / "docs" / "reference" / "texts.pot"
_READ_OUT = {"alt", "aria-label", "placeholder", "title"}
_LETTERS = re.compile(r"[^\W\d_]{2,}")
DATA = {
    # The site, its boats and its people.
    "MarineMarket", "Boats", "Co", "Beneteau", "Oceanis", "Stuart", "Well", "kept", "and", "sailed", "every",
    "summer", "Zoe", "zoe", "example", "com", "https", "boats", "http", "market", "United", "States", "Florida",
    "FL", "US", "UTC", "owner", "Owner", "Mozilla", "Call", "or", "write", "to", "beneteu", "beneteau",
}  # fmt: skip


@pytest.fixture(scope="module")
def brackets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue, compiled, with every text as its own translation in brackets."""
    catalogue = read_po(BytesIO(CATALOGUE.read_bytes()), locale="en")
    for message in catalogue:
        if isinstance(message.id, tuple):
            message.string = tuple(f"⟦{form}⟧" for form in message.id)
        elif message.id:
            message.string = f"⟦{message.id}⟧"
    path = tmp_path_factory.mktemp("texts") / "brackets.mo"
    with path.open("wb") as file:
        write_mo(file, catalogue)
    return path


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.use()


class _Words(HTMLParser):
    """What a page shows, and what it has read out, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.read_out: list[str] = []
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mute += tag in ("script", "style", "datalist")
        named = dict(attrs)
        self.read_out += [value for name, value in attrs if name in _READ_OUT and value]
        if tag == "meta" and named.get("name") == "description":
            self.read_out.append(named.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in ("script", "style", "datalist")

    def handle_data(self, data: str) -> None:
        if not self._mute:
            self.shown.append(data)


def outside_of_brackets(*parts: str, data: set[str] = DATA) -> list[str]:
    """The words of some texts that stand in no brackets and are no data."""
    found = []
    for part in parts:
        part = re.sub(r"https?://[^\s⟦⟧]*", " ", part)
        before = None
        while part != before:
            before, part = part, re.sub(r"⟦[^⟦⟧]*⟧", " ", part)
        found += [word for word in _LETTERS.findall(part) if word not in data]
    return found


def unmarked(page: str, *, typed: str = "") -> list[str]:
    """What a page says that no translator can reach; `typed` are words that it repeats."""
    # Countries are named by CLDR, and equipment is stored as it is written.
    page = re.sub(r'<select[^>]*name="country".*?</select>', "", page, flags=re.DOTALL)
    page = re.sub(
        r'<label[^>]*><input type="checkbox" name="feature".*?</label>', "", page, flags=re.DOTALL
    )
    parser = _Words()
    parser.feed(page)
    return outside_of_brackets(
        " ".join(parser.shown), *parser.read_out, data=DATA | {*_LETTERS.findall(typed)}
    )


def check_all_marked(found: dict[str, list[str]]) -> None:
    left = [f"{path}: {' '.join(words)}" for path, words in found.items() if words]
    assert not left, "stands in no catalogue:\n" + "\n".join(left)


async def _page(client: httpx.AsyncClient, path: str, headers: dict[str, str] | None = None) -> str:
    answer = await client.get(path, headers=headers)
    assert answer.status_code in (200, 404, 422), (path, answer.status_code)
    return answer.text


async def test_what_visitors_read_is_in_the_catalogue(
    market: Market, reached: Reached, brackets: Path
) -> None:
    boat = a_listing(boat={"hours": 1200, "draft": 5, "fuel": "diesel", "condition": "Good"})
    await offer(market, boat)
    found = {}
    async with reached(language="en", texts=brackets) as client:
        for path in (
            "/",
            "/boats?q=sloop+under+40+ft+in+Florida+under+%24200k+by+owner+2+cabins",
            "/boats?q=beneteu&unit=m",
            "/boats?price_max=1&type=trawler",
            "/boats?price_min=cheap&near=nowhere+at+all&colour=red",
            f"/boats/{boat.id}/{boat.slug}",
            f"/boats/{boat.id}/{boat.slug}?unit=m",
            f"/boats/{boat.id}/report",
            "/sell",
            "/compare",
            "/watchlist",
            "/account/sign-in",
            "/account/register",
            "/nothere",
        ):
            found[path] = unmarked(await _page(client, path), typed=path)
    check_all_marked(found)


async def test_what_is_wrong_is_told_from_the_catalogue(
    market: Market, reached: Reached, brackets: Path
) -> None:
    found = {}
    async with reached(language="en", texts=brackets) as client:
        token = await form_token(cast("Client", client), "/account/sign-in")
        sent = {"csrf_token": token, "email": "zoe@example.com", "password": "wrong"}
        answer = await client.post("/account/sign-in", data=sent)
        assert answer.status_code in (401, 422)
        found["sign-in"] = unmarked(answer.text)
        token = await form_token(cast("Client", client), "/account/register")
        sent = {"csrf_token": token, "name": "Zoe", "email": "zoe", "password": "aaaa"}
        answer = await client.post("/account/register", data=sent)
        assert answer.status_code == 422
        found["register"] = unmarked(answer.text)
        me = await signed_in(market)
        begun = await client.post("/sell", headers=me, follow_redirects=False)
        address = begun.headers["location"]
        answer = await client.post(
            f"{address}/publication", data={"title": "Zoe", "year": "1899", "hin": "XX"}, headers=me
        )
        assert answer.status_code == 422
        found["sell"] = unmarked(answer.text)
    check_all_marked(found)


async def test_what_members_and_staff_read_is_in_the_catalogue(
    market: Market, reached: Reached, brackets: Path
) -> None:
    boat = a_listing(
        title="2004 Beneteau Oceanis",
        description="Call 305 555 0123 or write to zoe@example.com",
        moderation={"state": "pending"},
    )
    found = {}
    async with reached(language="en", texts=brackets) as client:
        await offer(market, boat)
        follower = market.case_follower()
        while await follow(market.store, follower):
            pass
        me = await signed_in(market, a_user())
        for path in (
            "/account", "/account/boats", "/account/searches", "/account/messages", "/account/security",
            "/account/boats/import", "/account/leaving",
        ):  # fmt: skip
            found[path] = unmarked(await _page(client, path, me))
        _, person = await staff(market, UserRole.MODERATOR)
        for path in ("/admin", "/admin/moderation", f"/admin/moderation/{boat.id}"):
            found[path] = unmarked(await _page(client, path, person))
    check_all_marked(found)


async def test_confirmations_after_a_form_are_in_the_catalogue(
    market: Market, reached: Reached, brackets: Path
) -> None:
    found = {}
    pages = {
        "/account": profile._DONE,
        "/account/security": security._DONE,
        "/account/searches": saved_searches._DONE,
    }
    async with reached(language="en", texts=brackets) as client:
        me = await signed_in(market, a_user())
        for path in (f"{page}?done={done}" for page, texts in pages.items() for done in texts):
            page = await _page(client, path, me)
            assert 'class="news"' in page, path
            found[path] = unmarked(page)
        found["saving"] = unmarked(await _page(client, "/account/searches/new?query=zoe", me))
        client.cookies.clear()
        for done in sign_in._DONE:
            path = f"/account/sign-in?done={done}"
            page = await _page(client, path)
            assert 'class="news"' in page, path
            found[path] = unmarked(page)
    check_all_marked(found)


async def test_what_emails_about_security_tell_is_in_the_catalogue(
    market: Market, brackets: Path
) -> None:
    texts.use("en", brackets)
    member = await a_person(market)
    entered, *_ = await with_second_factor(market, member)
    somebody = await now(market, entered)
    somebody = await now(
        market, await disable_second_factor(market.accounts, somebody, CLIENT, PASSWORD)
    )
    site, key = (
        RelyingParty.of("https://boats.example", "Boats"),
        SoftPasskey("boats.example", "https://boats.example"),
    )
    options = await offer_passkey(market.accounts, somebody, CLIENT, site, PASSWORD)
    added = await add_passkey(market.accounts, somebody, CLIENT, site, key.made(options), "Zoe")
    somebody = await now(market, added.entered)
    handle = handle_of(somebody.user.passkeys[0].id)
    entered = await remove_passkey(market.accounts, somebody, CLIENT, handle, PASSWORD)
    await clear_second_factor(market.accounts, TESTS, entered.user)
    sent = await letters(market, "second-factor-changed")
    assert len(sent) == 5
    assert outside_of_brackets(*(one.values["what"] for one in sent)) == []


async def test_why_an_advert_was_hidden_is_told_from_the_catalogue(
    market: Market, brackets: Path
) -> None:
    texts.use("en", brackets)
    reported = a_listing()
    scam = a_listing(name="scam", description="Pay by Western Union, gift cards only")
    await offer(market, reported, scam)
    for number in range(market.settings.reports_to_hide):
        keys = reporter_keys(market.secret_key, f"192.0.2.{number}", None)
        form = ReportForm.parse({"reason": "scam"})
        await report_listing(
            market.trail, CLIENT.visitor(), reported.id, form, keys=keys, user_id=None
        )
    await market.screener().hide_if_reported(reported.id)
    await market.screener().look_at(scam.id)
    for boat in (reported, scam):
        hidden = await find_listing(market.store, boat.id)
        assert hidden
        assert hidden.moderation.reason, boat.description
        assert outside_of_brackets(hidden.moderation.reason) == []


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir()))
def test_what_emails_say_is_in_the_catalogue(name: str, brackets: Path) -> None:
    texts.use("en", brackets)
    values = sample_values(name)
    mail = render(name, values, **SITE)
    given = {word for value in _all_texts(values) for word in _LETTERS.findall(value)}
    assert outside_of_brackets(mail.subject, mail.text, data=DATA | given) == []
    parser = _Words()
    parser.feed(mail.html or "")
    assert outside_of_brackets(" ".join(parser.shown), data=DATA | given) == []


def _all_texts(values: dict[str, object]) -> Iterator[str]:
    for value in values.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from one.values()
