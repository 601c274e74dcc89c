"""The secret key in the data folder: read, or made when a market is made."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from ..disk import kept_once
from ..errors import FieldError, Invalid

SHORTEST = 32
"""In characters."""
_SETTING = "MARINEMARKET_SECRET_KEY"


def key_file(folder: Path) -> Path:
    return folder / "secret-key"


def made_once(folder: Path) -> str:
    """The key in a folder, made if there is none. Raises Invalid for a folder or key that is unusable."""
    try:
        key = kept_once(key_file(folder), secrets.token_urlsafe(48))
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(folder, error) from None
    return _checked(folder, key)


def kept_in(folder: Path) -> str | None:
    """The key in a folder; None if there is none. Raises Invalid for one that is damaged."""
    try:
        return _checked(folder, key_file(folder).read_text())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(folder, error) from None


def fingerprint(key: str) -> str:
    """Sixteen letters that tell one secret key from another, and nothing else about it."""
    return hashlib.sha256(b"fingerprint of a secret key\0" + key.encode()).hexdigest()[:16]


def _checked(folder: Path, key: str) -> str:
    if len(key) < SHORTEST:
        message = f"in {key_file(folder)} is damaged; put back your copy of the file"
        raise Invalid([FieldError(_SETTING, message)])
    return key


def _unusable(folder: Path, error: Exception) -> Invalid:
    if isinstance(error, UnicodeDecodeError):
        message = f"in {key_file(folder)} is damaged; put back your copy of the file"
        return Invalid([FieldError(_SETTING, message)])
    reason = error.strerror if isinstance(error, OSError) else error
    return Invalid([FieldError("MARINEMARKET_DATA", f"cannot be used as a folder: {reason}")])
