"""Merging two versions of an advert after it was saved elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from litestar.response import Template

from ....listings.drafting.form import FIELDS, UNIT
from ...forms import Form
from .fields import labels, sections


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One field that is different. `picked` is whose text alone was changed; empty where both were."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_shown: str
    theirs_shown: str
    picked: str


@dataclass(frozen=True, slots=True)
class MergePage:
    """All that ``sell/merge.html`` uses. `same` are the fields that say the same in both.

    `applies` says that what is chosen changes the advert at once, and not its draft alone.
    """

    form: Form
    id: str
    applies: bool
    rows: list[MergeRow]
    same: list[tuple[str, str]]
    version: str
    of_version: str


def merge_page(
    form: Form,
    id: str,
    mine: Mapping[str, str],
    theirs: Mapping[str, str],
    base: Mapping[str, str],
    *,
    version: int,
    of_version: int | None,
    applies: bool,
    status: int,
) -> Template:
    """The page on which somebody chooses, field by field; nothing of either is lost until they do.

    `base` is what both began from, where it is known: a field that one of them left alone is the
    other's to say.
    """
    unit = mine.get(UNIT, "")
    named = labels(unit)
    shown = {field.name: dict(field.options) for part in sections(unit) for field in part.fields}
    rows, same = [], []
    for name in FIELDS:
        one, other = mine.get(name, ""), theirs.get(name, "")
        if one == other:
            same += [(name, one)] if one else []
            continue
        picked = ""
        if base:
            was = base.get(name, "")
            picked = "theirs" if one == was else "mine" if other == was else ""
        words = shown.get(name, {})
        rows.append(
            MergeRow(
                name, named[name], one, other, words.get(one, one), words.get(other, other), picked
            )
        )
    page = MergePage(
        form=form,
        id=id,
        applies=applies,
        rows=rows,
        same=same,
        version=str(version),
        of_version=str(of_version or ""),
    )
    return Template(
        "sell/merge.html",
        context={"page": page},
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )
