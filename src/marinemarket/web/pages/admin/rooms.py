"""Where staff work: the rooms of the house, and the page that leads to those one may enter."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from ....accounts.permissions import may
from ....accounts.user import AdminPermission, User
from ....errors import Forbidden
from ...access import GivenSignedIn
from ...texts import gettext as _

PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Room:
    """A place to work in: its address, its name, and what is done there."""

    name: str
    address: str
    label: str
    about: str


@dataclass(frozen=True, slots=True)
class AdminPage:
    """All that ``admin/home.html`` uses."""

    name: str
    rooms: list[Room]
    lacks_second_factor: bool


def rooms_of(user: User) -> list[Room]:
    """The rooms that somebody may enter."""
    rooms = []
    if may(user, AdminPermission.CONTENT_MODERATION):
        about = _("New adverts, those that a rule has flagged, and what visitors report.")
        rooms.append(Room("moderation", "/admin/moderation", _("Adverts"), about))
        about = _("Messages that a rule keeps back until one of us has read them.")
        rooms.append(Room("messages", "/admin/messages", _("Messages held"), about))
    return rooms


@get("/admin", include_in_schema=False)
async def show_admin(somebody: GivenSignedIn) -> Template:
    user = somebody.user
    if not user.is_staff:
        raise Forbidden(_("These pages are for the people who run the market."))
    page = AdminPage(user.name, rooms_of(user), lacks_second_factor=not user.has_second_factor)
    return Template("admin/home.html", context={"page": page}, headers=PRIVATE)
