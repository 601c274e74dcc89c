"""No secret, and no hash of one, is anywhere but where it must be: markers are planted, and all that
the market says, logs, records, indexes, mails and exports is searched for them.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from marinemarket.accounts.data_export import export_person
from marinemarket.accounts.records import find_user_by_email
from marinemarket.accounts.secrets import hash_of, read_ticket
from marinemarket.accounts.user import User, UserRole
from marinemarket.audit.export import export_entries
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.listings.importing.export import export_listings
from marinemarket.store.schema import AUDIT_LOGS, SESSIONS
from marinemarket.wire import encode
from tests.builders import ManualClock
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned
from tests.web.conftest import Client, offer

from .clients import API, form_token, staff

pytestmark = pytest.mark.anyio

PASSWORD = "marker-password tidal rudder"
NEXT_PASSWORD = "marker-password cobalt lantern"
WRONG = "marker-password that is wrong"
EMAIL = "bob@example.com"


class Journey:
    """Somebody's whole life on the market, and every answer that they were given."""

    def __init__(self, market: Market, client: Client, clock: ManualClock) -> None:
        self.market, self.client, self.clock = market, client, clock
        self.answers: list[httpx.Response] = []
        self.secrets: dict[str, str] = {}
        self.told: set[tuple[str, int]] = set()
        self.headers: dict[str, str] = {}

    async def ask(self, method: str, path: str, *, tells: str = "", **more: Any) -> httpx.Response:
        """Ask, and keep the answer; `tells` is the name of a secret that it is meant to hold."""
        headers = self.headers | more.pop("headers", {})
        answer = await self.client.request(method, path, headers=headers, **more)
        assert answer.status_code < 500, answer.text
        if tells:
            self.told |= {(name, len(self.answers)) for name in tells.split()}
        self.answers.append(answer)
        return answer

    def keep(self, name: str, secret: str) -> None:
        self.secrets[name] = secret
        self.secrets[f"hash of {name}"] = hash_of(secret)

    async def live(self) -> None:
        payload = {"email": EMAIL, "name": "Bob Stay", "password": PASSWORD, "terms": True}
        await self.ask("POST", f"{API}/auth/register", json=payload)
        [letter] = await letters(self.market, "verify-email")
        self.keep("verification", read_ticket(letter.token)[1])
        await self.ask("POST", f"{API}/auth/email-verification", json={"token": letter.token})
        wrong = {"email": EMAIL, "password": WRONG}
        await self.ask("POST", f"{API}/auth/login", json=wrong)
        await self.sign_in("first-session", PASSWORD)
        offered = await self.ask(
            "POST",
            f"{API}/me/second-factor",
            json={"password": PASSWORD},
            tells="authenticator",
        )
        self.keep("authenticator", offered.json()["secret"])
        totp = pyotp.TOTP(offered.json()["secret"])
        enabled = await self.ask(
            "POST",
            f"{API}/me/second-factor",
            json={"code": totp.at(self.clock() // 1000)},
            tells="second-session recovery",
        )
        self.enter("second-session", enabled)
        self.keep("recovery", enabled.json()["recoveryCodes"][3])
        self.secrets["hash of plain recovery"] = hash_of(self.secrets["recovery"].replace("-", ""))
        await self.browse()
        await self.ask("POST", f"{API}/auth/password-reset", json={"email": EMAIL})
        [letter] = await letters(self.market, "reset-password")
        self.keep("reset", read_ticket(letter.token)[1])
        await self.browse()
        new = {"token": letter.token, "password": NEXT_PASSWORD}
        await self.ask("POST", f"{API}/auth/password-reset/confirmation", json=new)

    async def sign_in(self, name: str, password: str) -> None:
        credentials = {"email": EMAIL, "password": password}
        self.enter(name, await self.ask("POST", f"{API}/auth/login", json=credentials, tells=name))

    def enter(self, name: str, answer: httpx.Response) -> None:
        token = answer.json()["session"]["token"]
        self.told |= {(name, len(self.answers) - 1)}
        self.keep(name, token)
        self.headers = {"Authorization": f"Bearer {token}"}

    async def browse(self) -> None:
        """Everything that one, and staff, may look at."""
        await self.plant()
        for path in ("/me", "/me/sessions", "/me/export", "/me/listings", "/auth/passkeys"):
            await self.ask("GET", f"{API}{path}")
        for page in ("/account", "/account/security", "/account/leaving", "/", "/boats"):
            await self.ask("GET", page)
        user = await self.user()
        for path in (
            f"/admin/users/{user.id}",
            f"/admin/users?email={EMAIL}",
            "/admin/users",
            f"/admin/sessions?user={user.id}",
            f"/admin/audit-logs?user={user.id}",
            "/admin/audit-logs?resource=user",
            f"/admin/login-attempts?email={EMAIL}",
        ):
            answer = await self.ask("GET", f"{API}{path}", headers=self.chief)
            assert answer.status_code == 200

    async def user(self) -> User:
        found = await find_user_by_email(self.market.store, EMAIL)
        assert found is not None
        return found

    chief: dict[str, str]

    async def plant(self) -> None:
        """What the store keeps, which nothing may repeat."""
        user = await self.user()
        for password in (PASSWORD, NEXT_PASSWORD, WRONG):
            self.secrets[password] = password
        assert user.password is not None
        assert user.mfa_secret is not None
        kept = {user.password, user.mfa_secret, user.password_reset_token} - {None}
        self.secrets |= {f"kept {secret}": str(secret) for secret in kept}
        for number, code in enumerate(user.recovery_codes):
            self.secrets[f"recovery hash {number}"] = code
        for item in await scanned(self.market.store, SESSIONS):
            self.secrets[f"stored {item['sessionId'][:6]}"] = item["sessionId"]
        self.secrets["secret key"] = self.market.secret_key


async def test_no_secret_is_in_anything_that_leaves_the_store(
    market: Market,
    client: Client,
    clock: ManualClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await offer(market)
    journey = Journey(market, client, clock)
    _, journey.chief = await staff(market, UserRole.SUPER_ADMIN)
    await form_token(client, "/account/register")
    await journey.live()
    await journey.plant()
    while await market.delivery().run_once():
        pass

    places: dict[str, str] = {}
    for number, answer in enumerate(journey.answers):
        shown = f"{answer.text}\n{answer.headers}"
        places[f"answer {number} to {answer.request.method} {answer.request.url.path}"] = shown
    places["log"] = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("marinemarket")
    )
    places["audit"] = str(await scanned(market.store, AUDIT_LOGS))
    await export_entries(market.store, tmp_path / "audit.csv")
    await export_listings(market.store, tmp_path / "listings.jsonl")
    person = await export_person(market.accounts, TESTS, await journey.user(), PERSONAL_DATA)
    places["exported person"] = encode(person).decode()
    for path in (tmp_path / "audit.csv", tmp_path / "listings.jsonl"):
        places[path.name] = path.read_text()
    for path in market.settings.search_folder.rglob("*"):
        if path.is_file():
            places[f"index {path.name}"] = path.read_bytes().decode("latin-1")
    mails = list(market.settings.emails_folder.glob("*.eml"))
    assert len(mails) >= 4
    for path in mails:
        places[f"mail {path.name}"] = path.read_text()

    found = [
        (secret, place)
        for place, text in places.items()
        for secret, marker in journey.secrets.items()
        if marker in text and not _is_meant(journey, secret, place)
    ]
    assert found == []
    assert len(journey.secrets) > 30


def _is_meant(journey: Journey, secret: str, place: str) -> bool:
    """A session's token in the answer that begins it, a code told once, a link in its letter."""
    if place.startswith("mail ") and secret in ("verification", "reset"):
        return True
    number = place.split()[1] if place.startswith("answer ") else "-1"
    return (secret, int(number)) in journey.told


async def test_the_search_would_find_a_secret_that_leaked(
    market: Market, client: Client, clock: ManualClock
) -> None:
    """The markers are there to be found: in the very answers that are meant to hold them."""
    await offer(market)
    journey = Journey(market, client, clock)
    _, journey.chief = await staff(market, UserRole.SUPER_ADMIN)
    await journey.live()
    for name, number in journey.told:
        assert journey.secrets[name] in journey.answers[number].text, name
