"""The page of tasks is true: its examples run, one after the other, against a running market."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pyotp
import pytest

from tests.media.picture_files import a_photo
from tests.servers import RunningMarket, command, wait_for

PAGE = Path(__file__).parents[2] / "docs/reference/tasks.md"
CHIEF, PASSWORD = "chief@example.com", "tidal rudder walnut forty"
# In place of curl: tells what it was given.
TELLING_CURL = """curl() {
  for one in "$@"; do printf '%s\\0' "$one"; done
  case "$*" in *@-*) cat;; esac
}
"""


@dataclass(frozen=True)
class Example:
    task: str
    shell: str
    python: str


def examples() -> list[Example]:
    found = []
    for section in PAGE.read_text().split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        pairs = re.findall(r"```sh\n(.*?)\n```\s+```python\n(.*?)\n```", text, re.DOTALL)
        found += [Example(title, shell, python) for shell, python in pairs]
    return found


@pytest.fixture
def market(tmp_path: Path) -> Iterator[RunningMarket]:
    with RunningMarket(tmp_path / "data", LIMIT_AUTH="off", REVIEW="all") as market:
        market.wait_until_ready()
        yield market


class Reader:
    """Whoever follows the page: types in what it asks for, and does what happens elsewhere."""

    def __init__(self, market: RunningMarket) -> None:
        self.market = market
        self.known: dict[str, Any] = {}
        beginning = re.findall(r"```python\n(.*?)\n```", PAGE.read_text(), re.DOTALL)[0]
        exec(beginning, self.known)
        self.known |= {"market": market.address, "input": self._typed}

    def follow(self, example: Example) -> httpx.Response:
        """Run the example in Python, and see that the one in curl would send the same."""
        before = dict(self.known)
        exec(example.python, self.known)
        typed = re.findall(r"^(\w+) = input\(", example.python, re.MULTILINE)
        known = before | {name: self.known[name] for name in typed}
        answer: httpx.Response = self.known["answer"]
        first = answer.history[0] if answer.history else answer
        if "while True" not in example.python:
            assert sent_by_curl(example.shell, known) == sent(first.request), example.task
        return answer

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {given.pop('token')}"} | given.pop("headers", {})
        answer = httpx.request(method, self.market.address + path, headers=headers, **given)
        answer.raise_for_status()
        return answer

    def _typed(self, prompt: str) -> str:
        if "emailed link" in prompt:
            return self._emailed_token()
        if "of staff" in prompt:
            return self._session_of_staff()
        ahead = 30 if "next code" in prompt else 0
        return _code(self.known["secret"], ahead)

    def _emailed_token(self) -> str:
        found: list[str] = []

        def has_come() -> bool:
            for file in (self.market.data / "mail").glob("*.eml"):
                email = message_from_bytes(file.read_bytes(), policy=policy.default)
                text = email.get_body(("plain",))
                assert text is not None
                found.extend(re.findall(r"[?&]token=([^\s&]+)", text.get_content()))
            return bool(found)

        wait_for(has_come)
        return unquote(found[0])

    def _session_of_staff(self) -> str:
        done, made = command(self.market.data, "staff", "create", CHIEF, "--role", "super_admin")
        assert done == 0, made
        token = unquote(re.findall(r"token=([^&]+)", made["link"])[0])
        api = self.market.address + "/api/v1"
        chosen = {"token": token, "password": PASSWORD}
        httpx.post(f"{api}/auth/password-reset/confirmation", json=chosen).raise_for_status()
        credentials = {"email": CHIEF, "password": PASSWORD}
        session = httpx.post(f"{api}/auth/login", json=credentials).json()["session"]
        path, given = "/api/v1/me/second-factor", {"token": session["token"]}
        offer = self.ask("POST", path, json={"password": PASSWORD}, **given).json()
        code = {"code": _code(offer["secret"])}
        enabled: str = self.ask("POST", path, json=code, **given).json()["session"]["token"]
        cases = "/api/v1/admin/moderation"
        wait_for(lambda: self.ask("GET", cases, token=enabled).json()["results"])
        return enabled


def _code(secret: str, seconds_ahead: int = 0) -> str:
    totp = pyotp.TOTP(secret)
    return totp.at(int(time.time()) + seconds_ahead)


def sent(request: httpx.Request) -> tuple[str, str, dict[str, str], Any]:
    """Method, address, the header fields that the page names, and the JSON document of a request."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    names = ("authorization", "if-match", "idempotency-key")
    fields = {name: request.headers[name] for name in names if name in request.headers}
    if kind.endswith("json"):
        fields["content-type"] = kind
        return request.method, str(request.url), fields, json.loads(request.content)
    return request.method, str(request.url), fields, None


def sent_by_curl(example: str, known: dict[str, Any]) -> tuple[str, str, dict[str, str], Any]:
    """The same of what curl is told to send."""
    values = "".join(
        f"{name}={shlex.quote(str(value))}\n"
        for name, value in known.items()
        if isinstance(value, str | int)
    )
    told = subprocess.run(
        ["bash", "-uc", values + TELLING_CURL + example],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    *words, body = told.split("\0")
    method, address, fields = "GET", "", {}
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                fields[name.lower()] = value
            case "--data" | "-F":
                words.pop(0)
            case word if not word.startswith("-"):
                address = word
    return method, address, fields, json.loads(body) if body else None


def test_each_example_of_the_page_runs_after_the_others(
    market: RunningMarket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("saloon.jpg").write_bytes(a_photo(1))
    reader, followed = Reader(market), []
    for example in examples():
        if example.task.startswith("Search"):
            _another_boat(reader)
        answer = reader.follow(example)
        followed.append(example.task)
        if example.task == "Create an advert":
            again = reader.follow(example)
            assert again.json()["id"] == answer.json()["id"]
        if answer.status_code == 412:
            assert answer.json()["current"]["price"] == 12_000_000
    assert len(followed) == 20
    assert reader.known["listing_id"] in {one["id"] for one in reader.known["found"]}
    assert len(reader.known["found"]) == 2
    exported = reader.known["answer"].json()
    assert reader.known["listing_id"] in {one["id"] for one in exported["listings"]}


def _another_boat(reader: Reader) -> None:
    """A second boat is approved, so that a search has two pages; wait until both are found."""
    [create] = [one for one in examples() if one.task == "Create an advert"]
    listing = reader.known["listing_id"]
    exec(create.python.replace("5f0c1a52", "6a1d2b63"), reader.known)
    path = f"/api/v1/listings/{reader.known['listing_id']}/publication"
    now = {"If-Match": "*"}
    reader.ask("POST", path, token=reader.known["token"], headers=now)
    path = f"/api/v1/admin/listings/{reader.known['listing_id']}/moderation"
    decision = {"state": "approved"}
    reader.ask("POST", path, token=reader.known["staff_token"], headers=now, json=decision)
    reader.known["listing_id"] = listing
    address = f"{reader.market.address}/api/v1/search"
    wait_for(lambda: httpx.post(address, json={}).json()["total"] == 2)
