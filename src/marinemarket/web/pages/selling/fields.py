"""The fields of the advert editor, with their labels and hints."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ....figures.lengths import METRES
from ....i18n.texts import gettext as _
from ....listings.boat_details import Condition, Fuel, HullMaterial, Usage
from ....listings.drafting.form import ENGINE_PARTS, MOST_ENGINES, UNIT
from ....listings.vocabulary.boat_types import BOAT_TYPES
from ....listings.vocabulary.countries import STATES_REQUIRED_IN, country_name, states_of
from ....listings.vocabulary.iso_codes import iso_codes
from ...presentation.labels import fuel_label, hull_label, type_label, usage_label
from ...unsent import Choices

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `wanted` is the hint shown where the public must be told and it is empty."""

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
            named[field.name] = _("Engine %(row)s: %(field)s", row=row, field=field.label)
    return named | {
        UNIT: _("Feet or meters"),
        "features": _("Selected equipment"),
        "more_features": _("Other equipment"),
    }


def typed_labels() -> dict[str, str]:
    """What the fields that are typed are called, without those that are chosen from a list."""
    rows = (engine_fields(row) for row in range(1, MOST_ENGINES + 1))
    fields = [field for section in sections("") for field in section.fields]
    fields += [field for row in rows for field in row]
    named = labels("")
    typed = [field.name for field in fields if not field.options]
    return {name: named[name] for name in [*typed, "more_features"]}


def choices() -> Choices:
    """The fields that are chosen from a list, with what their values are called."""
    rows = (engine_fields(row) for row in range(1, MOST_ENGINES + 1))
    fields = [field for section in sections("") for field in section.fields]
    fields += [field for row in rows for field in row]
    named = labels("")
    chosen = {field.name: (named[field.name], dict(field.options)) for field in fields}
    typed = typed_labels()
    found = {name: choice for name, choice in chosen.items() if name not in typed}
    units = {"ft": _("Feet and pounds"), METRES: _("Meters and kilograms")}
    return found | {"feature": (named["features"], {}), UNIT: (named[UNIT], units)}


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
        _("Boat"),
        _("The basics. Buyers search by these details."),
        (
            Field(
                "type",
                _("Type"),
                _("Choose the closest one. If none fits, choose “Other boat”."),
                "choice",
                tuple((one.name, type_label(one.name)) for one in BOAT_TYPES),
                wanted=_("Choose the type of boat."),
            ),
            Field(
                "manufacturer",
                _("Maker"),
                _("The builder, such as Beneteau or Grady-White."),
                suggestions="makers",
            ),
            Field(
                "model",
                _("Model"),
                _("The maker’s name for it, such as Oceanis 40."),
                suggestions="models",
            ),
            Field(
                "year",
                _("Year built"),
                _("The model year in the boat’s papers."),
                mode="numeric",
                longest=10,
                wanted=_("Enter the year the boat was built."),
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
                _("Be honest: buyers will see it when they visit."),
                "choice",
                (
                    (Condition.EXCELLENT.value, _("Excellent: no work needed")),
                    (Condition.GOOD.value, _("Good: normal wear, everything works")),
                    (Condition.FAIR.value, _("Fair: some work needed")),
                    (Condition.NEEDS_WORK.value, _("Needs work: a project boat")),
                ),
                wanted=_("Choose the condition."),
            ),
            Field(
                "hin",
                _("Hull number (HIN)"),
                _(
                    "12 letters and digits, or 14 with a country code in front. Look on "
                    "the outside of the transom, at the top right, or in the boat’s "
                    "papers. Boats built before 1972 have none."
                ),
                longest=40,
            ),
            Field(
                "hull_material",
                _("Hull"),
                _("The main material of the hull."),
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
    heavy = _("Dry weight, in kilograms.") if unit == METRES else _("Dry weight, in pounds.")

    def size(name: str, label: str, hint: str, wanted: str = "") -> Field:
        message = _("%(hint)s For example %(example)s.", hint=hint, example=example[name]).strip()
        return Field(name, label, message, "size", mode="text", longest=20, wanted=wanted)

    return Section(
        "size",
        _("Size"),
        _(
            "Measure, or check the boat’s papers. Buyers need to know whether the boat fits "
            "their slip."
        ),
        (
            size(
                "length",
                _("Length on deck"),
                _("The hull only, without bowsprit or swim platform."),
                _("Enter the length."),
            ),
            size("loa", _("Length overall (LOA)"), _("Including everything that sticks out.")),
            size("beam", _("Beam"), _("At the widest point.")),
            size("draft", _("Draft"), _("From the waterline to the lowest point.")),
            size(
                "air_draft",
                _("Air draft"),
                _("From the waterline to the highest point, for passing under bridges."),
            ),
            size("displacement", _("Weight"), heavy),
        ),
    )


def _use() -> Section:
    return Section(
        "engine",
        _("Engine and use"),
        _("If the boat has no engine, choose “None” and continue."),
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
        "power": (_("Horsepower per engine"), "", "decimal"),
        "count": (_("Number of engines"), _("For example, 2 for twin engines."), "numeric"),
        "hours": (_("Engine hours"), _("The reading of each hour meter."), "numeric"),
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
        _("On board"),
        _("Select what is included in the sale."),
        (
            count("cabins", _("Cabins"), _("Enclosed sleeping cabins.")),
            count("berths", _("Berths"), _("How many people can sleep on board.")),
            count("heads", _("Heads"), _("Toilets.")),
        ),
    )


def _words() -> Section:
    return Section(
        "words",
        _("Words"),
        _("This is what buyers read. Write as if you were telling a friend at the dock."),
        (
            Field(
                "title",
                _("Headline"),
                _("5 to 120 characters: year, maker, model, and the boat’s best feature."),
                longest=200,
                wanted=_("Enter a headline."),
            ),
            Field(
                "description",
                _("Description"),
                _(
                    "What you have done to the boat, what is new, what needs work, and "
                    "why you are selling. Leave an empty line between paragraphs. Up to "
                    "10,000 characters."
                ),
                "prose",
                longest=11_000,
                wanted=_("Describe the boat in a few sentences."),
            ),
        ),
    )


def _price() -> Section:
    return Section(
        "price",
        _("Price"),
        _(
            "Your full asking price, or that it is on request. You can change it at any time; buyers "
            "see price drops."
        ),
        (
            Field(
                "price",
                _("Price in US dollars"),
                _("From $1 to $10,000,000. For example 48500."),
                mode="decimal",
                longest=30,
                wanted=_("Enter your asking price."),
            ),
            Field(
                "price_on_request",
                _("Price on request"),
                _(
                    "No price is shown, and buyers ask you for it. Searches with a highest or lowest "
                    "price do not find the boat."
                ),
                "tick",
            ),
        ),
    )


def _place() -> Section:
    return Section(
        "place",
        _("Location"),
        _(
            "The town, so that buyers know how far away the boat is. Your street address is "
            "not asked for."
        ),
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
                _("Required in the US, Canada and Australia."),
                suggestions="states",
                autocomplete="address-level1",
                wanted=_("Choose the state or province."),
            ),
            Field(
                "city",
                _("Town or marina"),
                "",
                autocomplete="address-level2",
                wanted=_("Enter the town where the boat can be seen."),
            ),
            Field("zip_code", _("ZIP or postal code"), _("Optional."), longest=20),
            Field("region", _("Waters"), _("The local name of the coast, bay or lake. Optional.")),
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
