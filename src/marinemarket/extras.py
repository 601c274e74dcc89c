"""What is installed only where it is asked for: the extras of the package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import FieldError, Invalid


@contextmanager
def extra(name: str, setting: str) -> Iterator[None]:
    """Around the import of what an extra brings, which `setting` asks for.

    Raises Invalid, with the command that installs it, where it is not there.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == __package__:
            raise
        message = f'needs a part that is not installed: pip install "marinemarket[{name}]"'
        raise Invalid([FieldError(setting, message)]) from error
