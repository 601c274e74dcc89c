"""Options and arguments that fill a field of the market, and errors in the words of the command line.

The market names what is wrong by its own fields, such as ``yearRange.min``. Whoever typed a command
reads ``--year-min``: an option says which field it fills, and `as_options` puts the one for the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from ..errors import FieldError, Invalid


class FieldOption(click.Option):
    """An option that fills `field`, or one of several fields."""

    def __init__(self, *args: Any, field: str | tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = (field,) if isinstance(field, str) else field


class FieldArgument(click.Argument):
    """An argument that fills `field`."""

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = (field,)


@contextmanager
def naming(option: str) -> Iterator[None]:
    """Whatever is found wrong within the block is wrong with the value of this option."""
    try:
        yield
    except Invalid as error:
        raise Invalid([FieldError(option, wrong.message) for wrong in error.errors]) from None


def as_options(errors: Sequence[FieldError]) -> list[FieldError]:
    """Errors of the running command, each with the option that it is about, if there is one."""
    context = click.get_current_context(silent=True)
    if context is None:
        return [*errors]
    named = dict(_fields_of(context.command))
    return [_as_option(error, named, context) for error in errors]


def _fields_of(command: click.Command) -> Iterator[tuple[str, click.Parameter]]:
    for parameter in command.params:
        for field in getattr(parameter, "fields", ()):
            yield field, parameter


def _as_option(
    error: FieldError, named: dict[str, click.Parameter], context: click.Context
) -> FieldError:
    place = error.field
    while place not in named:
        place, dot, _ = place.rpartition(".")
        if not dot:
            return error
    parameter, rest = named[place], error.field[len(place) + 1 :]
    return FieldError(name_of(parameter), _of_several(parameter, rest, context) + error.message)


def name_of(parameter: click.Parameter) -> str:
    """What a person types for a parameter: ``--year-min``, or ``EMAIL`` for an argument."""
    is_option = isinstance(parameter, click.Option)
    return max(parameter.opts, key=len) if is_option else parameter.human_readable_name


def _of_several(parameter: click.Parameter, rest: str, context: click.Context) -> str:
    """Which value is meant, if the option was given several times."""
    values = context.params.get(parameter.name or "")
    if parameter.multiple if isinstance(parameter, click.Option) else False:
        index = int(rest.partition(".")[0]) if rest[:1].isdigit() else None
        if isinstance(values, tuple) and index is not None and 1 < len(values) > index:
            return f"{values[index]!r} "
    return ""
