"""The fields of the selling form: what each is called, and the sentence that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ....i18n.texts import gettext as _
from ....listings.boat_details import Condition, Fuel, HullMaterial, Usage
from ....listings.drafting.form import ENGINE_PARTS, MOST_ENGINES, UNIT
from ....listings.drafting.measurements import METRES
from ....listings.vocabulary.boat_types import BOAT_TYPES
from ....listings.vocabulary.countries import STATES_REQUIRED_IN, country_name, states_of
from ....listings.vocabulary.iso_codes import iso_codes
from ...presentation.labels import fuel_label, hull_label, type_label, usage_label

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `wanted` is what is said where the public must be told and it is empty."""

    name: str
    label: str
    hint: str = ""
    kind: str = "line"
    options: Options = ()
    mode: str = ""
    wanted: str = ""
    longest: int = 100
    suggestions: str = ""
    autocomplete: str = "off"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form under its heading."""

    id: str
    title: str
    intro: str
    fields: tuple[Field, ...]


def sections(unit: str) -> tuple[Section, ...]:
    """The form from top to bottom; lengths are asked in `unit`."""
    return (_boat(), _size(unit), _use(), _aboard(), _words(), _price(), _place())


def labels(unit: str) -> dict[str, str]:
    """What every field is called, those of engines and features as well."""
    named = {field.name: field.label for section in sections(unit) for field in section.fields}
    for row in range(1, MOST_ENGINES + 1):
        for field in engine_fields(row):
            named[field.name] = f"{_('Engine')} {row}: {field.label}"
    return named | {
        UNIT: _("Feet or metres"),
        "features": _("Ticked equipment"),
        "more_features": _("Other equipment"),
    }


def wanted_words(unit: str) -> dict[str, str]:
    """What to say where a field must not stay empty."""
    return {
        field.name: field.wanted
        for section in sections(unit)
        for field in section.fields
        if field.wanted
    }


def _boat() -> Section:
    return Section(
        "boat",
        _("The boat"),
        _("What she is. Buyers search by these words."),
        (
            Field(
                "type",
                _("Type"),
                _("The closest one. If none is right, choose “Other boat”."),
                "choice",
                tuple((one.name, type_label(one.name)) for one in BOAT_TYPES),
                wanted=_("Choose the type of boat."),
            ),
            Field(
                "manufacturer",
                _("Maker"),
                _("The yard that built her, such as Beneteau or Grady-White."),
                suggestions="makers",
            ),
            Field(
                "model",
                _("Model"),
                _("As the maker calls it, such as Oceanis 40."),
                suggestions="models",
            ),
            Field(
                "year",
                _("Year built"),
                _("The model year on her papers."),
                mode="numeric",
                longest=10,
                wanted=_("Say in which year she was built."),
            ),
            Field(
                "usage",
                _("New or used"),
                "",
                "choice",
                tuple((one.value, usage_label(one)) for one in Usage),
            ),
            Field(
                "condition",
                _("Condition"),
                _("Be honest: whoever comes to look will see it anyway."),
                "choice",
                (
                    (Condition.EXCELLENT.value, _("Excellent: nothing to do")),
                    (Condition.GOOD.value, _("Good: normal wear, all works")),
                    (Condition.FAIR.value, _("Fair: some work wanted")),
                    (Condition.NEEDS_WORK.value, _("Needs work: a project")),
                ),
                wanted=_("Say in which condition she is."),
            ),
            Field(
                "hin",
                _("Hull number (HIN)"),
                _(
                    "12 letters and digits, 14 with a country in front. It is on the outside of the "
                    "transom, at the top of its right-hand side, and on her papers. Boats from before "
                    "1972 have none."
                ),
                longest=40,
            ),
            Field(
                "hull_material",
                _("Hull"),
                _("What the hull is made of."),
                "choice",
                tuple((one.value, hull_label(one)) for one in HullMaterial),
            ),
        ),
    )


def _size(unit: str) -> Section:
    example = {
        "length": "12.19", "loa": "12.5", "beam": "3.9", "draft": "1.9", "air_draft": "17.2", "displacement": "8400",
    } if unit == METRES else {
        "length": "40", "loa": "41 ft 2 in", "beam": "12.8", "draft": "6.2", "air_draft": "56", "displacement": "18500",
    }  # fmt: skip
    heavy = _("In kilograms, as she is dry.") if unit == METRES else _("In pounds, as she is dry.")

    def size(name: str, label: str, hint: str, wanted: str = "") -> Field:
        message = f"{hint} {_('For example')} {example[name]}."
        return Field(name, label, message, "size", mode="text", longest=20, wanted=wanted)

    return Section(
        "size",
        _("Size"),
        _("Measure or read her papers; a buyer needs to know whether she fits the berth."),
        (
            size(
                "length",
                _("Length on deck"),
                _("The hull itself, without bowsprit or swim platform."),
                _("Say how long she is."),
            ),
            size("loa", _("Length over all"), _("With everything that sticks out.")),
            size("beam", _("Beam"), _("At her widest.")),
            size("draft", _("Draft"), _("How deep she goes.")),
            size("air_draft", _("Air draft"), _("From the water to the top: bridges ask for it.")),
            size("displacement", _("Weight"), heavy),
        ),
    )


def _use() -> Section:
    return Section(
        "engine",
        _("Engine and use"),
        _("For a boat without an engine choose “None”, and go on."),
        (
            Field(
                "fuel", _("Fuel"), "", "choice", tuple((one.value, fuel_label(one)) for one in Fuel)
            ),
        ),
    )


def engine_fields(row: int) -> tuple[Field, ...]:
    """The fields of one engine, or of several alike."""
    payload = {
        "make": (_("Engine maker"), _("Such as Yanmar or Mercury."), ""),
        "model": (_("Engine model"), "", ""),
        "power": (_("Horsepower, each"), "", "decimal"),
        "count": (_("How many alike"), _("2 for twins."), "numeric"),
        "hours": (_("Hours run"), _("As the hour meter says, of each."), "numeric"),
    }
    return tuple(
        Field(f"engine_{row}_{part}", *payload[part][:2], mode=payload[part][2])
        for part in ENGINE_PARTS
    )


def _aboard() -> Section:
    def count(name: str, label: str, hint: str) -> Field:
        return Field(name, label, hint, mode="numeric", longest=10)

    return Section(
        "aboard",
        _("Aboard"),
        _("Tick what stays with her when she is sold."),
        (
            count("cabins", _("Cabins"), _("Closed sleeping cabins.")),
            count("berths", _("Berths"), _("How many people can sleep.")),
            count("heads", _("Heads"), _("Toilets.")),
        ),
    )


def _words() -> Section:
    return Section(
        "words",
        _("Words"),
        _("The part that people read. Write as you would tell a friend at the dock."),
        (
            Field(
                "title",
                _("Headline"),
                _("5 to 120 characters: year, maker, model, and what is best about her."),
                longest=200,
                wanted=_("Give her a headline."),
            ),
            Field(
                "description",
                _("Description"),
                _(
                    "What you did to her, what is new, what wants doing, why you sell. An empty line "
                    "begins a new paragraph. Up to 10,000 characters."
                ),
                "prose",
                longest=11_000,
                wanted=_("Describe her in a few sentences."),
            ),
        ),
    )


def _price() -> Section:
    return Section(
        "price",
        _("Price"),
        _("What you ask, all in. You can change it at any time; buyers see when it falls."),
        (
            Field(
                "price",
                _("Price in US dollars"),
                _("From $1 to $10,000,000. For example 48500."),
                mode="decimal",
                longest=30,
                wanted=_("Say what you ask for her."),
            ),
        ),
    )


def _place() -> Section:
    return Section(
        "place",
        _("Where she lies"),
        _("The town, so that buyers know how far it is. Your address stays with you."),
        (
            Field(
                "country",
                _("Country"),
                "",
                "choice",
                countries(),
                wanted=_("Choose the country."),
                autocomplete="country",
            ),
            Field(
                "state",
                _("State or province"),
                _("Needed in the US, Canada and Australia."),
                suggestions="states",
                autocomplete="address-level1",
                wanted=_("Say in which state or province."),
            ),
            Field(
                "city",
                _("Town or marina"),
                "",
                autocomplete="address-level2",
                wanted=_("Say in which town she can be seen."),
            ),
            Field("zip_code", _("ZIP or postal code"), _("Optional."), longest=20),
            Field("region", _("Waters"), _("The coast, bay or lake, as locals call it. Optional.")),
        ),
    )


@cache
def countries() -> Options:
    """Every country by its name, in the order of the alphabet."""
    named = [(one.alpha_2, country_name(one.alpha_2)) for one in iso_codes().countries]
    return tuple(sorted(named, key=lambda pair: pair[1]))


@cache
def states() -> tuple[str, ...]:
    """The states and provinces that must be told, for the field to suggest."""
    return tuple(name for code in sorted(STATES_REQUIRED_IN) for name in states_of(code).values())
