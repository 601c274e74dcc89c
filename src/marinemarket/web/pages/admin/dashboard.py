"""The staff home page, which links to the sections that a user may open."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from ....accounts.permissions import may
from ....accounts.user import AdminPermission, User
from ....errors import Forbidden
from ....i18n.texts import gettext as _
from ...security.access import CurrentSignedIn

PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class StaffSection:
    """A place to work in: its address, its name, and what is done there."""

    name: str
    address: str
    label: str
    about: str


@dataclass(frozen=True, slots=True)
class AdminPage:
    """All that ``admin/home.html`` uses."""

    name: str
    rooms: list[StaffSection]
    lacks_second_factor: bool


def sections_for(user: User) -> list[StaffSection]:
    """The rooms that somebody may enter."""
    rooms = []
    if may(user, AdminPermission.CONTENT_MODERATION):
        about = _("New adverts, adverts flagged by a rule, and reports from visitors.")
        rooms.append(StaffSection("moderation", "/admin/moderation", _("Adverts"), about))
        about = _("Messages that a rule is holding for review.")
        rooms.append(StaffSection("messages", "/admin/messages", _("Held messages"), about))
    if may(user, AdminPermission.USER_MANAGEMENT):
        about = _("Emails that came back or could not be sent, and why.")
        rooms.append(StaffSection("emails", "/admin/emails", _("Failed emails"), about))
    return rooms


@get("/admin", include_in_schema=False)
async def show_admin(somebody: CurrentSignedIn) -> Template:
    user = somebody.user
    if not user.is_staff:
        raise Forbidden(_("These pages are for staff only."))
    page = AdminPage(user.name, sections_for(user), lacks_second_factor=not user.has_second_factor)
    return Template("admin/home.html", context={"page": page}, headers=PRIVATE)
