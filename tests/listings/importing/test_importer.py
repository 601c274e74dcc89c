"""Importing, and importing again without harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import UserStatus
from marinemarket.errors import Contended, Invalid
from marinemarket.listings.listing import Listing, ModerationState, Money, Status
from marinemarket.listings.records import next_version, replace_listing
from marinemarket.store.schema import LISTINGS
from tests.builders import NOW, OWNER, ManualClock, a_user, uuid_of
from tests.conftest import TESTS
from tests.contention.overtaking import overtaken
from tests.listings.samples import Desk, own_row, portal_row, survey_row, table

pytestmark = pytest.mark.anyio


async def change(desk: Desk, old: Listing, **changes: Any) -> Listing:
    """Change a listing, as somebody in the market would."""
    new = old.changed(**changes, updated_at=next_version(old, desk.market.clock()))
    await replace_listing(desk.market.trail, TESTS, old, new)
    return new


async def test_a_row_becomes_a_listing_that_is_offered(desk: Desk) -> None:
    report = await desk.take([portal_row()])
    assert (report.rows, report.created, report.rejected) == (1, 1, 0)
    listing = await desk.only()
    assert listing.is_offered
    assert listing.price == 5_951_435  # 48,500 euros at 1.2271
    assert listing.original_price is not None
    assert listing.original_price.to_wire() == {"amount": 4_850_000, "currency": "EUR"}
    assert [(asked.price, asked.at) for asked in listing.price_history] == [(5_951_435, NOW)]
    assert (listing.owner_id, listing.created_at) == (OWNER, NOW)
    assert listing.description is None
    assert listing.boat_details.condition is None
    assert listing.boat_details.manufacturer_as_listed == "Fjellnes power boats"


@pytest.mark.parametrize(
    ("format", "row"), [("boat24", portal_row()), ("mcm2020", survey_row()), ("csv", own_row())]
)
async def test_running_again_changes_nothing(
    desk: Desk, clock: ManualClock, format: str, row: dict[str, str]
) -> None:
    rows = [row, row, row]
    assert (await desk.take(rows, format)).created == 3
    before, head = await desk.listings(), await desk.head()
    clock.now += 86_400_000
    report = await desk.take(rows, format)
    assert (report.unchanged, report.rejected) == (3, 0)
    assert await desk.listings() == before
    assert await desk.head() == head


async def test_equal_rows_are_separate_adverts(desk: Desk) -> None:
    await desk.take([portal_row()] * 3 + [portal_row(Price="EUR 1000")])
    assert len({listing.id for listing in await desk.listings()}) == 4
    assert (await desk.take([portal_row()] * 5)).created == 2


async def test_a_changed_price_updates_its_advert_and_its_history_alone(
    desk: Desk, clock: ManualClock
) -> None:
    rows = [portal_row(Length=f"{8 + number}") for number in range(5)]
    await desk.take(rows)
    before = {listing.id: listing for listing in await desk.listings()}
    clock.now += 1000
    rows[2] |= {"Price": "EUR 45000"}
    report = await desk.take(rows)
    assert (report.updated, report.unchanged) == (1, 4)
    after = {listing.id: listing for listing in await desk.listings()}
    (changed,) = (id for id in after if after[id] != before[id])
    old, new = before[changed], after[changed]
    assert [(asked.price, asked.at) for asked in new.price_history] == [
        (5_951_435, NOW),
        (5_521_950, NOW + 1000),
    ]
    assert new.price_drop == Money(amount=350_000, currency="EUR")
    told = {"price", "price_history", "original_price", "source", "updated_at"}
    assert new.updated_at == NOW + 1000
    assert {
        name for name in Listing.model_fields if getattr(old, name) != getattr(new, name)
    } == told
    changes = await desk.market.store.changes(None)
    entries = [change.new for change in changes if change.table == "boat-audit-logs"]
    assert entries[-1] is not None
    assert entries[-1]["resourceId"] == changed
    assert set(entries[-1]["details"]["changes"]) == {
        "price",
        "priceHistory",
        "originalPrice.amount",
        "source.changedAt",
        "source.fingerprint",
    }


async def test_a_price_that_goes_and_comes_back_is_remembered(
    desk: Desk, clock: ManualClock
) -> None:
    for price in ("EUR 1000", "EUR 1300", "EUR 1000"):
        await desk.take([portal_row(Price=price)])
        clock.now += 1000
    asked = [asked.price for asked in (await desk.only()).price_history]
    assert asked == [122_710, 159_523, 122_710]


async def test_only_the_latest_200_prices_are_remembered(desk: Desk, clock: ManualClock) -> None:
    history = [{"price": 100 + number, "at": number} for number in range(200)]
    await desk.take([portal_row()])
    old = await desk.only()
    await change(desk, old, price_history=tuple(history))
    report = await desk.take([portal_row(Price="EUR 40000")])
    assert (report.updated, report.rejected) == (1, 0)
    prices = [asked.price for asked in (await desk.only()).price_history]
    assert (len(prices), prices[0], prices[-1]) == (200, 101, 4_908_400)


async def test_new_rates_move_prices_in_dollars_and_no_history(
    desk: Desk, clock: ManualClock, tmp_path: Path
) -> None:
    await desk.take([portal_row()])
    assert (await desk.only()).rate_date == "2020-12-31"
    clock.now += 1000
    rates = tmp_path / "rates.toml"
    rates.write_text("date = 2026-01-01\n[per_euro]\nEUR = 1\nUSD = 1.5\n")
    report = await desk.take([portal_row()], rates=rates)
    assert report.updated == 1
    listing = await desk.only()
    assert (listing.price, listing.rate_date) == (7_275_000, "2026-01-01")
    assert (listing.updated_at, listing.reworded_at) == (NOW + 1000, NOW)
    assert [asked.price for asked in listing.price_history] == [5_951_435]
    assert (await desk.take([portal_row()], rates=rates)).unchanged == 1
    clock.now += 1000
    # Less in euros is less, though it comes to more dollars than were ever asked.
    await desk.take([portal_row(Price="EUR 48000")], rates=rates)
    listing = await desk.only()
    assert [
        (asked.price, asked.asked and asked.asked.amount) for asked in listing.price_history
    ] == [
        (5_951_435, 4_850_000),
        (7_200_000, 4_800_000),
    ]
    assert listing.price_drop == Money(amount=50_000, currency="EUR")
    assert listing.reworded_at == listing.updated_at == NOW + 2000


async def test_a_currency_without_a_rate_refuses_the_row(desk: Desk) -> None:
    report = await desk.take([portal_row(Price="UAH 900000"), portal_row()])
    assert (report.created, report.rejected) == (1, 1)
    assert desk.refused()[0]["reasons"] == (
        "Row 2: price: is in UAH, for which the rates of 2020-12-31 have none"
    )


@pytest.mark.parametrize(
    ("price", "text"), [("EUR 9000000", "$11,043,900"), ("EUR 0.5", "$0"), ("EUR 0", "$0")]
)
async def test_the_error_for_a_price_out_of_range_is_in_dollars(
    desk: Desk, price: str, text: str
) -> None:
    await desk.take([portal_row(Price=price)])
    assert desk.refused()[0]["reasons"] == (
        f"Row 2: price: comes to {text}; from $1 to $10,000,000 may be asked"
    )


async def test_the_markets_decisions_are_not_overwritten(desk: Desk) -> None:
    await desk.take([portal_row()])
    old = await desk.only()
    flagged = old.moderation.changed(state=ModerationState.FLAGGED, reason="too cheap")
    await change(desk, old, status=Status.SOLD, moderation=flagged)
    report = await desk.take([portal_row(Price="EUR 40000")])
    assert report.updated == 1
    new = await desk.only()
    assert (new.status, new.moderation, new.price) == (Status.SOLD, flagged, 4_908_400)
    own = [own_row(id=new.id, status="active", **{"moderation.state": "approved"})]
    await desk.take(own, "csv")
    new = await desk.only()
    assert (new.status, new.moderation.state) == (Status.SOLD, ModerationState.FLAGGED)


async def test_a_sellers_additions_stay_when_the_file_changes_something_else(desk: Desk) -> None:
    await desk.take([portal_row()])
    old = await desk.only()
    boat = old.boat_details.changed(model="Havn 32", condition="Good", hours=800)
    await change(desk, old, boat_details=boat, description="Always in a shed.", features=("GPS",))
    await desk.take([portal_row(Price="EUR 40000")])
    new = await desk.only()
    assert new.boat_details == boat
    assert (new.description, new.features) == ("Always in a shed.", ("GPS",))


async def test_another_spelling_of_the_maker_does_not_leave_the_old_one_behind(desk: Desk) -> None:
    row = own_row(reference="R", **{"boatDetails.manufacturer": "Fjellnes power boats"})
    await desk.take([row], "csv")
    await desk.take([row | {"boatDetails.manufacturer": "Beneteau"}], "csv")
    boat = (await desk.only()).boat_details
    assert (boat.manufacturer, boat.manufacturer_as_listed) == ("Beneteau", None)


async def test_a_reference_is_the_identity_whatever_else_changes(desk: Desk) -> None:
    await desk.take([own_row(reference="B-17")], "csv")
    report = await desk.take(
        [own_row(reference="B-17", title="Sold her name", **{"boatDetails.year": 1999})], "csv"
    )
    assert report.updated == 1
    assert (await desk.only()).title == "Sold her name"


async def test_markup_in_a_file_is_read_and_no_bracket_changes_a_meaning(desk: Desk) -> None:
    page = "<p>A <b>ketch</b>.<br>2 cabins&nbsp;&amp; 1 head</p><ul><li>Radar</li></ul>Draws <2 m"
    await desk.take([own_row(title="Skagen 38 &quot;Belle&quot;", description=page)], "csv")
    boat = await desk.only()
    assert boat.title == 'Skagen 38 "Belle"'
    assert boat.description == "A ketch.\n2 cabins & 1 head\n\n- Radar\n\nDraws ‹2 m"


async def test_a_second_row_for_one_advert_is_refused_and_repeated_runs_change_nothing(
    desk: Desk,
) -> None:
    rows = [own_row(reference="B-17"), own_row(reference="B-17", askingPrice="EUR 1")]
    for _ in range(3):
        report = await desk.take(rows, "csv")
        assert report.rejected == 1
        assert desk.refused()[0]["reasons"] == "Row 3, column “reference”: is that of row 2, too"
        assert len((await desk.only()).price_history) == 1
    twice = [own_row(id=uuid_of("x")), own_row(id=uuid_of("x"))]
    await desk.take(twice, "csv")
    assert desk.refused()[0]["reasons"] == "Row 3, column “id”: is that of row 2, too"


@pytest.mark.parametrize("length", ["38", "38.0", "38.00"])
async def test_a_number_is_the_same_fact_however_it_is_written(desk: Desk, length: str) -> None:
    await desk.take([own_row()], "csv")
    await desk.take([own_row(**{"boatDetails.length": length})], "csv")
    assert (await desk.only()).boat_details.length == 38


async def test_two_owners_of_equal_rows_have_separate_adverts(desk: Desk) -> None:
    broker = a_user(name="broker")
    await add_user(desk.market.trail, TESTS, broker)
    await desk.take([portal_row(), portal_row()])
    report = await desk.take([portal_row()], owner=broker)
    assert report.created == 1
    assert sorted(listing.owner_id for listing in await desk.listings()) == sorted(
        [OWNER, OWNER, broker.id]
    )


async def test_the_id_of_anothers_listing_is_refused(desk: Desk) -> None:
    broker = a_user(name="broker")
    await add_user(desk.market.trail, TESTS, broker)
    await desk.take([own_row()], "csv")
    theirs = await desk.only()
    report = await desk.take([own_row(id=theirs.id, askingPrice="EUR 1")], "csv", owner=broker)
    assert report.rejected == 1
    assert "belongs to another account" in desk.refused()[0]["reasons"]
    assert await desk.only() == theirs


@pytest.mark.parametrize("status", [UserStatus.BANNED, UserStatus.PENDING_VERIFICATION])
async def test_an_owner_who_may_not_sell_gets_every_row_back(
    desk: Desk, status: UserStatus
) -> None:
    owner = a_user(name="banned", status=status)
    await add_user(desk.market.trail, TESTS, owner)
    assert (await desk.take([portal_row()] * 3, owner=owner)).rejected == 3
    assert [row["reasons"] for row in desk.refused()] == [
        f"Row {number}: the owner's account is not active" for number in (2, 3, 4)
    ]
    assert await desk.listings() == []


async def test_an_import_goes_on_where_an_engine_lets_its_rows_wait_for_each_other(
    desk: Desk,
) -> None:
    async def gives_way() -> None:
        raise Contended("others are writing the same items; try again")

    with overtaken(desk.market.trail, LISTINGS, gives_way):
        report = await desk.take([portal_row()] * 3)
    assert (report.created, report.rejected) == (3, 0)


async def test_an_owner_who_does_not_exist_gets_every_row_back(desk: Desk) -> None:
    assert (await desk.take([portal_row()], owner=a_user(name="nobody"))).rejected == 1
    assert await desk.listings() == []


@pytest.mark.parametrize("id", ["1", "x" * 2000, uuid_of("boat").upper(), "=1"])
async def test_an_invalid_id_is_refused(desk: Desk, id: str) -> None:
    assert (await desk.take([own_row(id=id)], "csv")).rejected == 1


async def test_damaged_letters_are_repaired(desk: Desk) -> None:
    damaged = portal_row(
        Price="£ 12500".encode().decode("cp1252"),
        Location="Switzerland » Lac Léman » Vésenaz".encode().decode("cp1252"),
    )
    await desk.take([damaged])
    listing = await desk.only()
    assert (listing.location.region, listing.location.city) == ("Lac Léman", "Vésenaz")
    assert listing.original_price is not None
    assert listing.original_price.currency == "GBP"


async def test_absurd_figures_are_left_out_and_counted(desk: Desk) -> None:
    report = await desk.take([portal_row(Width="0.01"), portal_row(Width="77"), portal_row()])
    assert (report.created, report.left_out) == (3, {"Width": 2})


async def test_a_file_of_another_kind_is_refused_as_a_whole(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        await desk.take([survey_row()], "boat24")
    assert "Price: is a required column" in map(str, caught.value.errors)
    with pytest.raises(Invalid, match="is not a column of this format"):
        await desk.take([own_row() | {"colour": "blue"}], "csv")


async def test_a_header_alone_is_an_empty_import(desk: Desk) -> None:
    report = await desk.take(table([portal_row()]).splitlines()[0])
    assert report.rows == 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
async def test_a_table_may_come_from_any_spreadsheet(
    desk: Desk, delimiter: str, ending: str, encoding: str
) -> None:
    row = portal_row(Location="Sverige » Mälaren » Västerås", Width="3,2")
    report = await desk.take(table([row], delimiter=delimiter, ending=ending).encode(encoding))
    assert report.created == 1
    assert (await desk.only()).location.city == "Västerås"
