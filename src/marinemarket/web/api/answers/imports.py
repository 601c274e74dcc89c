"""Files of boats, as the API answers them."""

from __future__ import annotations

from ....listings.importing.mapping.proposal import Certainty
from ....wire import Model


class ColumnProposal(Model):
    """What a column of a file seems to hold."""

    column: str
    """The column's name in the file."""
    field: str | None
    """The field that it holds, such as `loa`; null for a column that is left out."""
    unit: str | None
    """The unit or currency of bare numbers in it."""
    certainty: Certainty
    """How sure that is: `sure`, `likely` (to be checked) or `none`."""
    samples: list[str]
    """Some of its values."""


class MappingQuestion(Model):
    """Something that the file does not tell and a mapping must."""

    name: str
    """What is asked, such as `country`."""
    text: str
    """The question in words."""


class ImportProposal(Model):
    """What the columns of a file seem to hold. Nothing was imported."""

    format: str | None
    """The format of ours that the file is in; null for columns of your own."""
    columns: list[ColumnProposal]
    """Each column, in the order of the file."""
    questions: list[MappingQuestion]
    """What must be answered before the file can be imported."""
    mapping: str
    """The proposal as the text of a TOML file, to be corrected and sent with the file."""


class StartedImport(Model):
    """An import that has begun."""

    id: str
    """The id of the file."""
    job: str
    """The id of the job that imports it."""
    file_name: str
    """The name of the file."""
