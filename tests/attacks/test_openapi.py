"""The API against its own description: it answers any input only as described."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import anyio
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from litestar.testing import TestClient
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from marinemarket.accounts import accounts
from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserRole
from marinemarket.composition import open_market
from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app
from tests.accounts.members import a_person, with_second_factor
from tests.builders import NOW, OWNER, ManualClock, a_listing, a_user, uuid_of
from tests.conftest import TESTS
from tests.web.conftest import offer
from tests.web.visitors import signed_in

EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What the description's examples cannot guess: things that are there.
IDS = {"listing_id": a_listing().id, "user_id": OWNER, "session_id": uuid_of("none")}


@dataclass
class Described:
    """A furnished market, its description, and those who ask: nobody, an owner, an administrator."""

    client: TestClient[Any]
    schema: Any
    askers: list[dict[str, str]]


@pytest.fixture
def described(
    market_settings: Settings, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Described]:
    monkeypatch.setattr(accounts, "SAME_TIME_SECONDS", 0.0)
    allowing = market_settings.model_copy(update={"limit_search": "off"})
    askers = anyio.run(_furnished, allowing, clock)
    app = create_app(allowing, clock=clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        document = client.get("/api/v1/openapi.json").json()
        yield Described(client, schemathesis.openapi.from_dict(document), askers)


async def _furnished(settings: Settings, clock: ManualClock) -> list[dict[str, str]]:
    async with open_market(settings, clock=clock) as market:
        await add_user(market.trail, TESTS, a_user())
        owner = await signed_in(market)
        chief = await a_person(market, name="chief", role=UserRole.SUPER_ADMIN)
        entered, _, _ = await with_second_factor(market, chief)
        await offer(market, a_listing())
        return [{}, owner, {"Authorization": f"Bearer {entered.secret}"}]


def test_whatever_it_is_sent_the_api_answers_as_described(described: Described) -> None:
    wrong, asked = [], 0
    for result in described.schema.get_all_operations():
        operation = result.ok()
        if not operation.path.startswith("/api/"):
            continue
        asked += 1
        try:
            _try(operation, described)
        except FailureGroup as error:
            wrong.append(f"{operation.label}: {error}\n{error.exceptions[0]}")
    assert asked > 30
    assert not wrong, "\n\n".join(wrong)


def _try(operation: Any, described: Described) -> None:
    askers = cycle(described.askers)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        asker = next(askers)
        known = {name: IDS[name] for name in case.path_parameters if name in IDS}
        if asker:
            case.path_parameters |= known
        headers = asker | ({"If-Match": f'"{NOW}"'} if asker else {})
        text = case.as_transport_kwargs(base_url="http://market", headers=headers)
        text.pop("cookies", None)
        if isinstance(text.get("data"), bytes):  # the client's other name for a body as it is
            text["content"] = text.pop("data")
        answer = described.client.request(**text)
        answer.request.read()  # a form is a stream, which a failure would show
        case.validate_response(answer, checks=CHECKS)

    send()


def test_a_problem_is_described_wherever_it_is_declared(described: Described) -> None:
    paths = described.schema.raw_schema["paths"]
    search = paths["/api/v1/search"]["post"]["responses"]
    assert {"200", "400", "413", "415", "422", "429", "500", "503"} <= search.keys()
    assert search["422"] == {"$ref": "#/components/responses/UnprocessableContent"}
    edit = paths["/api/v1/listings/{listing_id}"]["patch"]["responses"]
    assert {"401", "403", "404", "412", "428", "429"} <= edit.keys()
    assert "429" not in paths["/api/v1/me"]["get"]["responses"]
