"""The file formats of listings: each parses a row into a draft, or says why it cannot."""

from __future__ import annotations

from . import boat24, mcm2020, own_csv
from .parsed_row import Format

FORMATS: dict[str, Format] = {
    "boat24": Format("boat24", boat24.COLUMNS, boat24.parse_row),
    "mcm2020": Format("mcm2020", mcm2020.COLUMNS, mcm2020.parse_row, adapt=mcm2020.take_type_from),
    "csv": Format("csv", own_csv.REQUIRED, own_csv.parse_row, own_csv.READ),
}
