"""The demonstration market: are its boats, places and prices consistent?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations
from statistics import mean, median
from string import Formatter
from typing import Any

import pytest

from marinemarket.demo import wording
from marinemarket.demo.catalogue import BOATS, BoatModel
from marinemarket.demo.engine_catalogue import ENGINES
from marinemarket.demo.harbours import HARBOURS, SOLD
from marinemarket.demo.market import boats
from marinemarket.demo.type_profiles import TRADES
from marinemarket.listings.listing import Listing
from marinemarket.listings.vocabulary.boat_types import BY_NAME
from marinemarket.listings.vocabulary.countries import state_code

THIS_YEAR = 2026
NOW = int(datetime(2026, 6, 15, 12, tzinfo=UTC).timestamp() * 1000)

# The latitudes and longitudes of each country's harbours.
BOUNDS = {
    "US": (24, 60, -140, -66), "CA": (42, 60, -130, -59), "VG": (18, 19, -65, -64),
    "VI": (17, 19, -66, -64), "PR": (17, 19, -68, -65), "BS": (20, 28, -80, -72),
    "SX": (17, 19, -64, -62), "MQ": (14, 15, -62, -60), "LC": (13, 15, -62, -60),
    "AG": (16, 18, -63, -61), "GD": (11, 13, -62, -61), "ES": (35, 44, -10, 5),
    "FR": (41, 52, -6, 10), "IT": (36, 47, 6, 19), "HR": (42, 46, 13, 20), "GR": (34, 42, 19, 30),
    "TR": (35, 43, 25, 45), "MT": (35, 37, 14, 15), "PT": (36, 43, -10, -6),
    "GB": (49, 61, -9, 2), "IE": (51, 56, -11, -5), "NL": (50, 54, 3, 8), "BE": (49, 52, 2, 7),
    "SE": (55, 70, 10, 25), "NO": (57, 72, 4, 32), "DK": (54, 58, 7, 16), "DE": (47, 56, 5, 16),
    "FI": (59, 71, 19, 32), "AU": (-44, -10, 112, 155), "NZ": (-48, -34, 165, 179),
}  # fmt: skip
SAIL = {"sailboat", "catamaran", "trimaran", "motorsailer", "day-sailer", "dinghy"}
SAIL_ONLY = {
    "Furling genoa", "In-mast furling", "Lazy jacks", "Spinnaker", "Asymmetric spinnaker",
    "Code zero", "Sprayhood", "Dodger", "Racing sails",
}  # fmt: skip


def market(count: int = 2000, seed: int = 7) -> list[dict[str, Any]]:
    return list(boats(count, seed=seed, this_year=THIS_YEAR, now_ms=NOW))


@pytest.fixture(scope="module")
def offered() -> list[dict[str, Any]]:
    return market()


@pytest.fixture(scope="module")
def models() -> dict[tuple[str, str, str], BoatModel]:
    return {(kind, m.maker, m.name): m for kind, rows in BOATS.items() for m in rows}


def model_key(boat: dict[str, Any]) -> tuple[str, str, str]:
    details = boat["boatDetails"]
    return details["type"], details["manufacturer"], details["model"]


# -- The tables ----------------------------------------------------------------------------------


def test_every_type_of_the_vocabulary_has_models_and_a_share() -> None:
    assert set(BOATS) == set(TRADES) == set(BY_NAME) - {"other"}


def test_no_model_stands_twice() -> None:
    names = [(m.maker, m.name) for rows in BOATS.values() for m in rows]
    assert len(names) == len(set(names))


def test_every_model_could_be_ordered_with_an_engine_in_every_year_it_was_built() -> None:
    for model in (m for rows in BOATS.values() for m in rows):
        options = model.engines.split("|")
        engines = [ENGINES[option.split(" ", 1)[1]] for option in options if option != "-"]
        for year in range(model.first, min(model.last, THIS_YEAR + 1) + 1):
            fits = any(engine.first <= year <= engine.last for engine in engines)
            assert fits or "-" in options, (model.maker, model.name, year)


def test_every_model_is_sold_on_waters_that_have_harbours_long_enough() -> None:
    for model in (m for rows in BOATS.values() for m in rows):
        for word in model.sold.split("+"):
            waters = SOLD.get(word, (word,))
            assert all(water in HARBOURS for water in waters), (model.name, word)
            berths = [harbour.berth for water in waters for harbour in HARBOURS[water]]
            assert max(berths) >= min(model.length, 90) or len(model.sold.split("+")) > 1


def test_hulls_have_the_proportions_of_boats() -> None:
    for kind, rows in BOATS.items():
        for model in rows:
            wide = 1.0 if kind in {"trimaran", "catamaran", "power-catamaran"} else 0.6
            assert 0.1 < model.beam / model.length < wide, model
            assert 0 < model.draft < model.length / 2, model
            assert model.last >= model.first, model


def test_states_are_those_of_their_country() -> None:
    for harbour in (h for rows in HARBOURS.values() for h in rows):
        assert bool(harbour.state) == (harbour.country in {"US", "CA", "AU"})
        if harbour.state:
            assert state_code(harbour.state, harbour.country) == harbour.state


def test_every_sentence_fits_some_boat() -> None:
    """A misspelt condition would silently disable a sentence."""
    message = " ".join(boat["description"] for boat in market(6000, seed=1))
    spoken = 0
    clauses = wording.USE + wording.CHARACTER + wording.WORK + wording.WEAR + wording.REASONS
    for clause in clauses:
        literal = max((part for part, *_ in Formatter().parse(clause.text)), key=len)
        spoken += literal in message
    assert spoken / len(clauses) > 0.97


# -- What is generated ---------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_market() -> None:
    assert market(300) == market(300)


def test_another_seed_gives_another_market() -> None:
    assert market(50) != market(50, seed=8)


def test_a_smaller_market_is_the_beginning_of_a_larger_one() -> None:
    assert market(450)[:60] == market(60)


@pytest.mark.parametrize("seed", [1, 7, 99])
def test_all_types_are_there_in_believable_shares(seed: int) -> None:
    found = Counter(boat["boatDetails"]["type"] for boat in market(2000, seed))
    assert set(found) == set(TRADES)
    assert found["mega-yacht"] < 25
    for many in ("sailboat", "center-console", "bowrider", "pontoon"):
        assert found[many] > 80


def test_every_advert_satisfies_the_listing_model(offered: list[dict[str, Any]]) -> None:
    for number, boat in enumerate(offered):
        wire = {key: value for key, value in boat.items() if key not in ("daysAgo", "priceHistory")}
        steps = boat.get("priceHistory", [])
        listed = NOW - boat["daysAgo"] * 86_400_000
        history = [{"price": s["price"], "at": NOW - s["daysAgo"] * 86_400_000} for s in steps]
        identity = f"00000000-0000-4000-8000-{number:012}"
        stamps = {"createdAt": listed, "updatedAt": listed, "id": identity, "ownerId": identity}
        parsed = Listing.parse(wire | stamps | {"priceHistory": history}, now=NOW)
        assert parsed.missing_for_publication == []
        assert parsed.boat_details.type == boat["boatDetails"]["type"]
        assert parsed.boat_details.manufacturer == boat["boatDetails"]["manufacturer"]
        assert parsed.description == boat["description"]
        assert parsed.title == boat["title"]


def test_every_advert_says_what_a_buyer_asks_first(offered: list[dict[str, Any]]) -> None:
    wanted = {"type", "manufacturer", "model", "year", "length", "beam", "draft", "displacement",
              "hullMaterial", "condition", "fuel"}  # fmt: skip
    for boat in offered:
        assert wanted <= set(boat["boatDetails"])
        assert {"city", "country", "region", "coordinates"} <= set(boat["location"])
        assert 5 <= len(boat["title"]) <= 120
        assert 60 <= len(boat["description"]) <= 1800, boat["description"]
        assert 0 <= boat["daysAgo"] <= 240


def test_numbers_are_exact_and_short(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        for name in ("length", "beam", "draft", "airDraft"):
            value = boat["boatDetails"].get(name, Decimal(1))
            assert isinstance(value, Decimal)
            assert -value.as_tuple().exponent <= 2  # type: ignore[operator]  # finite
        for degrees in boat["location"]["coordinates"].values():
            assert -degrees.as_tuple().exponent <= 5
        assert isinstance(boat["price"], int)


def test_no_boat_is_older_or_newer_than_her_model(
    offered: list[dict[str, Any]], models: dict[tuple[str, str, str], BoatModel]
) -> None:
    for boat in offered:
        model = models[model_key(boat)]
        year = boat["boatDetails"]["year"]
        assert model.first <= year <= min(model.last, THIS_YEAR + 1), boat["title"]


def test_an_earlier_year_is_respected_everywhere() -> None:
    then = int(datetime(2019, 2, 3, tzinfo=UTC).timestamp() * 1000)
    for boat in boats(600, seed=3, this_year=2019, now_ms=then):
        assert boat["boatDetails"]["year"] <= 2020
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", boat["description"])]
        assert max(years, default=0) <= 2020, boat["description"]


def test_no_year_in_the_text_is_before_she_was_built_or_after_today(
    offered: list[dict[str, Any]],
) -> None:
    for boat in offered:
        built = boat["boatDetails"]["year"]
        text = re.sub(r"V 2000|MD20\d\d?|Volvo Penta 2003", "", boat["description"])
        text = text.replace(boat["boatDetails"]["model"], "")
        for year in re.findall(r"(?<![\d,])(?:19|20)\d\d(?![\d,])", text):
            assert built <= int(year) <= max(built, THIS_YEAR), text


def test_harbours_lie_in_their_countries(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        south, north, west, east = BOUNDS[boat["location"]["country"]]
        place = boat["location"]["coordinates"]
        assert south <= place["lat"] <= north, boat["location"]
        assert west <= place["lon"] <= east, boat["location"]


def test_large_boats_do_not_lie_on_small_lakes(offered: list[dict[str, Any]]) -> None:
    lakes = {harbour.city for harbour in HARBOURS["in"]} - {"Burlington"}
    for boat in offered:
        if boat["location"]["city"] in lakes:
            assert boat["boatDetails"]["length"] <= 32


# -- Prices --------------------------------------------------------------------------------------


def test_prices_stay_within_the_market_and_are_round(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        assert 10_000 <= boat["price"] < 999_000_000, boat["title"]
        assert boat["price"] % 500 == 0


def test_of_one_model_in_one_condition_the_older_is_not_dearer(
    models: dict[tuple[str, str, str], BoatModel],
) -> None:
    groups: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for boat in market(6000, seed=2):
        details = boat["boatDetails"]
        groups[(*model_key(boat), details["condition"])].append((details["year"], boat["price"]))
    right = wrong = 0
    for key, asked in groups.items():
        if key[0] == "classic":
            continue
        for (year, price), (other_year, other_price) in combinations(sorted(asked), 2):
            if other_year - year >= 4:
                right += price < other_price
                wrong += price > other_price
    assert right > 2000
    assert wrong / (right + wrong) < 0.06


def test_the_better_kept_of_alike_boats_are_dearer_on_average() -> None:
    worth: dict[str, list[float]] = defaultdict(list)
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for boat in market(6000, seed=5):
        groups[(*model_key(boat), boat["boatDetails"]["year"] // 4)].append(boat)
    for rows in groups.values():
        middle = median(row["price"] for row in rows)
        for row in rows if len(rows) > 3 else []:
            worth[row["boatDetails"]["condition"]].append(row["price"] / middle)
    means = [mean(worth[word]) for word in ("Excellent", "Good", "Fair", "Needs Work")]
    assert means == sorted(means, reverse=True)


def test_prices_of_one_model_in_like_age_and_condition_lie_close() -> None:
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for boat in market(6000, seed=4):
        details = boat["boatDetails"]
        alike[(*model_key(boat), details["year"], details["condition"])].append(boat["price"])
    for model_year, prices in alike.items():
        assert max(prices) / min(prices) < 2.2, (model_year, prices)


def test_nothing_costs_more_than_a_new_one(
    offered: list[dict[str, Any]], models: dict[tuple[str, str, str], BoatModel]
) -> None:
    for boat in offered:
        if boat["boatDetails"]["type"] != "classic":
            assert boat["price"] <= models[model_key(boat)].price * 100_000 * 1.35, boat["title"]


def test_price_histories_run_from_the_first_day_to_todays_price(
    offered: list[dict[str, Any]],
) -> None:
    told = [boat for boat in offered if "priceHistory" in boat]
    assert 0.12 < len(told) / len(offered) < 0.24
    fallen = 0
    for boat in told:
        steps = boat["priceHistory"]
        days = [step["daysAgo"] for step in steps]
        assert steps[-1]["price"] == boat["price"]
        assert days == sorted(set(days), reverse=True)
        assert days[0] == boat["daysAgo"]
        assert len({step["price"] for step in steps}) > 1
        fallen += steps[0]["price"] > boat["price"]
    assert fallen / len(told) > 0.85


def test_few_are_fresh_and_some_have_waited_long(offered: list[dict[str, Any]]) -> None:
    days = [boat["daysAgo"] for boat in offered]
    assert sum(day <= 3 for day in days) / len(days) < 0.12
    assert 25 < median(days) < 70
    assert max(days) > 180


# -- Nothing contradicts itself --------------------------------------------------------------------


def test_sailing_gear_is_found_on_sailing_boats_only(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        kind = boat["boatDetails"]["type"]
        if kind not in SAIL | {"classic"}:
            assert not SAIL_ONLY & set(boat["features"]), boat["title"]
            text = boat["description"]
            assert not re.search(r"\b(rigging|genoa|mainsail|sails)\b", text), text
        if kind not in SAIL | {"classic", "flybridge", "trawler", "houseboat"}:
            assert "airDraft" not in boat["boatDetails"]


def test_features_are_named_once(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        assert len(boat["features"]) == len(set(boat["features"]))


def test_what_is_told_of_engines_is_what_is_listed(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        details = boat["boatDetails"]
        count = sum(engine["count"] for engine in details.get("engines", []))
        text = f"{boat['title']} {boat['description']}".lower()
        for word, found in (
            ("twin ", 2),
            ("triple ", 3),
            ("both drives", 2),
            ("both saildrive", 2),
        ):
            assert word not in text or count == found, text
        if re.search(r"\bone runs well\b|hours each|on each engine", text):
            assert count == 2, text
        if not count:
            assert details["fuel"] == "none"
            assert "hours" not in details
            assert not re.search(r"\bengine\b|\bdiesel\b|\boutboard\b", text), text


def test_hours_agree_wherever_they_are_told(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        details = boat["boatDetails"]
        for engine in details.get("engines", []):
            assert engine.get("hours") == details.get("hours")
        for told in re.findall(r"([\d,]+) hours", boat["description"]):
            assert int(told.replace(",", "")) == details["hours"], boat["description"]


def test_trailers_in_the_text_are_in_the_equipment(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        if re.search(r"[Tt]he trailer|Trailer ", boat["description"]):
            assert "Trailer included" in boat["features"], boat["description"]


def test_no_slot_is_left_open_and_no_sentence_stands_twice(offered: list[dict[str, Any]]) -> None:
    for boat in offered:
        text = boat["description"]
        assert not re.search(r"[{}]|\bNone\b|  ", text), text
        sentences = re.split(r"(?<=\.)\s+", text)
        assert len(sentences) == len(set(sentences)), text


def test_descriptions_hardly_repeat(offered: list[dict[str, Any]]) -> None:
    texts = Counter(boat["description"] for boat in offered)
    # The simplest adverts, of dinghies, may coincide by chance.
    assert len(texts) / len(offered) > 0.995


def test_new_boats_have_hardly_run_and_old_ones_are_seldom_perfect(
    offered: list[dict[str, Any]],
) -> None:
    for boat in offered:
        if "unused" in boat["description"] or boat["title"].endswith("new, in stock"):
            assert boat["boatDetails"].get("hours", 0) <= 10
    old = [b["boatDetails"]["condition"] for b in offered if b["boatDetails"]["year"] < 1995]
    assert old.count("Excellent") / len(old) < 0.25
