"""Renders the tasks of the API as curl and Python, from the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from textwrap import indent
from typing import Any

from tasks import TASKS, VERSION_TO_DECIDE_ON, Step, Variable

from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app

METHODS = ("get", "post", "put", "patch", "delete")
COLUMNS = 92


def tasks() -> Iterator[str]:
    """Every task: its requests, each with a line of explanation and two examples."""
    document = json.loads(create_app(Settings()).state.openapi())
    for task in TASKS:
        yield f"## {task.title}"
        for step in task.steps:
            request = Request(document, step)
            yield f"`{request.method.upper()} {request.path}`: {step.says}"
            yield f"```sh\n{request.as_curl()}\n```"
            yield f"```python\n{request.as_python()}\n```"


@dataclass(frozen=True)
class Request:
    """A step with what the document says about its operation. KeyError if it has no such operation."""

    document: Mapping[str, Any]
    step: Step

    @cached_property
    def _found(self) -> tuple[str, str, Mapping[str, Any]]:
        for path, methods in self.document["paths"].items():
            for method in METHODS:
                if methods.get(method, {}).get("operationId") == self.step.operation:
                    return method, path, methods[method]
        raise KeyError(self.step.operation)

    @property
    def method(self) -> str:
        return self._found[0]

    @property
    def path(self) -> str:
        return self._found[1]

    @property
    def _operation(self) -> Mapping[str, Any]:
        return self._found[2]

    @property
    def status(self) -> int:
        """The status that the example expects. KeyError if the operation does not answer it."""
        wanted = self.step.status or min(int(one) for one in self._operation["responses"])
        self._operation["responses"][str(wanted)]
        return wanted

    @property
    def headers(self) -> dict[str, Any]:
        """The step's own header fields, and those of the document that a client should send."""
        fields: dict[str, Any] = {}
        for one in self._operation.get("parameters", []):
            name = one["name"]
            if one["in"] == "header" and (one.get("required") or name == "Idempotency-Key"):
                fields[name] = self.step.headers.get(name, one["example"])
        if self.body is not None and self._kind != "application/json":
            fields["Content-Type"] = self._kind
        return fields

    @property
    def _kind(self) -> str:
        """The media type of the body."""
        [kind] = self._operation["requestBody"]["content"]
        return str(kind)

    @property
    def _schema(self) -> Mapping[str, Any]:
        schema: Mapping[str, Any] = self._operation["requestBody"]["content"][self._kind]["schema"]
        return schema

    @property
    def file_field(self) -> str:
        """The field of the form that holds the files."""
        [name] = self._schema["properties"]
        return str(name)

    @property
    def body(self) -> dict[str, Any] | None:
        """The JSON document that is sent: the example, with what the step changes."""
        if "requestBody" not in self._operation or self.step.file:
            return None
        name = self._schema["$ref"].rpartition("/")[2]
        [example] = self.document["components"]["schemas"][name]["examples"]
        kept = {key: value for key, value in example.items() if key not in self.step.without}
        return kept | self.step.body

    # -- curl ----------------------------------------------------------------------------------

    def as_curl(self) -> str:
        path = self.path.replace("{", "$").replace("}", "")
        query = "&".join(f"{name}={value}" for name, value in self.step.query.items())
        address = f"$market{path}" + (f"?{query}" if query else "")
        method = "" if self.method == "get" else f"-X {self.method.upper()} "
        lines = [f'curl -i {method}"{address}"']
        if self.step.by:
            lines.append(f'-H "Authorization: Bearer ${self.step.by}"')
        lines += [f"-H {_shell_field(name, value)}" for name, value in self.headers.items()]
        if self.step.file:
            lines.append(f"-F {self.file_field}=@{self.step.file}")
        if self.body is None:
            return " \\\n  ".join(lines)
        if self._kind == "application/json":
            lines.append('-H "Content-Type: application/json"')
        text = laid_out(self.body, 0, _as_json, ending="")
        return " \\\n  ".join([*lines, "--data @- <<END"]) + f"\n{text}\nEND"

    # -- Python --------------------------------------------------------------------------------

    def as_python(self) -> str:
        lines = []
        if self.step.typed:
            variable, prompt = self.step.typed
            lines.append(f'{variable} = input("{prompt}")')
        if not self.step.pages:
            return "\n".join([*lines, *self._call(self.body), *self._read()])
        looped = [
            *self._call({**(self.body or {}), "after": Variable("cursor")}),
            *self._read(),
            'found += answer.json()["results"]',
            'cursor = answer.json()["next"]',
            "if cursor is None:",
            "    break",
        ]
        lines += ["found, cursor = [], None", "while True:", indent("\n".join(looped), "    ")]
        return "\n".join(lines)

    def _call(self, body: dict[str, Any] | None) -> Iterator[str]:
        yield f"answer = httpx.{self.method}("
        yield f'    f"{{market}}{self.path}",'
        headers = dict(self.headers)
        if self.step.by:
            headers = {"Authorization": Variable(f'f"Bearer {{{self.step.by}}}"'), **headers}
        if headers:
            yield f"    headers={laid_out(headers, 4, _as_python)},"
        if self.step.query:
            yield f"    params={laid_out(self.step.query, 4, _as_python)},"
        if self.step.file:
            name = self.step.file
            yield f'    files=[("{self.file_field}", ("{name}", Path("{name}").read_bytes()))],'
        if body is not None:
            yield f"    json={laid_out(body, 4, _as_python)},"
        yield ")"

    def _read(self) -> Iterator[str]:
        yield f"assert answer.status_code == {self.status}, answer.text"
        for variable in self.step.keeps:
            yield f"{variable} = answer.json(){''.join(f'[{_as_json(one)}]' for one in variable.place)}"
        if self.step.version:
            yield f'{self.step.version} = answer.headers["ETag"]'


