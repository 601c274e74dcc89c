"""What outsiders script against, read off the code: commands, routes, settings, tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from marinemarket.cli import main
from marinemarket.config.settings import Settings
from marinemarket.store.schema import TABLES, Table


def commands() -> dict[str, list[str]]:
    """Each command, such as ``staff create``, with its options and arguments."""
    return dict(_commands(main, ""))


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, list[str]]]:
    context = click.Context(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _commands(below, f"{path} {name}".strip())
    else:
        yield path, sorted(name for option in command.params for name in _names(option))


def _names(option: click.Parameter) -> list[str]:
    if isinstance(option, click.Option):
        return option.opts
    return [(option.name or "").upper()]


def settings() -> dict[str, str | None]:
    """Each setting, with what holds unless it is set."""
    fields = Settings.model_fields.items()
    return {name: None if one.default is None else str(one.default) for name, one in fields}


def tables() -> dict[str, dict[str, Any]]:
    """Each table: the attributes of its key and of its indexes' keys, and the one that expires."""
    return {table.name: _table(table) for table in TABLES}


def _table(table: Table) -> dict[str, Any]:
    def names(of: Any) -> list[str]:
        return [of.partition.name, *([of.sort.name] if of.sort else [])]

    indexes = {index.name: names(index) for index in table.indexes}
    return {"key": names(table), "indexes": indexes, "ttl": table.ttl}


def routes(document: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Each path and method of an OpenAPI document, with the names of its parameters."""
    return {
        path: {
            method: sorted(f"{one['name']} in {one['in']}" for one in route.get("parameters", []))
            for method, route in methods.items()
        }
        for path, methods in document["paths"].items()
    }
