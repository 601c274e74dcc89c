"""A seller's own file: read as an operator's import is, but trusted no more than a seller's form."""

from __future__ import annotations

from typing import Any

from ...errors import FieldError, Invalid
from ...i18n.numbers import whole
from ...i18n.texts import gettext as _
from ..lifecycle.editing import EDITABLE
from ..listing import Listing, Moderation, Status
from ..reconfirmation import reconfirmed
from ..video import video_id
from .formats.parsed_row import Format, ParsedRow
from .importer import Importer
from .source_file import SourceFile

LARGEST_FILE = 5_000_000
MOST_ROWS = 2000
FORMATS = ("csv", "boat24")


class SellerImporter(Importer):
    """An import in which a row may set only what an owner may set of an advert.

    New adverts wait for moderation. One that lacks something required for publication is imported as
    inactive.
    """

    def _allowed(self, draft: ParsedRow) -> ParsedRow:
        payload = {name: value for name, value in draft.payload.items() if name in EDITABLE}
        if any(
            video_id(address) for address in payload.get("videos", ()) if isinstance(address, str)
        ):
            raise Invalid([FieldError("videos", _("on this site are uploaded, not named"))])
        # An id of ours in a file might be anybody's: it is treated as the file's own reference.
        reference = draft.reference or (f"id {draft.id}" if draft.id else None)
        return ParsedRow(
            payload,
            draft.asked,
            reference=reference,
            left_out=draft.left_out,
            concluded=draft.concluded,
        )

    def _new(self, candidate: Any, payload: dict[str, Any], fingerprint: str) -> Listing:
        listing = super()._new(candidate, payload, fingerprint)
        is_ready = not listing.missing_for_publication
        return listing.changed(
            moderation=Moderation(),
            confirmed_at=listing.updated_at,
            status=listing.status if is_ready else Status.INACTIVE,
        )

    def _changed(self, old: Listing, payload: dict[str, Any], fingerprint: str) -> Listing:
        new = super()._changed(old, payload, fingerprint)
        return new if new == old else reconfirmed(old, new, self._trail.clock())


def rows_in(content: bytes, format: Format) -> int:
    """How many rows a file has, all of it read.

    Raises Invalid, with a message for the sender, for what is not in the format, or has too many.
    """
    source = SourceFile(content)
    format.check_header(source.names, source.twice)
    rows = sum(1 for _row in source)
    if rows == 0:
        raise Invalid([FieldError("file", _("has a header and no boat in it"))])
    if rows > MOST_ROWS:
        message = _(
            "has %(rows)s rows; send at most %(most)s at a time, in several files",
            rows=whole(rows),
            most=whole(MOST_ROWS),
        )
        raise Invalid([FieldError("file", message)])
    return rows
