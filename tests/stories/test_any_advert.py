"""One advert through anything that its owner, its readers and the moderators may do, beside a model."""

from __future__ import annotations

from collections.abc import Awaitable

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from marinemarket.accounts.user import UserRole
from marinemarket.clock import HOUR
from marinemarket.listings.records import find_listing
from marinemarket.listings.sitemap import INDEX
from marinemarket.moderation.records import find_case

from .advert_model import AdvertModel
from .people import Boat, Visitor
from .state_machine import IN_ANY_ORDER, StoryMachine

READERS = ("Una", "Dora", "Tess", "Quin")
_DECLINED = (401, 403, 404, 409, 410)


class AnyAdvert(StoryMachine):
    """Ann sells, four visitors read and report, Mo decides."""

    def __init__(self) -> None:
        super().__init__()
        self.model = AdvertModel()
        self.is_an_hour_later = False
        self.edits = 0

    async def people_come(self) -> None:
        self.ann = await self.market.member("Ann")
        self.mo = await self.market.staff("Mo", UserRole.SUPER_ADMIN)
        self.readers = {name: self.market.visitor(name) for name in READERS}
        self.boat = await self._listed()

    async def _listed(self) -> Boat:
        """The boat in Ann's words and her one picture of it."""
        boat = await self.ann.drafts("2010 Beneteau Heron")
        await self.ann.adds_photos(boat, seeds=(7,))
        await self.ann.puts_back(boat)
        return boat

    def does(self, awaitable: Awaitable[object], *, allowed: bool) -> bool:
        """Something is done, or declined where it is not allowed; whether it was done."""
        refusal = self.refusal_of(awaitable)
        assert refusal in ((0,) if allowed else _DECLINED), self.model
        return allowed

    @property
    def may_sell(self) -> bool:
        return self.model.owner == "active" and self.model.is_there

    # -- Ann ---------------------------------------------------------------------------------------

    @rule()
    def edits_it(self) -> None:
        self.edits += 1
        words = f"A white hull, and {self.edits} new sails."
        if self.does(self.ann.edits(self.boat, description=words), allowed=self.may_sell):
            self.model.edit()

    @rule()
    def withdraws_it(self) -> None:
        if self.does(self.ann.withdraws(self.boat), allowed=self.may_sell):
            self.model.withdraw()

    @rule()
    def puts_it_back(self) -> None:
        if self.does(self.ann.puts_back(self.boat), allowed=self.may_sell):
            self.model.put_back()

    @rule()
    def sells_it(self) -> None:
        if self.does(self.ann.sells(self.boat), allowed=self.may_sell):
            self.model.sell()

    @precondition(lambda self: self.edits > 1)
    @rule()
    def deletes_it(self) -> None:
        if self.does(self.ann.deletes(self.boat), allowed=self.may_sell):
            self.model.delete()

    @precondition(lambda self: not self.model.is_there and self.model.owner == "active")
    @rule()
    def lists_it_again(self) -> None:
        """The same words and picture as a new advert."""
        if self.is_working:
            self.boat = self.run(self._listed())
            self.model.list_again()

    @rule()
    def signs_out_everywhere(self) -> None:
        """Every session ends; whatever an old one is used for is declined."""

        if self.model.owner != "active":
            return
        phone = self.ann.elsewhere("phone")
        self.run(phone.signs_in())
        phone.signs_in_when_asked = False
        self.run(self.ann.signs_in())
        sure = {"password": self.ann.account.password}
        self.run(self.ann.call("DELETE", "/me/sessions", json=sure))
        for deed in ("DELETE", "POST"):
            path = f"/listings/{self.boat.id}/publication"
            assert self.refusal_of(phone.call(deed, path)) == 401
        assert self.refusal_of(phone.call("DELETE", f"/listings/{self.boat.id}")) == 401

    # -- Readers and moderators --------------------------------------------------------------------

    @rule(reader=st.sampled_from(READERS), reason=st.sampled_from(["scam", "wrong"]))
    def somebody_reports_it(self, reader: str, reason: str) -> None:
        asked = self.readers[reader].reports(self.boat, reason)
        if self.does(asked, allowed=self.model.is_public):
            self.model.report(reader, reason)

    @precondition(lambda self: self.model.is_there)
    @rule(state=st.sampled_from(["approved", "rejected", "changes", "flagged"]))
    def mo_decides(self, state: str) -> None:
        mo, reason = self.mo, f"Reason {self.market.clock()}."
        match state:
            case "approved":
                decided = mo.approves(self.boat)
            case "rejected":
                decided = mo.rejects(self.boat, reason)
            case "changes":
                decided = mo.asks_for_changes(self.boat, reason)
                state = "rejected"
            case _:
                decided = mo.hides(self.boat, reason)
        possible = self.model.waits or state != "approved" or self.model.state != "approved"
        if self.does(decided, allowed=possible):
            self.model.decide(state)

    @precondition(lambda self: self.model.owner != "erased")
    @rule(status=st.sampled_from(["suspended", "banned", "active"]))
    def mo_sets_the_account(self, status: str) -> None:
        if status == self.model.owner:
            return
        mo = self.mo
        sets = {"suspended": mo.suspends, "banned": mo.bans, "active": mo.lets_in_again}
        self.run(sets[status](self.ann))
        if status == "active":
            self.run(self.ann.signs_in())
        self.model.owner = status

    @rule()
    def she_leaves(self) -> None:
        """Rarely: nothing happens afterwards."""
        if self.model.owner == "active" and self.is_working and self.edits > 1:
            self.run(self.ann.leaves())
            self.model.erase_owner()

    # -- Time ----------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 5, 30]))
    def time_passes(self, hours: int) -> None:
        self.market.clock.now += hours * HOUR
        self.run(self.market.works())
        self.is_an_hour_later = self.is_working

    # -- What people see ---------------------------------------------------------------------------

    @invariant()
    def everybody_sees_what_they_must(self) -> None:
        if not hasattr(self, "boat"):
            return
        if self.is_working:
            self.model.judge()
        self.run(self._everybody_sees())

    async def _everybody_sees(self) -> None:
        model, boat, store = self.model, self.boat, self.market.inside.store
        self.next_step()
        vic = self.readers[READERS[0]]
        if self.is_turn_of(0, among=2):
            assert await vic.sees(boat) is model.is_public
            feed = (await vic.browser.get("/boats.atom")).text
            # Without its worker the market may show less than it could, never more.
            assert (boat.id in feed) <= model.is_public
            assert not self.is_working or (boat.id in feed) is model.is_public
        else:
            told = await vic.browser.get(f"/api/v1/listings/{boat.id}")
            assert (told.status_code == 200) is model.is_public, told.text
            if self.is_working:
                await self._is_found(vic)
        if not self.is_working:
            return
        is_listed = await self._is_in_sitemap()
        if self.is_an_hour_later:
            assert is_listed is model.is_public
        elif (model.state, model.owner) != ("approved", "active"):
            assert not is_listed, "what the market hides leaves the sitemap at once"
        self.is_an_hour_later = False
        case = await find_case(store, boat.id)
        assert bool(case and case.is_open) is model.waits, (case, model)
        if model.owner == "active":
            kept = await find_listing(store, boat.id)
            assert (kept is not None) is model.is_there
            if kept:
                assert (kept.status, kept.moderation.state) == (model.status, model.state)
        about = [one for one in self.ann.mailbox.letters if one.mentions(boat.title)]
        assert len(about) - 1 == model.letters, [one.subject for one in about]

    async def _is_found(self, reader: Visitor) -> None:
        found = await reader.call("POST", "/search", json={"limit": 10})
        assert [one["id"] for one in found["results"]] == [self.boat.id] * self.model.is_public
        assert found["total"] == self.model.is_public
        for facet in found["facets"].values():
            assert all(part["count"] <= found["total"] for part in facet), facet

    async def _is_in_sitemap(self) -> bool:
        place = self.market.inside.sitemap_place()
        pages = [await place.read(name) for name in await place.names() if name != INDEX]
        return any(self.boat.id in page.decode() for page in pages)


AnyAdvert.TestCase.settings = IN_ANY_ORDER
TestAnyAdvert = AnyAdvert.TestCase
