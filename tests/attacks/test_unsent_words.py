"""What somebody wrote comes back with every answer that refuses it, as text, and is kept nowhere."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from marinemarket.errors import Away
from marinemarket.web.security.cookies import account_mark, form_token
from marinemarket.web.security.strict_forms import LARGEST_FORM
from marinemarket.web.unsent import KeptForm, Unsent, UnsentField, opened
from tests.builders import a_user, secret_of
from tests.conftest import TESTS
from tests.web.visitors import signed_in

from .conftest import Reached

pytestmark = pytest.mark.anyio

LIMITS = ("auth", "search", "writes", "media", "inquiries", "reports")


def kept_forms(app: Litestar) -> Iterator[tuple[str, KeptForm]]:
    """The address of every form with words, and what it declares."""
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if (kept := handler.opt.get("keeps")) is not None:
                yield re.sub(r"{[^}]+}", str(uuid4()), route.path_format), kept


def _words(kept: KeptForm) -> dict[str, str]:
    return {name: f'A <b>{name}</b> & "more"' for name in kept.named()}


def _missing(text: str, words: dict[str, str]) -> list[str]:
    return [name for name, word in words.items() if html.escape(word) not in _unquoted(text)]


def _unquoted(text: str) -> str:
    return text.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


async def test_every_word_comes_back_whoever_refuses_the_form(
    market: Market,
    reached: Reached,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    admin = a_user(name="Ann", role=UserRole.SUPER_ADMIN, mfa_enabled=True, mfa_secret="sealed")
    await add_user(market.trail, TESTS, admin)
    await signed_in(market, admin)
    mine = {"session": secret_of("Ann")}
    by_secret = {"Authorization": f"Bearer {secret_of('Ann')}"}
    token = form_token(market.secret_key, secret_of("Ann"))
    limits = {f"limit_{name}": "1/minute" for name in LIMITS}

    async with reached() as client, reached(**limits) as limited:
        app: Any = client._transport.app  # type: ignore[attr-defined]
        forms = [*kept_forms(app)]
        assert len(forms) > 15
        for path, kept in forms:
            words = _words(kept)
            is_open = path in ("/account/sign-in", "/account/register", "/account/reset")
            is_open |= path.startswith(("/boats/", "/messages/"))
            for cookies, status in (({}, 403 if is_open else 401), (mine, 403)):
                client.cookies = cookies
                sent = words | {"password": "my secret 123", "csrf_token": "another"}
                answer = await client.post(path, data=sent)
                assert answer.status_code == status, (path, answer.text)
                assert _missing(answer.text, words) == [], (path, status)
                assert "my secret 123" not in answer.text
                assert "no-store" in answer.headers["cache-control"], path
            long = await client.post(
                path, data=words | {"more": "x" * LARGEST_FORM}, headers=by_secret
            )
            assert long.status_code in (404, 413), path
            assert _missing(long.text, words) == [], path
            for _ in range(2):
                answer = await limited.post(path, data=words, headers=by_secret)
            assert answer.status_code == 429, path
            assert _missing(answer.text, words) == [], path
            assert "Please try again in" in answer.text
        # Refused before it is known who is signed in by now: as it came, and not in their name.
        limited.cookies = mine
        theirs = {"message": "Ann's", "csrf_token": f"{'0' * 64}.{account_mark('key', 'another')}"}
        answer = await limited.post(f"/boats/{uuid4()}/inquiry", data=theirs)
        assert answer.status_code == 429
        assert theirs["csrf_token"] in answer.text
        assert token not in answer.text

        async def away(*_given: Any, **_named: Any) -> Any:
            raise Away("the store does not answer")

        for name in ("get", "query", "get_many", "commit"):
            monkeypatch.setattr(type(app.state.market.store), name, away, raising=False)
        for path, kept in forms:
            words = _words(kept)
            client.cookies = mine
            answer = await client.post(path, data=words | {"csrf_token": token})
            # What is wrong already is refused before the store is asked.
            assert answer.status_code in (404, 422, 503), (path, answer.text)
            assert _missing(answer.text, words) == [], path
    assert "A <b>" not in caplog.text


def test_only_what_this_market_sealed_is_opened() -> None:
    unsent = Unsent("/sell/1", "/sell/1", [UnsentField("title", "Title", "Ann")], [("a", "b")], [])
    sealed = unsent.sealed("key")
    assert opened("key", sealed) == unsent
    for wrong in ("", "x", "é", sealed[:-8], "A" * 80, sealed.replace(sealed[50], "_", 1)):
        assert opened("key", wrong) is None or wrong == sealed
    assert opened("another key", sealed) is None


async def test_words_of_another_site_are_not_shown_and_not_sent(reached: Reached) -> None:
    async with reached() as client:
        answer = await client.post(
            f"/account/messages/{uuid4()}",
            data={"message": "buy my boat"},
            headers={"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert answer.status_code == 403
        assert "buy my boat" not in answer.text
