"""The reference of the commands, from click, and of the API, from the application's OpenAPI document."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

import click
from litestar.handlers import HTTPRouteHandler

from marinemarket.cli import main as program
from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app
from marinemarket.web.security.access import Openness, openness_of


def commands() -> Iterator[str]:
    """Every command with what it takes, as `--help` tells it."""
    context = click.Context(program, info_name="marinemarket")
    yield from _command(program, context)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield f"## `{context.command_path}`"
        yield inspect.cleandoc(command.help or "").replace("\b\n", "")
        pieces = " ".join(command.collect_usage_pieces(context))
        yield f"    {context.command_path} {pieces}"
        options = [record for one in command.params if (record := one.get_help_record(context))]
        if options:
            rows = [f"| `{_cell(name)}` | {_cell(text)} |" for name, text in options]
            yield "\n".join(["| option | what it does |", "|---|---|", *rows])
        return
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None and not inner.hidden:
            yield from _command(inner, click.Context(inner, info_name=name, parent=context))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def api() -> Iterator[str]:
    """Every route of the API: who may call it, its parameters, and its statuses."""
    app = create_app(Settings())
    paths: Mapping[str, Any] = json.loads(app.state.openapi())["paths"]
    may_call = {
        (route.path_format, method): _who(openness_of(handler))
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods
    }
    for path, methods in sorted(paths.items()):
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield f"## `{method.upper()} {path}`"
                yield str(operation.get("description") or operation.get("summary") or "")
                yield f"Who may call it: {may_call.get((path, method.upper()), 'anybody')}."
                yield from _parameters(operation)
                yield f"Statuses: {', '.join(sorted(operation['responses']))}."


def _who(openness: Openness | None) -> str:
    if openness is None or openness.is_open:
        return "anybody"
    return (
        f"staff with `{openness.permission.value}`"
        if openness.permission
        else "whoever is signed in"
    )


def _parameters(operation: Mapping[str, Any]) -> Iterator[str]:
    given = operation.get("parameters", [])
    if given:
        rows = [
            f"| `{one['name']}` | {one['in']} | {_cell(one.get('description', ''))} |"
            for one in given
        ]
        yield "\n".join(["| parameter | in | what it is |", "|---|---|---|", *rows])
