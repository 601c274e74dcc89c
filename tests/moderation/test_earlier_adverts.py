"""What moderators and reports decided follows the hull, the pictures, the text and the owner.

Each test is a short story of several people; only adverts that a rule flags are reviewed.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from marinemarket.accounts.erasure import erase
from marinemarket.accounts.user import User, UserRole
from marinemarket.audit.entry import Actor
from marinemarket.clock import DAY
from marinemarket.composition import PERSONAL_DATA, Market
from marinemarket.errors import Outdated
from marinemarket.listings.lifecycle.editing import delete_listing, edit_listing
from marinemarket.listings.lifecycle.publication import mark_sold, publish, withdraw
from marinemarket.listings.listing import Listing
from marinemarket.moderation.case import Event, Lane
from marinemarket.moderation.decisions import Decided, Decision, Hindrance, decide
from marinemarket.moderation.earlier_cases import earlier_cases
from marinemarket.moderation.records import find_case, reports_of, waiting_cases
from marinemarket.moderation.reports import ReportForm, report_listing, reporter_keys
from marinemarket.store.schema import CASES, PRECEDENTS, REPORTS
from tests.accounts.members import CLIENT, a_person
from tests.builders import ManualClock
from tests.conftest import TESTS
from tests.emails import letters
from tests.store.paging import scanned

from .conftest import PICTURE, Moderation, add, advert, case_of, stands

pytestmark = pytest.mark.anyio

TEXT = (
    "She has been kept in a shed every winter and sailed by the same family for eleven summers. "
    "New sails were made in spring, the engine was serviced, and the teak deck is sound. "
    "A dinghy, two anchors and all papers go with her to whoever comes and looks at her first."
)
OTHER = (
    "Bluewater sloop refitted in Palma with lithium batteries, watermaker and solar arch. "
    "Lying on her own mooring at the town quay, ready to cross an ocean as soon as the weather allows."
)
HIN = "ABC12345D010"
VIEW = "c3a55a3c0ff0963c"
REJECT = {"state": "rejected", "reason": "We cannot see that this boat is yours to sell."}
APPROVE = {"state": "approved"}


@pytest.fixture
def market_settings(market_settings: Any) -> Any:
    return market_settings.model_copy(update={"review": "flagged"})


@pytest.fixture
async def eve(market: Market) -> User:
    return await a_person(market, name="eve")


@pytest.fixture
async def mo(market: Market) -> Actor:
    user = await a_person(market, name="mo", role=UserRole.MODERATOR)
    return acting(user)


def acting(user: User) -> Actor:
    return CLIENT.acting_as(user.id, user.email, "session")


def shown(*hashes: str) -> dict[str, Any]:
    """Photos with these perceptual hashes, sent anew."""
    photos = [
        {"id": f"{hash(one) % 16**16:016x}{one}", "width": 900, "height": 600, "tint": "#204060", "print": one}
        for one in hashes
    ]  # fmt: skip
    return {"photos": photos, "images": PICTURE}


def near(phash: str, bits: int) -> str:
    """The hash of the same picture, scaled and encoded anew: some bits differ."""
    return f"{int(phash, 16) ^ sum(1 << (11 * n) for n in range(bits)):016x}"


def a_boat(seller: User, name: str, clock: ManualClock, **overrides: Any) -> Listing:
    clock.now += 60_000
    times = {"createdAt": clock.now, "updatedAt": clock.now}
    boat = {"condition": "Good"} | overrides.pop("boat", {})
    return advert(seller, name, boat=boat, **(times | overrides))


async def judged(
    market: Market, moderation: Moderation, listing: Listing
) -> tuple[str, set[str], set[str]]:
    """How a new advert stands after its check, the rules that flag it, and the cases they name."""
    await add(market, listing)
    await moderation.catch_up()
    return await seen(market, listing.id)


async def seen(market: Market, id: str) -> tuple[str, set[str], set[str]]:
    case = await find_case(market.store, id)
    flags = case.flags if case and case.is_open else ()
    earlier = await earlier_cases(market.store, flags)
    return (
        (await stands(market, id)).moderation.state.value,
        {flag.rule for flag in flags},
        {one.listing_id for one in earlier},
    )


async def report(market: Market, id: str, people: int = 1, complaint: str = "scam") -> None:
    for number in range(people):
        keys = reporter_keys(market.secret_key, f"192.0.2.{number}", None)
        form = ReportForm.parse({"reason": complaint, "words": "He wants a deposit by wire."})
        await report_listing(market.trail, TESTS, id, form, keys=keys, user_id=None)


async def decided(market: Market, by: Actor, id: str, payload: dict[str, Any]) -> Decided:
    decision = Decision.parse(payload)
    return await decide(market.trail, market.accounts.vault, market.links, by, id, decision, None)


async def test_a_hidden_advert_does_not_come_back_by_delete_and_list_again(
    market: Market, moderation: Moderation, ann: User, eve: User, mo: Actor, clock: ManualClock
) -> None:
    fraud = a_boat(ann, "fraud", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    assert (await judged(market, moderation, fraud))[0] == "approved"
    await report(market, fraud.id, people=3)
    await moderation.catch_up()
    assert (await stands(market, fraud.id)).moderation.state.value == "flagged"
    await delete_listing(market.trail, acting(ann), fraud.id, None)
    await moderation.catch_up()
    # The case waits on, and shows what was deleted.
    [case] = (await waiting_cases(market.store)).cases
    assert (case.listing_id, case.history[-1].event) == (fraud.id, Event.DELETED)
    assert (case.exhibits[-1].description, case.exhibits[-1].hin) == (TEXT, HIN)
    assert len(await reports_of(market.store, fraud.id)) == 3
    # The same boat again by its owner; and by others its text in another order with other words and
    # letters, its picture encoded anew, its hull with a country in front.
    again = a_boat(ann, "again", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    named = {"earlier-hull", "earlier-pictures", "earlier-text", "earlier-owner"}
    assert await judged(market, moderation, again) == ("pending", named, {fraud.id})
    first, second, third = TEXT.replace("family", "crew").replace("sound", "fine").split(". ")
    turned = f"{third} {second.replace('a', 'а')}. {first}, truly."  # Cyrillic а
    for name, more, rule in (
        ("turned", {"description": turned}, "earlier-text"),
        ("scaled", {"description": OTHER, **shown("0123456789abcdef", near(VIEW, 5))}, "earlier-pictures"),
        ("hull", {"description": OTHER, "boat": {"hin": f"FR{HIN}"}}, "earlier-hull"),
    ):  # fmt: skip
        copy = a_boat(eve, name, clock, **more)
        assert await judged(market, moderation, copy) == ("pending", {rule}, {fraud.id})
        await delete_listing(market.trail, acting(eve), copy.id, None)
        await moderation.catch_up()
    honest = a_boat(await a_person(market, name="bea"), "honest", clock, description=OTHER)
    assert (await judged(market, moderation, honest))[0] == "approved"


async def test_a_public_advert_that_is_edited_into_a_rejected_one_is_hidden(
    market: Market, moderation: Moderation, ann: User, eve: User, mo: Actor, clock: ManualClock
) -> None:
    fraud = a_boat(ann, "fraud", clock, description=TEXT)
    await judged(market, moderation, fraud)
    await decided(market, mo, fraud.id, REJECT)
    await moderation.catch_up()
    harmless = a_boat(eve, "harmless", clock, description=OTHER)
    assert (await judged(market, moderation, harmless))[0] == "approved"
    clock.now += 60_000
    await edit_listing(market.trail, acting(eve), harmless.id, {"description": TEXT}, None)
    await moderation.catch_up()
    assert await seen(market, harmless.id) == ("flagged", {"earlier-text"}, {fraud.id})
    # Its own owner gets it approved with another text, and may not turn it back afterwards.
    clock.now += 60_000
    await edit_listing(market.trail, acting(ann), fraud.id, {"description": OTHER}, None)
    await publish(market.trail, acting(ann), fraud.id)
    await moderation.catch_up()
    await decided(market, mo, fraud.id, APPROVE)
    await moderation.catch_up()
    clock.now += 60_000
    await edit_listing(market.trail, acting(ann), fraud.id, {"price": 11_000_000}, None)
    await moderation.catch_up()
    assert (await stands(market, fraud.id)).is_offered
    await edit_listing(market.trail, acting(ann), fraud.id, {"description": TEXT}, None)
    await moderation.catch_up()
    found = await seen(market, fraud.id)
    assert (found[0], fraud.id in found[2]) == ("flagged", True)


async def test_what_a_moderator_approves_is_held_against_nobody(
    market: Market, moderation: Moderation, ann: User, eve: User, mo: Actor, clock: ManualClock
) -> None:
    boat = a_boat(ann, "boat", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    await judged(market, moderation, boat)
    await report(market, boat.id, people=3)
    await moderation.catch_up()
    assert await scanned(market.store, PRECEDENTS)
    await decided(market, mo, boat.id, APPROVE)
    await moderation.catch_up()
    assert await scanned(market.store, PRECEDENTS) == []
    await delete_listing(market.trail, acting(ann), boat.id, None)
    await moderation.catch_up()
    again = a_boat(ann, "again", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    assert (await judged(market, moderation, again))[0] == "approved"


async def test_a_boat_honestly_sold_on_waits_once(
    market: Market, moderation: Moderation, ann: User, eve: User, mo: Actor, clock: ManualClock
) -> None:
    fraud = a_boat(ann, "fraud", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    await judged(market, moderation, fraud)
    await decided(market, mo, fraud.id, REJECT)
    await moderation.catch_up()
    hers = a_boat(eve, "hers", clock, description=OTHER, **shown(VIEW), boat={"hin": HIN})
    rules = {"earlier-hull", "earlier-pictures"}
    found = await judged(market, moderation, hers)
    assert (found[0], rules <= found[1]) == ("pending", True)
    await decided(market, mo, hers.id, APPROVE)
    await moderation.catch_up()
    for name in ("second", "third"):
        clock.now += 60_000
        await edit_listing(market.trail, acting(eve), hers.id, {"price": clock.now % 10**7}, None)
        await moderation.catch_up()
        assert (await stands(market, hers.id)).is_offered
        await delete_listing(market.trail, acting(eve), hers.id, None)
        await moderation.catch_up()
        hers = a_boat(eve, name, clock, description=OTHER, **shown(VIEW), boat={"hin": HIN})
        assert "earlier-hull" not in (await judged(market, moderation, hers))[1]
        await decided(market, mo, hers.id, APPROVE)
    # But what was rejected is not hers, and not approved: the thief's text still waits.
    clock.now += 60_000
    await edit_listing(market.trail, acting(eve), hers.id, {"description": TEXT}, None)
    await moderation.catch_up()
    assert (await seen(market, hers.id))[0] == "flagged"


async def test_what_was_to_be_changed_is_seen_again_in_the_next_advert_and_then_forgotten(
    market: Market, moderation: Moderation, ann: User, mo: Actor, clock: ManualClock
) -> None:
    boat = a_boat(ann, "boat", clock, description=TEXT)
    await judged(market, moderation, boat)
    wish = {"state": "rejected", "reason": "Say who owns her.", "requestChanges": True}
    await decided(market, mo, boat.id, wish)
    await moderation.catch_up()
    await delete_listing(market.trail, acting(ann), boat.id, None)
    await moderation.catch_up()
    repaired = a_boat(ann, "repaired", clock, description=f"{TEXT} I own her alone.")
    assert await judged(market, moderation, repaired) == ("pending", {"earlier-text"}, {boat.id})
    [earlier] = await earlier_cases(market.store, (await case_of(market, repaired.id)).flags)
    assert earlier.step is not None
    assert (earlier.event, earlier.step.by, earlier.step.text) == (
        "changes-wanted",
        mo.user_id,
        "Say who owns her.",
    )
    other = a_boat(ann, "other", clock, description=OTHER)
    assert (await judged(market, moderation, other))[0] == "approved"
    await decided(market, mo, repaired.id, APPROVE)
    await moderation.catch_up()
    assert await scanned(market.store, PRECEDENTS) == []


async def test_a_broker_is_followed_in_proportion_and_not_by_their_own_paragraph(
    market: Market, moderation: Moderation, ann: User, mo: Actor, clock: ManualClock
) -> None:
    paragraph = OTHER.replace("Bluewater sloop", "Our brokerage offers every boat")
    logo = "0f0f33cc55aa9966"

    def a_fine_boat(number: int) -> Listing:
        words = " ".join(f"detail{number}x{n}" for n in range(15))
        view = f"{(number * 0x9E3779B97F4A7C15) % 2**64:016x}"
        text = f"{words}. {paragraph}"
        return a_boat(ann, f"fine {number}", clock, description=text, **shown(view, logo))

    fine = [a_fine_boat(number) for number in range(24)]
    for boat in fine:
        await add(market, boat.changed(moderation=boat.moderation.changed(state="approved")))
    bad = a_fine_boat(100)
    await judged(market, moderation, bad)
    await decided(market, mo, bad.id, REJECT)
    await moderation.catch_up()
    # One in twenty-four: other boats go on, with the same paragraph and the same logo.
    assert (await judged(market, moderation, a_fine_boat(101)))[0] == "approved"
    # The rejected one itself does not.
    again = bad.changed(
        id=a_boat(ann, "again", clock).id, created_at=clock.now, updated_at=clock.now
    )
    assert (await judged(market, moderation, again))[1] >= {"earlier-text", "earlier-pictures"}
    # Who has but two boats is followed, for half a year at most.
    eve = await a_person(market, name="eve")
    for name in ("one", "two"):
        text = " ".join(f"{name}{n}" for n in range(20))
        await judged(market, moderation, a_boat(eve, name, clock, description=text))
    two = await stands(market, a_boat(eve, "two", clock).id)
    await decided(market, mo, two.id, REJECT)
    await moderation.catch_up()
    third = a_boat(eve, "third", clock, description=TEXT, boat={"length": 41})
    assert (await judged(market, moderation, third))[1] == {"earlier-owner"}
    clock.now += 181 * DAY
    assert (await judged(market, moderation, a_boat(eve, "fourth", clock)))[0] == "approved"


async def test_whoever_was_copied_is_not_taken_for_the_copy(
    market: Market, moderation: Moderation, ann: User, eve: User, mo: Actor, clock: ManualClock
) -> None:
    from marinemarket.search.index_follower import reach

    hers = a_boat(eve, "hers", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    assert (await judged(market, moderation, hers))[0] == "approved"
    await reach(market.store, market.engine)
    theft = a_boat(ann, "theft", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    assert (await judged(market, moderation, theft))[1] == {
        "same-hull",
        "same-text",
    }
    await decided(market, mo, theft.id, REJECT)
    await moderation.catch_up()
    clock.now += 60_000
    await edit_listing(market.trail, acting(eve), hers.id, {"price": 11_000_000}, None)
    await moderation.catch_up()
    assert not {rule for rule in (await seen(market, hers.id))[1] if rule.startswith("earlier-")}


async def test_selling_a_boat_that_was_reported_as_sold_raises_no_suspicion(
    market: Market, moderation: Moderation, ann: User, clock: ManualClock
) -> None:
    boat = a_boat(ann, "boat", clock, description=TEXT)
    await judged(market, moderation, boat)
    await report(market, boat.id, complaint="sold")
    await mark_sold(market.trail, acting(ann), boat.id, None)
    await delete_listing(market.trail, acting(ann), boat.id, None)
    await moderation.catch_up()
    assert (await waiting_cases(market.store)).cases == []
    assert (await judged(market, moderation, a_boat(ann, "again", clock, description=TEXT)))[
        0
    ] == "approved"


async def test_after_the_retention_everything_goes(
    market: Market, moderation: Moderation, ann: User, clock: ManualClock
) -> None:
    boat = a_boat(ann, "boat", clock, description=TEXT)
    await judged(market, moderation, boat)
    await report(market, boat.id)
    await delete_listing(market.trail, acting(ann), boat.id, None)
    await moderation.catch_up()
    assert await market.earlier_adverts().is_evidence(boat.id)
    clock.now += (market.settings.case_retention_days - 1) * DAY
    assert await find_case(market.store, boat.id)
    clock.now += 2 * DAY
    assert not await market.earlier_adverts().is_evidence(boat.id)
    for table in (CASES, REPORTS, PRECEDENTS):
        assert await scanned(market.store, table) == []
    assert (await judged(market, moderation, a_boat(ann, "again", clock, description=TEXT)))[
        0
    ] == "approved"


async def test_an_erased_fraud_is_recognised_by_hashes_that_name_nobody(
    market: Market, moderation: Moderation, ann: User, eve: User, mo: Actor, clock: ManualClock
) -> None:
    fraud = a_boat(ann, "fraud", clock, description=TEXT, **shown(VIEW), boat={"hin": HIN})
    wish = a_boat(ann, "wish", clock, description=OTHER)
    for boat in (fraud, wish):
        await judged(market, moderation, boat)
    await decided(market, mo, wish.id, REJECT | {"requestChanges": True})
    await decided(market, mo, fraud.id, REJECT)
    await moderation.catch_up()
    await erase(market.trail, TESTS, ann.id, PERSONAL_DATA)
    await moderation.catch_up()
    assert await scanned(market.store, CASES) == []
    kept = await scanned(market.store, PRECEDENTS)
    assert {item["listingId"] for item in kept} == {fraud.id}
    assert not any(
        word in str(kept) for word in (ann.id, ann.email, HIN, VIEW, "family", "summers")
    )
    copy = a_boat(eve, "copy", clock, description=TEXT)
    assert await judged(market, moderation, copy) == ("pending", {"earlier-text"}, {fraud.id})
    assert (await judged(market, moderation, a_boat(eve, "other", clock, description=OTHER)))[
        0
    ] == "approved"


async def test_a_follower_that_was_down_finds_what_was_deleted_meanwhile(
    market: Market, moderation: Moderation, ann: User, eve: User, clock: ManualClock
) -> None:
    boat = a_boat(ann, "boat", clock, description=TEXT)
    await judged(market, moderation, boat)
    begun = market.settings.moderation_place.read_text()
    await report(market, boat.id, people=3)
    await delete_listing(market.trail, acting(ann), boat.id, None)
    copies = [a_boat(eve, name, clock, description=TEXT) for name in ("first", "second")]
    await asyncio.gather(*(add(market, copy) for copy in copies))
    for position in (begun, "sqlite:nowhere:7:0", begun):
        market.settings.moderation_place.write_text(position)
        moderation.restart()
        await moderation.catch_up()
        case = await case_of(market, boat.id)
        assert [step.event for step in case.history].count(Event.DELETED) == 1
        assert (case.lane, case.people) == (Lane.REPORTED, 3)
        for copy in copies:
            assert (await seen(market, copy.id))[::2] == ("pending", {boat.id})


async def test_a_deleted_advert_is_decided_by_its_case(
    market: Market, moderation: Moderation, ann: User, mo: Actor, clock: ManualClock
) -> None:
    boat = a_boat(ann, "boat", clock, description=TEXT)
    await judged(market, moderation, boat)
    await report(market, boat.id)
    approval, seen_version = (
        Decision.parse(APPROVE),
        frozenset({(await stands(market, boat.id)).updated_at}),
    )
    vault, links = market.accounts.vault, market.links
    await delete_listing(market.trail, acting(ann), boat.id, None)
    # Whoever looks at it just now learns that it is gone.
    with pytest.raises(Outdated) as outdated:
        await decide(market.trail, vault, links, mo, boat.id, approval, seen_version)
    upheld = await decide(
        market.trail,
        vault,
        links,
        mo,
        boat.id,
        Decision.parse(REJECT),
        frozenset({outdated.value.version}),
    )
    assert (upheld.listing, upheld.case.lane) == (None, None)
    await moderation.catch_up()
    assert (await case_of(market, boat.id)).ends_at is not None
    again = a_boat(ann, "again", clock, description=TEXT)
    assert (await judged(market, moderation, again))[1] == {"earlier-text", "earlier-owner"}


async def test_approving_what_is_not_offered_says_so(
    market: Market, moderation: Moderation, ann: User, mo: Actor, clock: ManualClock
) -> None:
    off = a_boat(ann, "off", clock, description=TEXT)
    sold = a_boat(ann, "sold", clock, description=OTHER)
    for boat in (off, sold):
        await judged(market, moderation, boat)
    for boat in (off, sold):
        await report(market, boat.id, people=3)
    await moderation.catch_up()
    await withdraw(market.trail, acting(ann), off.id)
    await mark_sold(market.trail, acting(ann), sold.id, None)
    await moderation.catch_up()
    assert len((await waiting_cases(market.store)).cases) == 2
    assert (await decided(market, mo, off.id, APPROVE)).hindrance is Hindrance.WITHDRAWN
    assert (await decided(market, mo, sold.id, APPROVE)).hindrance is Hindrance.SOLD
    told = await letters(market, "advert-approved-off")
    links = {(one.values["link"], one.values["sold"]) for one in told}
    assert links == {(f"/sell/{off.id}", False), (f"/sell/{sold.id}", True)}
    await moderation.catch_up()
    await publish(market.trail, acting(ann), off.id)
    await moderation.catch_up()
    assert (await stands(market, off.id)).is_offered
