"""Users in the store: how one becomes an item, and which index answers which question."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import iso
from ..errors import Conflict, FieldError, Invalid
from ..store.schema import CLAIMS, USERS
from ..store.store import Query, Store
from ..store.writes import Absent, Equals, Put
from .user import User, UserStatus, normalised_email

MARKET_ID = str(uuid5(NAMESPACE_URL, "marinemarket:the-market-itself"))
"""The account that owns what was imported for nobody in particular."""

MARKET_EMAIL = "market@marinemarket.example"

IS_ACTIVE = Equals(status=UserStatus.ACTIVE.value)


async def find_user(store: Store, id: str) -> User | None:
    item = await store.get(USERS, id)
    return User.parse(item) if item else None


async def find_user_by_email(store: Store, email: str) -> User | None:
    """The user with this address, read by its claim: unlike the index, a claim never lags."""
    try:
        claim = await store.get(CLAIMS, _claim(normalised_email(email)))
    except ValueError:
        return None
    return await find_user(store, str(claim["owner"])) if claim else None


async def add_user(trail: Trail, actor: Actor, user: User) -> None:
    """A new account. Raises Invalid when its email is taken, or is the market's own."""
    if user.email == MARKET_EMAIL and user.id != MARKET_ID:
        raise Invalid([FieldError("email", "is the market's own")])
    claim = {"claim": _claim(user.email), "owner": user.id}
    entry = actor.entry(Action.USER_CREATED, "user", user.id, trail.clock(), role=user.role.value)
    try:
        await trail.commit(
            entry,
            Put(USERS, user.to_wire(), when=Absent()),
            Put(CLAIMS, claim, when=Absent()),
        )
    except Conflict:
        raise Invalid([FieldError("email", "belongs to an account already")]) from None


async def market_account(trail: Trail, actor: Actor, *, name: str) -> User:
    """The market's own account, made at first need. Nobody can sign in as it."""
    if found := await find_user(trail.store, MARKET_ID):
        return found
    now = iso(trail.clock())
    user = User(
        id=MARKET_ID,
        email=MARKET_EMAIL,
        name=name,
        status=UserStatus.ACTIVE,
        created_at=now,
        updated_at=now,
    )
    try:
        await add_user(trail, actor, user)
    except Invalid:
        # Another process made it between our look and our commit.
        if found := await find_user(trail.store, MARKET_ID):
            return found
        raise
    return user


async def users_by_email(store: Store, email: str) -> list[User]:
    """As the spec's email-index answers it: behind commits perhaps, so never for a rule."""
    page = await store.query(Query(USERS, normalised_email(email), USERS.index("email-index")))
    return [User.parse(item) for item in page.items]


def _claim(email: str) -> str:
    return f"email:{email}"