def laid_out(value: Any, column: int, written: Callable[[Any], str], *, ending: str = ",") -> str:
    """A value on one line if there is room, or else over several that begin at a column."""
    line = _on_one_line(value, written)
    if not isinstance(value, dict | list) or column + len(line) + len("headers=,") <= COLUMNS:
        return line
    inner = column + 4
    if isinstance(value, list):
        rows = [laid_out(one, inner, written, ending=ending) for one in value]
    else:
        rows = [
            f"{written(key)}: {laid_out(one, inner, written, ending=ending)}"
            for key, one in value.items()
        ]
    body = ",\n".join(" " * inner + row for row in rows) + ending
    begin, end = "[]" if isinstance(value, list) else "{}"
    return f"{begin}\n{body}\n{' ' * column}{end}"


def _on_one_line(value: Any, written: Callable[[Any], str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_on_one_line(one, written) for one in value)}]"
    if isinstance(value, dict):
        pairs = (f"{written(key)}: {_on_one_line(one, written)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    return written(value)


def _as_python(value: Any) -> str:
    if isinstance(value, Variable):
        return f"""f'"{{{value}}}"'""" if value == VERSION_TO_DECIDE_ON else value.name
    if isinstance(value, str) and '"' in value:
        return repr(value)
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _as_json(value: Any) -> str:
    """As JSON within a here-document, where the shell replaces variables."""
    if isinstance(value, Variable):
        return f'"${value}"'
    text = json.dumps(value)
    if any(sign in text for sign in "$`\\"):
        raise ValueError(f"{text} would be read by the shell")
    return text


def _shell_field(name: str, value: Any) -> str:
    if isinstance(value, Variable):
        return (
            f'"{name}: \\"${value}\\""' if value == VERSION_TO_DECIDE_ON else f'"{name}: ${value}"'
        )
    return f"'{name}: {value}'" if '"' in value else f'"{name}: {value}"'
