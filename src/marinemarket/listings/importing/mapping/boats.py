"""The boat of a row: what she is, how large, and her engines."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from typing import Any

from ....i18n.texts import gettext as _
from ...vocabulary.boat_types import OTHER
from ...vocabulary.manufacturers import known_makers
from . import cells
from .column_headers import read_header
from .engines import read_engine
from .mapping import ColumnRule
from .row_cells import WRITTEN, RowCells
from .vocabulary import means, value_of

_LENGTHS = ("loa", "length", "beam", "draft", "airDraft")
_WIDEST = Decimal("0.85")
"""Of the length: no boat is wider, or draws more."""


def boat_of(row: RowCells) -> dict[str, Any]:
    maker, model = _maker_and_model(row)
    boat: dict[str, Any] = {
        "type": _type(row),
        "manufacturer": maker,
        "model": model,
        "year": row.read("year", lambda _rule, cell: cells.year(cell)),
        "hin": row.text("hin"),
        **_sizes(row),
        **_words_for_kinds(row),
    }
    for field in ("cabins", "berths", "heads"):
        boat[field] = row.read(field, lambda _rule, cell: cells.whole(cell, WRITTEN))
    boat["displacement"] = row.read(
        "displacement", lambda rule, cell: cells.pounds(cell, rule.unit or "kg", WRITTEN)
    )
    boat |= _engines(row, boat)
    return {name: value for name, value in boat.items() if value is not None}


def _type(row: RowCells) -> str:
    cell = row.text("type")
    if cell is None:
        return row.mapping.type or OTHER
    # What the vocabulary does not know is kept as typed, beside our "other".
    return cells.boat_type(cell) or cell


def _maker_and_model(row: RowCells) -> tuple[str | None, str | None]:
    maker, model = row.text("maker"), row.text("model")
    both = row.text("makerModel")
    if both is None:
        return maker, model
    first, rest = _parted(both)
    return maker or first, model or rest


def _sizes(row: RowCells) -> dict[str, Decimal | None]:
    unit = row.read("lengthUnit", lambda _rule, cell: cells.length_unit(cell))
    sizes: dict[str, Decimal | None] = {field: _length(row, field, unit) for field in _LENGTHS}
    together = row.read(
        "dimensions",
        lambda rule, cell: cells.dimensions(
            cell, rule.unit or unit or row.mapping.length_unit or "m", WRITTEN
        ),
    )
    for field, figure in zip(("length", "beam", "draft"), together or (), strict=False):
        sizes[field] = sizes[field] or figure.quantize(Decimal("0.01"))
    sizes["length"] = sizes["length"] or sizes["loa"]
    if sizes["loa"] and sizes["length"] and sizes["loa"] < sizes["length"]:
        sizes["length"] = sizes["loa"]
    for field in ("beam", "draft"):
        size, length = sizes[field], sizes["length"]
        if size and length and size > length * _WIDEST:
            row.left_out.append(f"{field} of {size} ft")
            sizes[field] = None
    return sizes


def _length(row: RowCells, field: str, of_the_row: str | None) -> Decimal | None:
    """The first figure of a length; feet and inches may be in two columns."""
    whole = None
    for rule, cell in row.cells(field):
        unit = rule.unit or of_the_row or row.mapping.length_unit or "m"
        try:
            found = cells.feet(cell, unit, WRITTEN)
        except ValueError as error:
            row.wrong(rule, cell, str(error))
            return None
        if found is None:
            continue
        if whole is None:
            whole = found
            if unit != "ft" or found != found.to_integral_value():
                break
        elif unit == "in" and found < 1:
            whole += found
            break
    return None if whole is None else whole.quantize(Decimal("0.01"))


def _words_for_kinds(row: RowCells) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "hullMaterial": _known(row, "hullMaterial", "other"),
        "fuel": _known(row, "fuel", "other"),
    }
    for field in ("condition", "usage"):
        for rule, cell in row.cells(field):
            stated = _condition_and_usage(row, rule, cell)
            if not any(stated.values()):
                if field == "condition":
                    why = _("is no condition: write excellent, good, fair or needs work")
                else:
                    why = _("write new or used")
                row.wrong(rule, cell, why)
            for name, value in stated.items():
                found[name] = found.get(name) or value
    return found


def _condition_and_usage(row: RowCells, rule: ColumnRule, cell: str) -> dict[str, str | None]:
    """What a cell says of both: “Used – excellent”."""
    parts = cells.parted(cell)
    condition = next((found for part in parts if (found := value_of("condition", part))), None)
    usage = next((found for part in parts if (found := value_of("usage", part))), None)
    if rule.field == "usage":
        usage = usage or _usage_of_column(row, rule, cell)
        condition = condition if usage is None else None
    return {"condition": condition, "usage": usage}


def _usage_of_column(row: RowCells, rule: ColumnRule, cell: str) -> str | None:
    """A column that is called “New” says yes or no."""
    named = next(
        (one for word in read_header(rule.column).words if (one := value_of("usage", word))),
        None,
    )
    if named in ("new", "used") and (means("yes", cell) or means("no", cell)):
        return named if means("yes", cell) else {"new": "used", "used": "new"}[named]
    return None


def _known(row: RowCells, field: str, otherwise: str) -> str | None:
    for _rule, cell in row.cells(field):
        if found := value_of(field, cell):
            return found
        named = [found for part in cells.parted(cell) if (found := value_of(field, part))]
        return named[0] if named else otherwise
    return None


def _engines(row: RowCells, boat: dict[str, Any]) -> dict[str, Any]:
    texts = [cell for _rule, cell in row.cells("engine")]
    stated = read_engine(texts[0]) if len(texts) == 1 else {}
    run = row.read("hours", lambda _rule, cell: cells.hours(cell, WRITTEN)) or []
    count = row.read("engineCount", lambda _rule, cell: cells.whole(cell, WRITTEN))
    engines = _engine_columns(row, count)
    if not engines and (stated.keys() & {"make", "power"}):
        engines = [{name: value for name, value in stated.items() if name != "fuel"}]
    for engine in engines[:1]:
        engine.setdefault("count", min(count or stated.get("count") or 1, 12) or 1)
        for name in ("make", "model", "power"):
            if name in stated:
                engine.setdefault(name, stated[name])
    found: dict[str, Any] = {}
    if engines:
        found["engines"] = engines[:8]
    if texts:
        found["engine"] = "; ".join(texts)
    if run or "hours" in stated:
        found["hours"] = max(run) if run else stated["hours"]
    if boat.get("fuel") is None and "fuel" in stated:
        found["fuel"] = stated["fuel"]
    return found


def _engine_columns(row: RowCells, count: int | None) -> list[dict[str, Any]]:
    """The engines of columns: the first of each kind is of the first engine, and so on."""
    engines: list[dict[str, Any]] = []
    for field, name in (
        ("engineMaker", "make"),
        ("engineModel", "model"),
        ("enginePower", "power"),
    ):
        for number, (rule, cell) in enumerate(row.cells(field)):
            value: Any = cell[:100]
            if name == "power":
                many, each = cells.several(cell)
                try:
                    power = cells.horsepower(each, rule.unit or "hp", WRITTEN)
                except ValueError as error:
                    row.wrong(rule, cell, str(error))
                    continue
                if power is None:
                    continue
                value = power.quantize(Decimal("0.1"))
            while len(engines) <= number:
                engines.append({})
            engines[number][name] = value
            if name == "power" and many > 1 and count is None:
                engines[number]["count"] = many
    engines = [engine for engine in engines if engine]
    if len(engines) > 1 and all(engine == engines[0] for engine in engines):
        return [engines[0] | {"count": len(engines)}]
    return engines


def _parted(both: str) -> tuple[str | None, str | None]:
    """A manufacturer and a model in one cell, where it is plain which is which; else all is the model."""
    for separator in (r"\s*[/|;,]\s*", r"\s+[-–—]\s+"):
        parts = re.split(separator, both, maxsplit=1)
        if (
            len(parts) == 2
            and all(parts)
            and not (parts[0] == "J" and separator.startswith(r"\s*[/"))
        ):
            return parts[0], parts[1]
    folded = both.casefold()
    for maker in sorted(known_makers(), key=len, reverse=True):
        if folded.startswith(f"{maker.casefold()} "):
            return both[: len(maker)], both[len(maker) :].strip()
    with suppress(ValueError):
        first, rest = both.split(maxsplit=1)
        if any(map(str.isdigit, rest.split()[0])) and not any(map(str.isdigit, first)):
            return first, rest
    return None, both
