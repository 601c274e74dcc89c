"""``staff``: manage the people who run the market. It creates the first administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..accounts.accounts import INVITATION_LASTS
from ..accounts.permissions import granted_to
from ..accounts.second_factor import clear_second_factor
from ..accounts.staff import account_by_email, add_staff, assign_role
from ..accounts.user import AdminPermission, User, UserRole
from ..audit.entry import Actor
from ..errors import FieldError, Invalid
from .command import DONE, answer, json_option, market_command
from .options import FieldArgument, FieldOption

if TYPE_CHECKING:
    from ..composition import Market

ACTOR = Actor.system("staff")
_HOURS = INVITATION_LASTS // 3_600_000

_staff_role = click.Choice([role.value for role in UserRole if role is not UserRole.USER])
_permission = click.Choice([permission.value for permission in AdminPermission])


@click.group()
def staff() -> None:
    """The people who run the market, and their permissions."""


@staff.command()
@click.argument("email", cls=FieldArgument, field="email")
@click.option("--role", type=_staff_role, required=True)
@click.option(
    "--name", cls=FieldOption, field="name",
    help="The name in the audit trail; default: the email up to the @.",
)  # fmt: skip
@json_option
@market_command
async def create(market: Market, email: str, role: str, name: str | None, as_json: bool) -> int:
    """Create a staff account.

    This prints the link with which its owner chooses a password. Its permissions take effect once a
    second factor is set up.
    """
    display_name = name or email.partition("@")[0]
    user, link = await add_staff(market.accounts, ACTOR, email, display_name, UserRole(role))
    address = market.links.absolute(link)
    message = (
        f"{user.email} now has the role {role}. Open this link within {_HOURS} hours to choose a "
        f"password and set up a second factor:\n{address}"
    )
    answer(_document(user) | {"link": address}, as_json=as_json, message=message)
    return DONE


@staff.command()
@click.argument("email", cls=FieldArgument, field="email")
@click.option("--role", type=_staff_role, help="The new role; default: unchanged.")
@click.option("--permission", "permissions", type=_permission, multiple=True,
              help="A permission beyond the role's own; may be repeated.")  # fmt: skip
@json_option
@market_command
async def grant(
    market: Market, email: str, role: str | None, permissions: tuple[str, ...], as_json: bool
) -> int:
    """Give an account a role or extra permissions. Its owner must sign in again."""
    if role is None and not permissions:
        raise Invalid([FieldError("--role", "or --permission is required")])
    user = await account_by_email(market.accounts, email)
    more = {*user.permissions, *map(AdminPermission, permissions)}
    user = await assign_role(market.accounts, ACTOR, user, UserRole(role or user.role), more)
    answer(_document(user), as_json=as_json, message=_describe(user))
    return DONE


@staff.command()
@click.argument("email", cls=FieldArgument, field="email")
@click.option("--permission", "permissions", type=_permission, multiple=True,
              help="Revoke only this permission; may be repeated.")  # fmt: skip
@json_option
@market_command
async def revoke(market: Market, email: str, permissions: tuple[str, ...], as_json: bool) -> int:
    """Revoke roles and permissions.

    Without --permission, the account loses its role and all permissions, with immediate effect.
    """
    user = await account_by_email(market.accounts, email)
    gone = {*map(AdminPermission, permissions)}
    role = user.role if gone else UserRole.USER
    left = [permission for permission in user.permissions if gone and permission not in gone]
    user = await assign_role(market.accounts, ACTOR, user, role, left)
    answer(_document(user), as_json=as_json, message=_describe(user))
    return DONE


@staff.command("clear-second-factor")
@click.argument("email", cls=FieldArgument, field="email")
@json_option
@market_command
async def clear_factor(market: Market, email: str, as_json: bool) -> int:
    """Remove second factors and passkeys.

    For an account, staff or not, whose owner has lost them. First make sure that the request really
    comes from the owner: they get an email about it, and from now on the password alone is enough to
    sign in.
    """
    user = await account_by_email(market.accounts, email)
    user = await clear_second_factor(market.accounts, ACTOR, user)
    message = f"{user.email} no longer has a second factor, and is signed out everywhere."
    answer(_document(user), as_json=as_json, message=message)
    return DONE


def _document(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "email": user.email,
        "role": user.role.value,
        "permissions": sorted(granted_to(user)),
    }


def _describe(user: User) -> str:
    may = ", ".join(sorted(granted_to(user))) or "none beyond an ordinary user's"
    return f"{user.email} has the role {user.role.value}. Permissions: {may}."
