"""The format of a file that is imported: named, known by its columns, or given by a mapping of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from ..accounts.records import MARKET_ID, find_user_by_email
from ..audit.actions import Action
from ..config.settings import Settings
from ..errors import FieldError, Invalid
from ..listings.importing.formats import FORMATS
from ..listings.importing.formats.parsed_row import Format
from ..listings.importing.importer import ACTOR
from ..listings.importing.mapping.mapped_row import format_of
from ..listings.importing.mapping.mapping import Mapping, check_mapping
from ..listings.importing.mapping.mapping_file import mapping_text, read_mapping
from ..listings.importing.mapping.proposal import Certainty, Proposal, propose_for
from ..listings.importing.mapping.questions import question_text
from ..listings.importing.mapping.recognition import brokers_columns, known_format
from ..listings.importing.mapping.remembered import remembered_mapping, remembering_put
from ..listings.importing.source_file import SourceFile
from .command import DONE, REFUSED, answer, words

if TYPE_CHECKING:
    from ..accounts.user import User
    from ..composition import Market

AUTO = "auto"


class Unmapped(Exception):
    """A file has columns of its own, and nobody has stated what they hold."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self.proposal = proposal


class ChosenFormat:
    """The format of a file; with its `mapping`, if its columns are a broker's own."""

    def __init__(
        self, format: Format, mapping: Mapping | None = None, names: list[str] | None = None
    ) -> None:
        self.format, self.mapping, self._names = format, mapping, names or []

    async def remember(self, market: Market, owner: User) -> None:
        """Keep the mapping for the owner's next file with the same columns."""
        if self.mapping is None:
            return
        now = market.trail.clock()
        entry = ACTOR.entry(Action.LISTINGS_IMPORTED, "user", owner.id, now, kept="mapping")
        await market.trail.commit(entry, remembering_put(owner.id, self._names, self.mapping, now))

    def left_out(self) -> list[str]:
        """The columns that are not imported."""
        return self.mapping.left_out(brokers_columns(self._names)) if self.mapping else []


async def choose_format(
    source: SourceFile, format_name: str | None, mapping: str | None, settings: Settings, owner: str | None
) -> ChosenFormat:  # fmt: skip
    """The format of a file that was just opened. Raises Unmapped with a proposal, and Invalid."""
    if mapping is not None and mapping != AUTO:
        given = read_mapping(Path(mapping))
        check_mapping(given, source.names)
        return ChosenFormat(format_of(given), given, source.names)
    if format_name is not None:
        return ChosenFormat(FORMATS[format_name])
    if known := known_format(source.names):
        return ChosenFormat(known)
    kept = await _remembered(settings, owner, source.names)
    if kept is None:
        proposal = propose_for(source)
        if mapping != AUTO or not proposal.is_sure:
            raise Unmapped(proposal)
        kept = proposal.mapping
    check_mapping(kept, source.names)
    return ChosenFormat(format_of(kept), kept, source.names)


async def _remembered(settings: Settings, owner: str | None, names: list[str]) -> Mapping | None:
    from ..composition import KeyUse, open_existing_market
    from ..stores import has_market

    if not await has_market(settings):
        return None
    async with open_existing_market(settings, key=KeyUse.NONE) as market:
        user = await find_user_by_email(market.store, owner) if owner else None
        if owner and user is None:
            return None
        return await remembered_mapping(market.store, user.id if user else MARKET_ID, names)


def answer_proposal(proposal: Proposal, file: Path, write_to: Path | None, *, as_json: bool) -> int:
    """Show a proposal, or write it to a file; returns the exit code."""
    if write_to is not None:
        try:
            write_to.write_text(mapping_text(proposal, file.name), encoding="utf-8")
        except OSError as error:
            message = f"{write_to} cannot be written: {error.strerror}"
            raise Invalid([FieldError("--write-mapping", message)]) from None
    elif not as_json:
        words.print(_as_table(proposal))
    answer(
        document_of(proposal, write_to), as_json=as_json, message=_advice(proposal, file, write_to)
    )
    return DONE if write_to else REFUSED


def document_of(proposal: Proposal, path: Path | None = None) -> dict[str, Any]:
    """A proposal as JSON has it."""
    return {
        "mapping": str(path) if path else None,
        "columns": [
            {
                "column": one.column,
                "field": one.field,
                "unit": one.unit,
                "certainty": one.certainty.value,
                "samples": list(one.samples),
            }
            for one in proposal.columns
        ],
        "questions": list(proposal.questions),
    }


def _as_table(proposal: Proposal) -> Table:
    table = Table("Column", "Holds", "Unit", "For example", box=None, pad_edge=False)
    for one in proposal.columns:
        if one.field is None:
            holds = "– left out"
        else:
            mark = " (check this)" if one.certainty is Certainty.LIKELY else ""
            holds = f"{one.field}{mark}"
        samples = " | ".join(one.samples)
        table.add_row(*map(escape, (one.column, holds, one.unit or "", samples[:60])))
    return table


def _advice(proposal: Proposal, file: Path, path: Path | None) -> str:
    lines = [f"Please answer: {question_text(name)}" for name in proposal.questions]
    if path is not None:
        lines.append(f"The proposal is in {path}. Correct it, then run:")
        lines.append(f"  marinemarket import {file} --mapping {path}")
        return "\n".join(lines)
    lines.append(
        "Nothing was imported: these columns are not ours, and somebody should look first."
    )
    lines.append(
        f"  marinemarket import {file} --write-mapping mapping.toml   writes them to a file to correct"
    )
    if proposal.is_sure:
        lines.append(f"  marinemarket import {file} --mapping auto   imports the boats like this")
    return "\n".join(lines)
