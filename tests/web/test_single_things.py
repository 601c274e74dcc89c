"""One thing of a list, read by its own address: as in the list, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from marinemarket.accounts.user import UserRole
from marinemarket.composition import Market
from tests.accounts.members import a_person
from tests.attacks.clients import API, staff
from tests.builders import ManualClock, a_listing, uuid_of

from .conftest import Client, offer
from .visitors import signed_in

pytestmark = pytest.mark.anyio


async def _read(client: Client, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    answer = await client.get(f"{API}{path}", headers=headers)
    return answer.status_code, answer.json()


async def test_a_watched_boat_a_search_and_a_session_read_as_in_their_lists(
    market: Market, client: Client
) -> None:
    boat = a_listing()
    await offer(market, boat)
    mine, theirs = await signed_in(market), await signed_in(market, await a_person(market))
    await client.put(f"{API}/me/watchlist/{boat.id}", json={"note": "Ask Sue"}, headers=mine)
    await client.post(f"{API}/me/saved-searches", json={"name": "All boats"}, headers=mine)
    for path in ("/me/watchlist", "/me/saved-searches", "/me/sessions"):
        _, listed = await _read(client, path, mine)
        [one] = listed["results"]
        own = f"{path}/{one.get('id', boat.id)}"
        assert await _read(client, own, mine) == (200, one), path
        assert (await _read(client, own, theirs))[0] == 404, path
        assert (await _read(client, own, {}))[0] == 401, path
        for nothing in (uuid_of("nothing"), "x", "x" * 300):
            assert (await _read(client, f"{path}/{nothing}", mine))[0] == 404, path
        answer = await client.get(f"{API}{own}", headers=mine)
        assert "no-store" in answer.headers["cache-control"], path


async def test_staff_read_one_session_of_a_user(
    market: Market, client: Client, clock: ManualClock
) -> None:
    await signed_in(market)
    owner = a_listing().owner_id
    _, support = await staff(market, UserRole.SUPPORT)
    _, listed = await _read(client, f"/admin/sessions?user={owner}", support)
    [session] = listed["results"]
    path = f"/admin/sessions/{session['id']}"
    assert await _read(client, f"{path}?user={owner}", support) == (200, session)
    status, problem = await _read(client, path, support)
    assert (status, problem["errors"][0]["field"]) == (422, "user")
    other = await a_person(market, name="other")
    assert (await _read(client, f"{path}?user={other.id}", support))[0] == 404
    assert (await _read(client, f"{path}?user={owner}", await signed_in(market, other)))[0] == 403


async def test_a_session_that_is_over_is_not_there(
    market: Market, client: Client, clock: ManualClock
) -> None:
    mine = await signed_in(market)
    other = await signed_in(market, await a_person(market, name="other"))
    _, listed = await _read(client, "/me/sessions", mine)
    path = f"/me/sessions/{listed['results'][0]['id']}"
    await client.delete(f"{API}{path}", headers=mine)
    assert (await _read(client, path, mine))[0] == 401
    assert (await _read(client, path, other))[0] == 404


async def test_accounts_are_not_found_by_a_part_of_a_name_and_it_is_said_so(
    market: Market, client: Client
) -> None:
    """An ignored `q` answered with the newest accounts, and the wrong one was banned."""
    _, support = await staff(market, UserRole.SUPPORT)
    status, problem = await _read(client, "/admin/users?q=bea", support)
    assert (status, [error["field"] for error in problem["errors"]]) == (422, ["q"])
    status, problem = await _read(client, "/admin/users?limit=5&limit=6", support)
    assert (status, [error["field"] for error in problem["errors"]]) == (422, ["limit"])
