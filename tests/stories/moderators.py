"""Moderators and administrators, who decide."""

from __future__ import annotations

from typing import Any

from .members import Member
from .people import Boat, Conversation


class Moderator(Member):
    """A member of staff, with whatever their role allows."""

    async def queue(self, lane: str | None = None) -> dict[str, dict[str, Any]]:
        """The cases that wait, by their adverts' ids."""
        lanes = {"lane": lane} if lane else {}
        page = await self.call("GET", "/admin/moderation", params={"limit": 100, **lanes})
        return {case["listingId"]: case for case in page["results"]}

    async def case_page(self, boat: Boat) -> str:
        """What the page of a case says."""
        return await self.reads(f"/admin/moderation/{boat.id}")

    async def approves(self, boat: Boat) -> None:
        await self._decides(boat, state="approved")

    async def approves_case(self, case: dict[str, Any]) -> None:
        """Approve what stands in the queue."""
        await self.approves(Boat(case["listingId"], case["listing"]["title"]))

    async def rejects(self, boat: Boat, reason: str) -> None:
        await self._decides(boat, state="rejected", reason=reason)

    async def asks_for_changes(self, boat: Boat, reason: str) -> None:
        await self._decides(boat, state="rejected", reason=reason, requestChanges=True)

    async def hides(self, boat: Boat, reason: str) -> None:
        await self._decides(boat, state="flagged", reason=reason)

    async def _decides(self, boat: Boat, **decision: Any) -> None:
        version = (await self.advert(boat))["updatedAt"]
        path, headers = f"/admin/listings/{boat.id}/moderation", {"If-Match": f'"{version}"'}
        await self.call("POST", path, json=decision, headers=headers)

    async def held(self) -> str:
        """What the page of held messages says."""
        return await self.reads("/admin/messages")

    async def releases(self, conversation: Conversation) -> None:
        await self._judges(conversation, "release")

    async def refuses(self, conversation: Conversation) -> None:
        await self._judges(conversation, "refuse")

    async def _judges(self, conversation: Conversation, decision: str) -> None:
        """Press a button beside a held message."""
        action = f"/admin/messages/{conversation.id}"
        await self.sends("/admin/messages", action, decision=decision)

    # -- People ------------------------------------------------------------------------------------

    async def bans(self, member: Member, reason: str = "Fraud.") -> None:
        await self._sets(member, "banned", reason)

    async def suspends(self, member: Member, reason: str = "A complaint.") -> None:
        await self._sets(member, "suspended", reason)

    async def lets_in_again(self, member: Member, reason: str = "A mistake.") -> None:
        await self._sets(member, "active", reason)

    async def _sets(self, member: Member, status: str, reason: str) -> None:
        user = await self.user_id_of(member)
        payload = {"status": status, "reason": reason}
        await self.call("PUT", f"/admin/users/{user}/status", json=payload)

    async def user_id_of(self, member: Member) -> str:
        page = await self.call("GET", "/admin/users", params={"email": member.email})
        [user] = page["results"]
        return str(user["id"])

    async def gives_role(self, member: Member, role: str) -> None:
        user = await self.user_id_of(member)
        await self.call("PUT", f"/admin/users/{user}/role", json={"role": role})
