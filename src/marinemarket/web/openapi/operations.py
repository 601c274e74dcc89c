"""One operation: a route and a method, described from the declaration of its handler.

A handler says what cannot be derived as options: ``answers=Listing`` is the model of its answer,
``takes=NewListing`` that of its body where the handler itself takes any JSON object, ``files`` names
the field of a form with files and ``beside`` its texts, ``once=True`` reads an Idempotency-Key,
``reads=("If-Match",)`` names header fields that a request may have, and ``sends=("Location",)`` those of
the answer. Who may call it, how often, which errors it answers and which other header fields it reads
follow from its signature, its guards and its method.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import NoneType, UnionType
from typing import Any, get_args

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from pydantic.alias_generators import to_camel

from ..api.answers.problem_documents import Problem
from ..security.access import SAFE, openness_of
from ..statuses import errors_of, is_limited, is_versioned
from .headers import FIELDS, REQUEST_FIELDS
from .parameters import parameters_of
from .problem_responses import reference_to
from .schemas import Direction
from .tags import tag_of

SchemaOf = Callable[[Any, Direction], dict[str, Any]]

_JSON, _MERGE_PATCH = "application/json", "application/merge-patch+json"


@dataclass(frozen=True, slots=True)
class Operation:
    """A handler under one of its paths and methods."""

    handler: HTTPRouteHandler
    route: HTTPRoute
    method: str

    @property
    def path(self) -> str:
        return self.route.path_format

    @property
    def id(self) -> str:
        """The name of its function in a generated client; aliases under ``/api/v1`` end in V1."""
        own = self.handler.operation_id
        name = own if isinstance(own, str) else to_camel(self.handler.handler_name)
        is_alias = len(self.handler.paths) > 1 and not self.path.startswith("/health")
        return f"{name}V1" if is_alias else name

    @property
    def body(self) -> Any:
        """The model of its JSON body; None if it takes none. Raises TypeError for a free object."""
        data = self.handler.parsed_fn_signature.parameters.get("data")
        if data is None:
            return None
        kind = self.handler.opt.get("takes") or _without_none(data.annotation)
        if kind == dict[str, Any]:
            raise TypeError(f"{self.handler} must name the model of its body: takes=…")
        return kind

    @property
    def answers(self) -> dict[int, Any]:
        """The models of its answers that are no problems, by status; None for one without a body."""
        handler = self.handler
        if (kind := handler.opt.get("answers")) is None and handler.status_code != 204:
            raise TypeError(f"{handler} must name the model of its answer: answers=…")
        more = {
            status: None if spec.data_container in (None, NoneType) else spec.data_container
            for status, spec in (handler.responses or {}).items()
            if spec.data_container is not Problem
        }
        return {handler.status_code: kind, **more}

    def models(self) -> Iterator[tuple[Any, Direction]]:
        """The models of which schemas are needed."""
        if self.body is not None:
            yield self.body, "validation"
        for kind in self.answers.values():
            if kind is not None and not isinstance(kind, str):
                yield kind, "serialization"

    def describe(self, schema_of: SchemaOf) -> dict[str, Any]:
        """The operation object. Raises TypeError where the declaration leaves something open."""
        if not self.handler.summary:
            raise TypeError(f"{self.handler} needs a summary")
        described: dict[str, Any] = {
            "operationId": self.id,
            "tags": [tag_of(self.handler)],
            "summary": self.handler.summary,
        }
        if text := self.handler.fn.__doc__:
            described["description"] = inspect.cleandoc(text)
        if parameters := [*parameters_of(self.handler, self.route), *self._header_fields()]:
            described["parameters"] = parameters
        if body := self._request_body(schema_of):
            described["requestBody"] = body
        described["responses"] = self._responses(schema_of)
        described["security"] = self._security()
        return described

    # -- The request ---------------------------------------------------------------------------

    def _header_fields(self) -> Iterator[dict[str, Any]]:
        wanted = {
            "If-Match": is_versioned(self.handler),
            "If-None-Match": 304 in (self.handler.responses or {}),
            "Idempotency-Key": self.handler.opt.get("once", False),
        }
        for name, is_read in wanted.items():
            if is_read:
                yield {"name": name, "in": "header", **REQUEST_FIELDS[name]}
        for name in self.handler.opt.get("reads", ()):
            yield {"name": name, "in": "header", **REQUEST_FIELDS[name], "required": False}

    def _request_body(self, schema_of: SchemaOf) -> dict[str, Any]:
        if field := self.handler.opt.get("files"):
            schema = _files(field, self.handler.opt.get("beside", {}))
            return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
        if self.body is None:
            return {}
        data = self.handler.parsed_fn_signature.parameters["data"]
        content = {"schema": schema_of(self.body, "validation")}
        if self.method == "PATCH":
            # One type alone: of two, openapi-python-client makes a function that does not run.
            text = "A JSON merge patch; the type `application/json` is taken as well."
            return {"required": True, "description": text, "content": {_MERGE_PATCH: content}}
        return {"required": not data.has_default, "content": {_JSON: content}}

    # -- The answer ----------------------------------------------------------------------------

    def _responses(self, schema_of: SchemaOf) -> dict[str, Any]:
        fine = {
            str(status): self._response(status, kind, schema_of)
            for status, kind in self.answers.items()
        }
        errors = {str(one): reference_to(one) for one in errors_of(self.handler, self.path)}
        return dict(sorted({**errors, **fine}.items()))

    def _response(self, status: int, kind: Any, schema_of: SchemaOf) -> dict[str, Any]:
        response: dict[str, Any] = {"description": _phrase(kind, status)}
        # One of several kinds of answer may lack what another has, such as a version.
        known = {"required": False} if isinstance(kind, UnionType) else {}
        if fields := {name: FIELDS[name] | known for name in self._sent_fields(status, kind)}:
            response["headers"] = fields
        if isinstance(kind, str):
            response["content"] = {kind: {"schema": {"type": "string"}}}
        elif kind is not None:
            response["content"] = {_JSON: {"schema": schema_of(kind, "serialization")}}
        return response

    def _sent_fields(self, status: int, kind: Any) -> Iterator[str]:
        if status >= 500:
            return
        yield from self.handler.opt.get("sends", ())
        if kind is not None and is_versioned(self.handler):
            yield "ETag"
        if is_limited(self.handler):
            yield from ("RateLimit-Policy", "RateLimit")

    def _security(self) -> list[dict[str, list[str]]]:
        cookie: dict[str, list[str]] = {"sessionCookie": []}
        if self.method not in SAFE:
            cookie["csrfToken"] = []
        known: list[dict[str, list[str]]] = [{"sessionToken": []}, cookie]
        openness = openness_of(self.handler)
        if openness is None or not openness.is_open:
            return known
        return [{}, *known] if "visitor" in self.handler.parsed_fn_signature.parameters else []


def _without_none(annotation: Any) -> Any:
    if isinstance(annotation, UnionType):
        [kind] = [kind for kind in get_args(annotation) if kind is not NoneType]
        return kind
    return annotation


def _files(field: str, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [field],
        "additionalProperties": False,
        "properties": {
            field: {
                "description": "The files, each as a part of this name.",
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "format": "binary"},
            },
            **{name: {"description": what, "type": "string"} for name, what in texts.items()},
        },
    }


def _phrase(kind: Any, status: int) -> str:
    text = None if kind is None or isinstance(kind, str) else getattr(kind, "__doc__", None)
    if text is None or isinstance(kind, UnionType) or ("\n" not in text and not text.endswith(".")):
        return HTTPStatus(status).phrase
    return " ".join(inspect.cleandoc(text).split())
