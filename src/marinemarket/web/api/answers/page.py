"""Answers of no particular domain: pages of a list, acknowledgements, values of any kind."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, create_model

from ....wire import Model

Next = str | None

NEXT = Field(description="The cursor of the next page, for `after`; null on the last page.")


class JSONObject(Model):
    """Values by their names, which depend on what is described."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JSONValue]


JSONValue = (
    str
    | int
    | float
    | bool
    | JSONObject
    | list[str | int | float | bool | JSONObject | None]
    | None
)
"""Any JSON value; a list holds no lists, which generated clients cannot describe."""


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
