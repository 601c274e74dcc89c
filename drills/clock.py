"""The clock of a running market jumps, and is right again.

Whoever has a second factor signs in, by a code and by a recovery code; emails leave at once; and the
archive brings back the moment before the jump as well as what was written after it.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pyotp

from tests.servers import A_MINUTE, RunningMarket, command, wait_for

HOUR, DAY = 3600, 86_400
JUMPS = (2 * HOUR, -2 * HOUR, 40 * DAY, -DAY)
"""Seconds."""
_FAKED = """
import time
from pathlib import Path
_time_ns, _offset = time.time_ns, Path({offset!r})
time.time_ns = lambda: _time_ns() + int(_offset.read_text() or 0) * 1_000_000_000
time.time = lambda: time.time_ns() / 1e9
"""
STEP = 30
"""How long a code of the second factor is the current one, in seconds."""
PASSWORD = "tidal rudder walnut forty"


async def drill(folder: Path, rounds: Sequence[random.Random]) -> AsyncIterator[str]:
    offset = folder / "offset"
    with _market(folder, offset) as market:
        await asyncio.to_thread(market.wait_until_ready)
        for number, chance in enumerate(rounds):
            jump = JUMPS[number % len(JUMPS)] + chance.randrange(60)
            round_ = _Round(market, offset, number, jump)
            try:
                yield await asyncio.to_thread(round_.run)
            finally:
                round_.close()


def _market(folder: Path, offset: Path) -> RunningMarket:
    """A market whose clock is off by the seconds that stand in a file.

    Python itself reads the file, in every process: libfaketime cannot leave the monotonic clock alone,
    which no jump of a real clock moves.
    """
    offset.write_text("0")
    (folder / "sitecustomize.py").write_text(_FAKED.format(offset=str(offset)))
    return RunningMarket(
        folder / "data",
        variables={"PYTHONPATH": str(folder)},
        LIMIT_AUTH="off",
        LIMIT_WRITES="off",
        LIMIT_SEARCH="off",
    )


@dataclass(slots=True)
class _Round:
    market: RunningMarket
    offset: Path
    number: int
    jump: int
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        address = f"{self.market.address}/api/v1"
        self.client = httpx.Client(base_url=address, timeout=A_MINUTE)

    def close(self) -> None:
        self.client.close()

    def run(self) -> str:
        member, newcomer = f"member{self.number}@example.com", f"newcomer{self.number}@example.com"
        secret, recovery_codes = self._member_with_second_factor(member)
        before = datetime.now(UTC)
        time.sleep(1.1)  # a moment to restore has no smaller parts than seconds

        self._set_clock(self.jump)
        self._register(newcomer)
        for _ in range(2):
            self._post(
                "auth/login",
                HTTPStatus.UNAUTHORIZED,
                {"email": member, "password": "a wrong guess"},
            )
        self._sign_in(member, pyotp.TOTP(secret).at(int(time.time()) + self.jump))

        self._set_clock(0)
        self._sign_in(member, pyotp.TOTP(secret).at(int(time.time())))
        self._sign_in(member, recovery_codes[0])
        self._post("auth/password-reset", HTTPStatus.ACCEPTED, {"email": member})
        token = self._emailed_token(member, "reset")
        chosen = {"token": token, "password": f"{PASSWORD} again"}
        self._post("auth/password-reset/confirmation", HTTPStatus.NO_CONTENT, chosen)
        self._check_archive(before, member, newcomer)
        return f"signed in, emailed and restored after {self.jump:+d} seconds"

    def _set_clock(self, seconds: int) -> None:
        new = self.offset.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.offset)

    def _post(self, path: str, status: int, body: dict[str, Any], bearer: str = "") -> Any:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def _register(self, email: str) -> None:
        account = {"email": email, "name": "Ann Sailor", "password": PASSWORD, "terms": True}
        self._post("auth/register", HTTPStatus.ACCEPTED, account)

    def _member_with_second_factor(self, email: str) -> tuple[str, list[str]]:
        """Register, confirm, sign in; the second factor's secret and the recovery codes."""
        self._register(email)
        token = self._emailed_token(email, "verif")
        self._post("auth/email-verification", HTTPStatus.OK, {"token": token})
        signed_in = self._post("auth/login", HTTPStatus.OK, {"email": email, "password": PASSWORD})
        session = signed_in["session"]["token"]
        offer = self._post("me/second-factor", HTTPStatus.OK, {"password": PASSWORD}, session)
        code = pyotp.TOTP(offer["secret"]).at(int(time.time()) - STEP)
        enabled = self._post("me/second-factor", HTTPStatus.OK, {"code": code}, session)
        return offer["secret"], enabled["recoveryCodes"]

    def _sign_in(self, email: str, code: str) -> None:
        asked = self._post("auth/login", HTTPStatus.OK, {"email": email, "password": PASSWORD})
        answer = {"challenge": asked["secondFactor"]["challenge"], "code": code}
        self._post("auth/login/second-factor", HTTPStatus.OK, answer)

    def _emailed_token(self, to: str, path: str) -> str:
        """The token of the link to a path in the only such email to an address."""
        found: list[str] = []

        def has_come() -> bool:
            for file in (self.market.data / "mail").glob("*.eml"):
                email = message_from_bytes(file.read_bytes(), policy=policy.default)
                body = email.get_body(("plain",))
                if to in str(email["to"]) and body is not None:
                    links = rf"/[^\s?]*{path}[^\s?]*\?(?:[^\s]*&)?token=([^\s&]+)"
                    found.extend(re.findall(links, body.get_content()))
            return bool(found)

        wait_for(has_come)
        return unquote(found[0])

    def _check_archive(self, before: datetime, member: str, newcomer: str) -> None:
        """The moment before the jump holds the member alone, the end both.

        Not if the clock went back: changes then bear the time of the last one before, so that moment
        may hold them too.
        """
        archive = self.market.data / "backups"
        now = datetime.now(UTC)

        def reaches_now() -> bool:
            windows = self._command("verify", str(archive))["windows"]
            ends = [datetime.fromisoformat(window["until"]) for window in windows]
            # One that ends later is of the clock that was ahead; what came after it has its own.
            return any(now <= end < now + timedelta(seconds=HOUR) for end in ends)

        wait_for(reaches_now)
        for name, at, holds_newcomer in (("before", before, False), ("after", now, True)):
            restored = self.market.data.parent / f"{name}-{self.number}"
            moment = at.isoformat(timespec="seconds")
            self._command(
                "restore",
                "--from",
                str(archive),
                "--at",
                moment,
                "--into",
                str(restored),
                "--exact",
            )
            for email, is_there in ((member, True), (newcomer, holds_newcomer)):
                exported = ["export", "user", email, "--to", f"{restored}-{email}.json"]
                code, answer = command(restored, *exported)
                if email == newcomer and self.jump < 0 and not holds_newcomer:
                    continue
                assert (code == 0) == is_there, f"{email} {name} the jump: {answer}"

    def _command(self, *arguments: str) -> Any:
        code, answer = command(self.market.data, *arguments)
        assert code == 0, f"{' '.join(arguments)}: {answer}"
        return answer
