"""Optional dependencies: the extras of the package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import FieldError, Invalid


@contextmanager
def extra(name: str, setting: str) -> Iterator[None]:
    """Wrap the import of an extra's package, which `setting` requires.

    Raises Invalid, with the command that installs the extra, when the package is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == __package__:
            raise
        message = f'needs a part that is not installed: pip install "marinemarket[{name}]"'
        raise Invalid([FieldError(setting, message)]) from error
