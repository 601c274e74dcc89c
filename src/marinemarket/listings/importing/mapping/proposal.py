"""Proposing a mapping: headers and values tell what each column holds, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Row
from dataclasses import dataclass
from dataclasses import field as having
from enum import StrEnum
from itertools import islice

from ..source_file import SourceFile
from .column_headers import EXACT, Header, Named, fields_named, read_header
from .evidence import fit, with_countries, with_currency, with_makers
from .fields import FIELDS, LEAVE_OUT, LENGTH_UNITS
from .mapping import ColumnRule, Mapping
from .recognition import brokers_columns, is_of_the_template
from .standing_in import Told, completed
from .vocabulary import means

MOST_ROWS = 300
"""How many rows of a file are looked at for a proposal."""
_MOST_VALUES = 60
_SHOWN, _LONGEST_SHOWN = 3, 80

_SURE = 0.72
_LIKELY = 0.42
_BY_VALUES_ALONE = 0.62
_MOSTLY = 0.8
_CLEAR = 0.8
"""What share of a column's values must fit a field that its name does not say."""
_NOT_AGAINST = 0.3
"""What share of its values fits a column at least that is surely what its name says."""
_SPOKEN_HERE = 0.02
_TELLING = ("hin", "images", "price", "type", "fuel", "hullMaterial", "condition", "usage", "country",
            "status", "coordinates", "year", "currency", "maker", "makerModel", "place")  # fmt: skip
"""Fields whose values alone are telling. A long text may be a note that nobody else should read."""


