"""Answers of no particular domain: pages of a list, acknowledgements, values of any kind."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, create_model
from typing_extensions import TypeAliasType

from ....wire import Model

Next = str | None

NEXT = Field(description="The cursor of the next page, for `after`; null on the last page.")

JSONValue = TypeAliasType(
    "JSONValue",
    Annotated[
        "str | int | float | bool | list[JSONValue] | dict[str, JSONValue] | None",
        Field(description="Any JSON value."),
    ],
)
"""Any JSON value."""


def page_of(name: str, kind: Any, doc: str) -> type[Model]:
    """A page of a list: `results`, and the cursor of the `next` one."""
    results = (list[kind], Field(description="What this page holds."))
    return create_model(
        name, __base__=Model, __doc__=doc, __module__=__name__, results=results, next=(Next, NEXT)
    )


def list_of(name: str, kind: Any, doc: str) -> type[Model]:
    """A list that comes as a whole."""
    results = (list[kind], Field(description="All of them."))
    return create_model(name, __base__=Model, __doc__=doc, __module__=__name__, results=results)


class Sent(Model):
    """An email or text message is on its way, if there is anybody to send it to."""

    sent: bool
    """Always true: it does not tell whether the address has an account."""


class Received(Model):
    """A report has arrived."""

    received: bool
    """Always true."""
