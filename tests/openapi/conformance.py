"""Holds answers of the API against its OpenAPI document.

Every client of the tests checks every answer that it gets: see `tests/web/conftest.py`. A schema
allows no fields but its own, so an answer with another field fails the test that asked.
"""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from typing import Any

import jsonschema_rs

from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app

JSON = frozenset({"application/json", "application/problem+json"})
DECLARED = ("ETag", "Location", "Retry-After", "Content-Disposition")
"""Header fields that an answer has only if its operation says so."""


class Description:
    """An OpenAPI document, by which answers are judged."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[tuple[str, str, str]] = set()
        """Path, method and status of every answer that was judged."""

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], str]]:
        """Each path as a pattern, those without parameters first."""
        paths = sorted(self.document["paths"], key=lambda path: (path.count("{"), path))
        return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]

    def path_of(self, path: str) -> str | None:
        return next((known for pattern, known in self._paths if pattern.fullmatch(path)), None)

    def check(self, method: str, path: str, status: int, headers: Any, content: bytes) -> None:
        """Raises AssertionError for an answer that is not as described."""
        known = self.path_of(path)
        operation = self.document["paths"].get(known, {}).get(method.lower())
        if known is None or operation is None:
            return
        at = f"{method} {known} {status}"
        response = self._resolved(operation["responses"].get(str(status)))
        assert response is not None, f"{at} is not described"
        self.seen.add((known, method.lower(), str(status)))
        described = {name.lower(): field for name, field in response.get("headers", {}).items()}
        for name in DECLARED:
            if name in headers:
                assert name.lower() in described, f"{at} sends {name}, which is not described"
        for name, field in described.items():
            assert name in headers or not field.get("required"), f"{at} lacks {name}"
        kinds = response.get("content", {})
        kind = headers.get("content-type", "").partition(";")[0]
        if not kinds:
            assert not content, f"{at} has a body, which is not described"
            return
        assert kind in kinds, f"{at} is of {kind}, which is not described"
        if kind in JSON:
            found = [
                error.message
                for error in self._validator(known, method, status, kind).iter_errors(
                    json.loads(content)
                )
            ]
            assert not found, f"{at} is not as described: {found[:5]}"

    def _resolved(self, part: Any) -> Any:
        if isinstance(part, dict) and "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            return self.document["components"]["responses"][name]
        return part

    @cache  # noqa: B019  # one for the whole run
    def _validator(self, path: str, method: str, status: int, kind: str) -> Any:
        responses = self.document["paths"][path][method.lower()]["responses"]
        schema = self._resolved(responses[str(status)])["content"][kind]["schema"]
        whole = {"components": {"schemas": self.document["components"]["schemas"]}}
        return jsonschema_rs.Draft202012Validator({**schema, **whole}, validate_formats=True)


@cache
def description() -> Description:
    """The document of this code, for a market without settings of its own."""
    document: Any = json.loads(create_app(Settings()).state.openapi())
    return Description(document)


async def check_answer(response: Any) -> None:
    """For a client of httpx: a hook that judges each answer of the API."""
    await response.aread()
    request = response.request
    # Under another host name no operation answers: what is there leads to the right one.
    if request.method not in ("HEAD", "OPTIONS") and response.status_code != 308:
        description().check(
            request.method,
            request.url.path,
            response.status_code,
            response.headers,
            response.content,
        )