class Certainty(StrEnum):
    """How sure a proposal is of one column."""

    SURE = "sure"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ProposedColumn:
    """A column, what it seems to hold (None for nothing of ours), and some of its values."""

    column: str
    field: str | None
    unit: str | None
    certainty: Certainty
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping as it is proposed.

    `questions` are what the file does not say and somebody must: ``country``, ``currency``, ``type``,
    ``lengthUnit``, ``price``. The mapping may hold a guess at the answer.
    """

    columns: tuple[ProposedColumn, ...]
    mapping: Mapping
    questions: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """May a file be read by it without anybody looking?"""
        return not self.questions and all(
            one.certainty is not Certainty.LIKELY for one in self.columns
        )


@dataclass(slots=True)
class _Column:
    name: str
    header: Header
    named: dict[str, Named]
    values: list[str] = having(default_factory=list)


def propose_for(source: SourceFile) -> Proposal:
    """What the columns of a file that was just opened may hold; reads its first rows."""
    rows = (
        row.cells
        for row in islice(source, MOST_ROWS)
        if row.cells is not None and not is_of_the_template(row.raw[0])
    )
    return propose(brokers_columns(source.names), rows)


def propose(names: Sequence[str], rows: Iterable[Row[str, str]]) -> Proposal:
    """What the columns of a file may hold, by their names and the first rows."""
    columns = _columns(names, rows)
    language = _language(columns)
    chosen = _chosen(columns, language)
    told = [Told(one.name, chosen[one.name][0], one.header, one.values) for one in columns]
    units, mapping, questions = completed(told, language)
    rules = tuple(
        ColumnRule(column=one.column, field=one.field, unit=units.get(one.column))
        for one in told if one.field in FIELDS
    )  # fmt: skip
    proposed = [
        ProposedColumn(
            one.name,
            field if (field := chosen[one.name][0]) in FIELDS else None,
            units.get(one.name),
            _certainty(field, chosen[one.name][1]),
            _samples(one.values),
        )
        for one in columns
    ]
    return Proposal(tuple(proposed), mapping.changed(columns=rules), questions)


def _columns(names: Sequence[str], rows: Iterable[Row[str, str]]) -> list[_Column]:
    found = []
    for name in names:
        if name:
            header = read_header(name)
            found.append(_Column(name, header, fields_named(header)))
    seen: dict[str, dict[str, None]] = {one.name: {} for one in found}
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            break
        for name, values in seen.items():
            cell = row.get(name, "").strip()
            if cell and len(values) < _MOST_VALUES:
                values[cell[:2000]] = None
    for one in found:
        one.values = list(seen[one.name])
    return found


def _language(columns: Sequence[_Column]) -> str:
    """The language that most headers are in; English if they do not tell."""
    weight: dict[str, float] = {"en": 0.1}
    for column in columns:
        languages = frozenset[str]().union(*(named.languages for named in column.named.values()))
        for language in languages:
            weight[language] = weight.get(language, 0) + 1 / len(languages)
    return max(weight, key=lambda language: weight[language])


def _chosen(columns: Sequence[_Column], language: str) -> dict[str, tuple[str, float]]:
    """The field of each column and how sure that is; ``leaveOut`` for columns that hold none."""
    offers = [
        (score, -position, field)
        for position, column in enumerate(columns)
        for field, score in _scores(column, language).items()
        if score >= _LIKELY
    ]
    chosen: dict[str, tuple[str, float]] = {}
    taken: dict[str, list[_Column]] = {}
    for score, position, field in sorted(offers, key=lambda one: (-one[0], -one[1])):
        column = columns[-position]
        if column.name in chosen or not _may_also_hold(column, taken.get(field, []), field):
            continue
        chosen[column.name] = (field, score)
        taken.setdefault(field, []).append(column)
    return {one.name: chosen.get(one.name, (LEAVE_OUT, 0.0)) for one in columns}


def _scores(column: _Column, language: str) -> dict[str, float]:
    scores = {}
    for field, named in column.named.items():
        fits = fit(field, column.values, _length_unit(column))
        held = (
            0.9
            if field == LEAVE_OUT
            else 0.88
            if field == "detail"
            else 0.9
            if fits is None
            else 0.2 + 0.8 * fits
        )
        score = named.score * held + _unit_tells(column.header, field)
        if (
            named.score == EXACT
            and len(column.named) == 1
            and (fits is None or fits >= _NOT_AGAINST)
        ):
            score = max(score, _SURE)  # nothing else is called so
        scores[field] = score + (_SPOKEN_HERE if language in named.languages else 0.0)
    if LEAVE_OUT not in scores and max(scores.values(), default=0.0) < _LIKELY:
        for field in _TELLING:
            fits = fit(field, column.values) or 0.0
            if fits >= _CLEAR and _is_plain(field, column.values):
                scores[field] = max(scores.get(field, 0.0), _BY_VALUES_ALONE * fits)
    return scores


def _length_unit(column: _Column) -> str | None:
    unit = column.header.unit
    return unit if unit in LENGTH_UNITS else None


def _is_plain(field: str, values: Sequence[str]) -> bool:
    """Do values alone tell this field from others that hold the like?"""
    if field == "price":
        return with_currency(values) > _MOSTLY
    if field in ("maker", "makerModel"):
        return with_makers(values) > _MOSTLY
    if field == "place":
        return with_countries(values) > _MOSTLY
    if field in ("condition", "fuel"):
        return any(
            len(value) > 2 for value in values
        )  # not the figures and letters that grade something
    if field == "status":
        return not all(means("yes", value) or means("no", value) for value in values)
    return field != "year" or len(values) > 1


def _unit_tells(header: Header, field: str) -> float:
    """A unit in a header speaks for a field that has it: ``Power (kW)`` is no text."""
    if header.unit is None or field not in FIELDS:
        return 0.0
    units = FIELDS[field].units
    is_money = len(header.unit) == 3 or header.unit in ("$", "kr")
    if field == "price":
        return 0.1 if is_money else -0.3
    if field == "hours":
        return 0.1 if header.unit == "h" else -0.1
    return 0.1 if header.unit in units else -0.15


def _may_also_hold(column: _Column, others: Sequence[_Column], field: str) -> bool:
    """May a column hold a field that others hold, too?"""
    if not others or field in (LEAVE_OUT, "detail"):
        return True
    if field == "price":
        return any(column.header.unit and column.header.unit != one.header.unit for one in others)
    if not FIELDS[field].repeats:
        return False
    if FIELDS[field].units and field != "enginePower":
        return all(column.header.unit != one.header.unit for one in others)
    return True


def _certainty(field: str, score: float) -> Certainty:
    if field not in FIELDS:
        return Certainty.NONE
    return Certainty.SURE if score >= _SURE else Certainty.LIKELY


def _samples(values: Sequence[str]) -> tuple[str, ...]:
    shown = (" ".join(value.split()) for value in values[:_SHOWN])
    return tuple(
        value if len(value) <= _LONGEST_SHOWN else f"{value[: _LONGEST_SHOWN - 1]}…"
        for value in shown
    )
