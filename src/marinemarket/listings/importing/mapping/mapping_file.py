"""A mapping as a TOML file: written with samples of each column, corrected by hand, and read back."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....errors import FieldError, Invalid
from ....i18n.texts import gettext as _
from .fields import FIELDS
from .mapping import ColumnRule, Mapping, WithoutPrice
from .proposal import Certainty, Proposal
from .questions import question_text

_EVERYWHERE = ("country", "currency", "type", "lengthUnit", "withoutPrice")
_LARGEST = 1_000_000


def mapping_text(proposal: Proposal, file_name: str) -> str:
    """A proposal as the text of a TOML file, with comments that say how to correct it."""
    return "\n".join([*_introduction(file_name), *_everywhere(proposal), *_columns(proposal), ""])


def _introduction(file_name: str) -> Iterator[str]:
    name = _comment(file_name)
    yield "# " + _("What the columns of %(name)s hold, by their names and values.", name=name)
    yield "# " + _("Correct it where it is wrong, then run:")
    yield f"#   marinemarket import {name} --mapping THIS-FILE"
    left_out = _("A column with nothing behind its = is left out:")
    yield f"# {left_out} {_quoted('Owner')} = {_quoted('')}"
    yield "# " + _("The fields are:")
    for field in FIELDS.values():
        units = f" ({', '.join(field.units)})" if field.units else ""
        yield f"#   {field.name:15} {_(field.label)}{units}"


def _everywhere(proposal: Proposal) -> Iterator[str]:
    mapping = proposal.mapping
    guesses = {
        "country": mapping.country,
        "currency": mapping.currency,
        "type": mapping.type,
        "lengthUnit": mapping.length_unit,
        "withoutPrice": mapping.without_price.value,
    }
    yield ""
    yield "# " + _("What holds for all rows that do not say it themselves.")
    yield "[everywhere]"
    for name, value in guesses.items():
        if name in proposal.questions:
            yield "# " + _("Please check:") + f" {question_text(name)}"
        if name == "withoutPrice":
            yield "# " + _("“refused” or “onRequest”: what becomes of a row without a price")
        if value is not None:
            yield f"{name} = {_quoted(value)}"
        elif name in proposal.questions:
            yield f'# {name} = ""'


def _columns(proposal: Proposal) -> Iterator[str]:
    yield ""
    yield "[columns]"
    for one in proposal.columns:
        if one.field is None:
            value, remark = '""', _("left out")
        else:
            value = _quoted(one.field)
            if one.unit:
                value = f"{{ field = {value}, unit = {_quoted(one.unit)} }}"
            remark = _("please check") if one.certainty is Certainty.LIKELY else ""
        comment = " · ".join(filter(None, (remark, _comment(" | ".join(one.samples)))))
        yield f"{_quoted(one.column)} = {value}{f'  # {comment}' if comment else ''}"


def _quoted(text: str) -> str:
    # A string of JSON is one of TOML, but for this one sign.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    """A text without the control characters that a comment may not hold."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file. Raises Invalid with everything that it cannot say."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1).decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(_("cannot be read: %(why)s", why=error.strerror)) from None
    except UnicodeDecodeError:
        raise _unreadable(_("must be in UTF-8")) from None
    return mapping_in(text)


def mapping_in(text: str) -> Mapping:
    """The mapping in the text of a TOML file. Raises Invalid."""
    if len(text) > _LARGEST:
        raise _unreadable(_("is too large for a mapping"))
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable(_("is no TOML file: %(why)s", why=error)) from None
    errors = [
        FieldError(name, _("is not a part of a mapping: [everywhere] and [columns] are"))
        for name in document
        if name not in ("everywhere", "columns")
    ]
    everywhere, columns = document.get("everywhere", {}), document.get("columns", {})
    if not isinstance(everywhere, dict) or not isinstance(columns, dict):
        raise _unreadable(_("must have the parts [everywhere] and [columns]"))
    given = _given(everywhere, errors)
    rules = [rule for name, value in columns.items() if (rule := _rule(name, value, errors))]
    if errors:
        raise Invalid(errors)
    return Mapping(columns=tuple(rules), **given)


def _given(everywhere: dict[str, Any], errors: list[FieldError]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in everywhere.items():
        if name not in _EVERYWHERE:
            known = ", ".join(_EVERYWHERE)
            errors.append(FieldError(name, _("is not known here; %(known)s are", known=known)))
        elif not isinstance(value, str) or len(value) > 100:
            errors.append(FieldError(name, _("must be a short text")))
        elif name == "withoutPrice":
            if value not in tuple(WithoutPrice):
                errors.append(FieldError(name, _("must be “refused” or “onRequest”")))
            else:
                given["without_price"] = WithoutPrice(value)
        elif value:
            given["length_unit" if name == "lengthUnit" else name] = value
    return given


def _rule(column: str, value: Any, errors: list[FieldError]) -> ColumnRule | None:
    if isinstance(value, str):
        value = {"field": value}
    if not isinstance(value, dict) or not {"field"} <= value.keys() <= {"field", "unit"}:
        errors.append(FieldError(column, _("must be a field, or { field = …, unit = … }")))
        return None
    field, unit = value["field"], value.get("unit")
    if not isinstance(field, str) or not isinstance(unit, str | None):
        errors.append(FieldError(column, _("must be a field, or { field = …, unit = … }")))
        return None
    if not field:
        return None
    if not 0 < len(column) <= 200 or len(field) > 100 or len(unit or "") > 100:
        errors.append(FieldError(column[:60], _("is too long")))
        return None
    return ColumnRule(column=column, field=field, unit=unit or None)


def _unreadable(why: str) -> Invalid:
    return Invalid([FieldError("--mapping", why)])
