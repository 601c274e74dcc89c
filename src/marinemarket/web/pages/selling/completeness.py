"""How complete an advert is: missing required details, and details that help to sell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ....i18n.texts import gettext as _
from ....listings.drafting.form import checked
from ....text import sentence
from .fields import labels, wanted_words

ENOUGH_PHOTOS = 5


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do: words, and the address of where to do it."""

    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """`percent` counts everything alike; `must` stands in the way of publishing, `should` does not.

    `wrong` is what no rule would take, by field.
    """

    percent: int
    must: list[Missing]
    should: list[Missing]
    wrong: dict[str, str]


def completeness(
    owner_id: str, values: Mapping[str, str], photos: int, photos_address: str, now: int
) -> Completeness:
    """Of what the fields of a form say, beside so many photos."""
    unit = values.get("unit", "")
    wanted = wanted_words(unit)
    _listing, errors = checked(owner_id, values, now)
    missing = {name for name in errors if not values.get(name, "").strip()}
    wrong = {name: sentence(why) for name, why in errors.items() if name not in missing}
    must = [Missing(f"#{name}", wanted.get(name, sentence(errors[name]))) for name in missing]
    named = labels(unit)
    must += [
        Missing(f"#{name}", f"{named.get(name, name)}: {why[:1].lower()}{why[1:]}")
        for name, why in wrong.items()
    ]
    order = [*wanted, *wrong]
    must.sort(key=lambda one: _place_in(order, one.address[1:]))
    should = [
        Missing(f"#{name}", words)
        for name, words in _good_to_have().items()
        if not any(values.get(field, "").strip() for field in name.split(" "))
    ]
    if photos < ENOUGH_PHOTOS:
        few = _("Add photos: boats with five or more sell better.")
        words = few if photos else _("Add photos: buyers skip adverts without them.")
        should.insert(0, Missing(photos_address, words))
    whole = len(wanted) + len(_good_to_have()) + 1
    lacking = len({one.address for one in must}) + len(should)
    percent = max(0, round(100 * (whole - lacking) / whole))
    return Completeness(min(percent, 100), must, should, wrong)


def _good_to_have() -> dict[str, str]:
    return {
        "manufacturer": _("Add the maker: most buyers search by it."),
        "model": _("Add the model."),
        "beam": _("Add beam and draft: buyers check whether the boat fits their slip."),
        "hull_material": _("Add the hull material."),
        "fuel": _("Add the fuel."),
        "features": _("Select the equipment on board."),
        "hin": _("Add the hull number (HIN): it builds trust."),
    }


def _place_in(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
