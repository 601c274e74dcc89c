"""Signed-in users for tests that are not about signing in."""

from __future__ import annotations

from typing import Any

from marinemarket.accounts.user import User
from marinemarket.composition import Market
from tests.builders import a_session, a_user, secret_of
from tests.sessions import begin_session


async def signed_in(market: Market, user: User | None = None, **overrides: Any) -> dict[str, str]:
    """The header that a user's session sends; `overrides` are the session's attributes."""
    user = user or a_user()
    session = a_session(name=user.name, user=user.id, **overrides)
    await begin_session(market, session)
    return {"Authorization": f"Bearer {secret_of(user.name)}"}
