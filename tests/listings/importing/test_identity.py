"""Which advert a row without a reference is of."""

from __future__ import annotations

import pytest

from marinemarket.listings.importing import identity
from marinemarket.listings.importing.formats.parsed_row import ParsedRow
from tests.listings.samples import Desk, Rows, own_row, portal_row, survey_row

pytestmark = pytest.mark.anyio


@pytest.fixture
def behind() -> int:
    return 0


def boats(count: int, *, price: int = 20_000) -> Rows:
    return [
        portal_row(Length=f"{8 + number / 10}", Price=f"EUR {price}") for number in range(count)
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"Width": "3.4"},
        {"Material": "Steel"},
        {"Type": "new boat from stock,Diesel"},
        {"Boat_Type": "Trawler"},
    ],
)
async def test_every_descriptive_column_tells_a_boat_from_another(
    desk: Desk, other: dict[str, str]
) -> None:
    await desk.take(boats(4))
    before = await desk.listings()
    report = await desk.take([*boats(4), portal_row(Length="8.0", Price="EUR 21000", **other)])
    assert (report.created, report.unchanged) == (1, 4)
    after = await desk.listings()
    assert all(listing in after for listing in before)


async def test_a_second_file_of_other_boats_changes_none_of_the_first(desk: Desk) -> None:
    await desk.take(boats(8))
    before = await desk.listings()
    others = [portal_row(Length=f"{12 + number / 10}") for number in range(7)]
    second = [*others, portal_row(Length="8.0", Price="EUR 22000")]
    assert (await desk.take(second)).created == 8
    after = await desk.listings()
    assert all(listing in after for listing in before)
    for file in (boats(8), second, boats(8)):
        assert (await desk.take(file)).unchanged == 8


@pytest.mark.parametrize(("price", "updated"), [(28_000, 1), (12_000, 1), (28_100, 0), (11_900, 0)])
async def test_a_price_that_differs_by_more_than_40_percent_is_another_boats(
    desk: Desk, price: int, updated: int
) -> None:
    await desk.take(boats(4))
    file = [*boats(3), portal_row(Length="8.3", Price=f"EUR {price}")]
    report = await desk.take(file)
    assert (report.updated, report.created) == (updated, 1 - updated)
    assert report.taken_for_same == updated
    assert (await desk.take(file)).unchanged == 4


async def test_rows_alike_in_one_file_are_known_by_their_price_in_any_order(desk: Desk) -> None:
    alike = [portal_row(Price=f"EUR {price}") for price in (20_000, 21_000, 21_000, 22_000)]
    assert (await desk.take(alike)).created == 4
    assert (await desk.take(alike[::-1])).unchanged == 4
    dearer = [*alike[:3], portal_row(Price="EUR 23000")]
    assert (await desk.take(dearer)).created == 1
    assert {len(listing.price_history) for listing in await desk.listings()} == {1}


async def test_adverts_of_earlier_versions_are_known_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = [*boats(3), portal_row(), portal_row(), portal_row(Price="EUR 40000")]
    survey = [
        survey_row(Make="Lagoon", Variant="4.0999999999999996", Year=str(2000 + n))
        for n in range(3)
    ]

    def earlier(self: identity.Identities, draft: ParsedRow) -> identity.Likeness:
        if draft.payload["boatDetails"].get("model") == "4.1":
            draft.payload["boatDetails"]["model"] = "4.0999999999999996"
        (id, *_others) = self._of_earlier_versions(draft, is_alone=True)
        return identity.Likeness(id, id, (), True, True)

    with monkeypatch.context() as patched:
        patched.setattr(identity.Identities, "of", earlier)
        assert (await desk.take(portal)).created == 6
        assert (await desk.take(survey, "mcm2020")).created == 3
    assert (await desk.take(portal)).unchanged == 6
    report = await desk.take(survey, "mcm2020")
    assert (report.created, report.updated) == (0, 3)
    titles = {listing.title for listing in await desk.listings() if "Lagoon" in listing.title}
    assert titles == {"2000 Lagoon 4.1", "2001 Lagoon 4.1", "2002 Lagoon 4.1"}


async def test_a_title_of_ones_own_tells_a_boat_and_a_better_description_does_not(
    desk: Desk,
) -> None:
    await desk.take([own_row(), own_row(title="Skagen Passat 38 Belle")], "csv")
    report = await desk.take([own_row(description="Well kept.", **{"boatDetails.hours": 5})], "csv")
    assert (report.created, report.updated) == (0, 1)
