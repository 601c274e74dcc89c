"""Clients for the site, signed in or not."""

from __future__ import annotations

import re
from typing import Any

from marinemarket.accounts.permissions import granted_to
from marinemarket.accounts.user import User, UserRole
from marinemarket.composition import Market
from tests.accounts.members import PASSWORD, a_person, with_second_factor
from tests.web.conftest import Client

API = "/api/v1"


async def log_in(client: Client, email: str, password: str = PASSWORD) -> dict[str, Any]:
    """What signing in answers. The client's cookies are as a browser's then."""
    answer = await client.post(f"{API}/auth/login", json={"email": email, "password": password})
    document: dict[str, Any] = answer.json()
    return document | {"status_code": answer.status_code}


async def bearer(client: Client, user: User) -> dict[str, str]:
    """The header of somebody who signed in by password alone."""
    document = await log_in(client, user.email)
    client.cookies.clear()
    return {"Authorization": f"Bearer {document['session']['token']}"}


async def staff(market: Market, role: UserRole, *, name: str = "") -> tuple[User, dict[str, str]]:
    """A member of staff with a second factor, and the header of their session."""
    user = await a_person(market, name=name or role.value.replace("_", "-"), role=role)
    assert role is UserRole.USER or granted_to(user)
    entered, _, _ = await with_second_factor(market, user)
    return entered.user, {"Authorization": f"Bearer {entered.secret}"}


async def form_token(client: Client, address: str) -> str:
    """The token of the forms on a page."""
    page = (await client.get(address)).text
    found = re.search(r'name="csrf_token" value="([0-9a-f.]{64,})"', page)
    assert found is not None, page[:500]
    return found[1]
