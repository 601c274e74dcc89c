"""``staff``: who works for the market. The first administrator comes from here."""

from __future__ import annotations

import click

from ..accounts.permissions import granted_to
from ..accounts.second_factor import clear_second_factor
from ..accounts.staff import INVITATION_LASTS, add_staff, known_by_email, restaff
from ..accounts.user import AdminPermission, User, UserRole
from ..audit.entry import Actor
from ..composition import Market
from ..errors import FieldError, Invalid
from .command import DONE, answer, json_option, market_command

ACTOR = Actor.system("staff")
_HOURS = INVITATION_LASTS // 3_600_000

_staff_role = click.Choice([role.value for role in UserRole if role is not UserRole.USER])
_permission = click.Choice([permission.value for permission in AdminPermission])


@click.group()
def staff() -> None:
    """Who works for the market, and what they may do."""


@staff.command()
@click.argument("email")
@click.option("--role", type=_staff_role, required=True)
@click.option("--name", help="As the trail shows it; the address's first part if absent.")
@json_option
@market_command
async def create(market: Market, email: str, role: str, name: str | None, as_json: bool) -> int:
    """A new member of staff. Prints the link by which they choose their password.

    What they may do begins once they have set up a second factor.
    """
    called = name or email.partition("@")[0]
    user, link = await add_staff(market.accounts, ACTOR, email, called, UserRole(role))
    address = market.links.absolute(link)
    message = (
        f"{user.email} is {role}. Open this within {_HOURS} hours to choose a password, "
        f"and set up a second factor then:\n{address}"
    )
    answer(_told(user) | {"link": address}, as_json=as_json, message=message)
    return DONE


@staff.command()
@click.argument("email")
@click.option("--role", type=_staff_role, help="The new role; the same one if absent.")
@click.option("--permission", "permissions", type=_permission, multiple=True,
              help="Beside what the role may do; may be repeated.")  # fmt: skip
@json_option
@market_command
async def grant(
    market: Market, email: str, role: str | None, permissions: tuple[str, ...], as_json: bool
) -> int:
    """Give an account a role, or single permissions beside it. It must sign in again."""
    if role is None and not permissions:
        raise Invalid([FieldError("--role", "or --permission says what is granted")])
    user = await known_by_email(market.accounts, email)
    more = {*user.permissions, *map(AdminPermission, permissions)}
    user = await restaff(market.accounts, ACTOR, user, UserRole(role or user.role), more)
    answer(_told(user), as_json=as_json, message=_describe(user))
    return DONE


@staff.command()
@click.argument("email")
@click.option("--permission", "permissions", type=_permission, multiple=True,
              help="Takes away these alone; everything if absent.")  # fmt: skip
@json_option
@market_command
async def revoke(market: Market, email: str, permissions: tuple[str, ...], as_json: bool) -> int:
    """Take a role and all permissions away, from the next request on; or single permissions."""
    user = await known_by_email(market.accounts, email)
    gone = {*map(AdminPermission, permissions)}
    role = user.role if gone else UserRole.USER
    left = [one for one in user.permissions if gone and one not in gone]
    user = await restaff(market.accounts, ACTOR, user, role, left)
    answer(_told(user), as_json=as_json, message=_describe(user))
    return DONE


@staff.command("clear-second-factor")
@click.argument("email")
@json_option
@market_command
async def clear_factor(market: Market, email: str, as_json: bool) -> int:
    """Take every second factor and passkey from an account whose owner has lost theirs.

    Anybody's account, staff's or not. Make sure first that it is the owner who asks: they are told
    by mail, and whoever knows the password gets in from now on.
    """
    user = await known_by_email(market.accounts, email)
    user = await clear_second_factor(market.accounts, ACTOR, user)
    message = f"{user.email} has no second factor any more, and is signed out everywhere."
    answer(_told(user), as_json=as_json, message=message)
    return DONE


def _told(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "email": user.email,
        "role": user.role.value,
        "permissions": sorted(granted_to(user)),
    }


def _describe(user: User) -> str:
    may = ", ".join(sorted(granted_to(user))) or "nothing beyond what everyone may"
    return f"{user.email} is {user.role.value}, and may: {may}."
