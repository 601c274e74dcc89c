"""What may be wrong with a picture, and what its sender is told."""

from __future__ import annotations

from enum import StrEnum

from ..errors import FieldError, Invalid
from ..i18n.texts import gettext as _

FIELD = "image"


class Fault(StrEnum):
    """A reason to refuse a picture, as the process that decodes it answers."""

    CUT_OFF = "cut off"
    DAMAGED = "damaged"
    RARE = "rare"
    PIXELS = "pixels"
    DEPTH = "depth"
    PARTS = "parts"


class BadPicture(Invalid):
    """A picture that cannot be taken: `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__([FieldError(FIELD, _words(fault))])


def _words(fault: Fault) -> str:
    match fault:
        case Fault.CUT_OFF:
            return _(
                "did not arrive whole, or was cut off before: a part of it is missing; send the original once more"
            )
        case Fault.DAMAGED:
            return _(
                "cannot be read, it may be damaged: open it in a photo program, save it as a JPEG, and send that"
            )
        case Fault.RARE:
            return _(
                "is of a rare kind, such as a lossless JPEG or a sequence: save it as an ordinary JPEG, and send that"
            )
        case Fault.PIXELS:
            return _("has more than 70 megapixels: send a smaller one")
        case Fault.DEPTH:
            return _(
                "has more than 16 bits for each colour: save it as an ordinary JPEG, and send that"
            )
        case Fault.PARTS:
            return _(
                "has too much in it beside the picture: open it in a photo program, save it as a JPEG, and send that"
            )
