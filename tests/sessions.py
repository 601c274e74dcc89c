"""Sessions and sign-in attempts put into a market by hand, where a test is about something else."""

from __future__ import annotations

from marinemarket.accounts.login_attempt import LoginAttempt
from marinemarket.accounts.records import attempt_put
from marinemarket.accounts.session import AuthSession
from marinemarket.accounts.sessions import session_put
from marinemarket.audit.actions import Action
from marinemarket.composition import Market
from tests.conftest import TESTS


async def begin_session(market: Market, session: AuthSession) -> None:
    entry = TESTS.entry(Action.USER_LOGIN, "user", session.user_id, market.clock())
    await market.trail.commit(entry, session_put(session))


async def keep_attempt(market: Market, attempt: LoginAttempt, *, days: int = 90) -> None:
    entry = TESTS.entry(Action.LOGIN_FAILED, "user", "none", market.clock())
    await market.trail.commit(entry, attempt_put(attempt, retention_days=days))
