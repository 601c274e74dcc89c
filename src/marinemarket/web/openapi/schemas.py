"""JSON schemas of the models that requests are validated with and that answers are made of.

A model of an answer follows `Model.to_wire`: a field whose default is None is left out where there
is no value, and every other field is always there. The same model may describe a request and an
answer; its schema for requests is then called ``…Input``.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable
from functools import cache
from textwrap import dedent
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ...wire import Model

Direction = Literal["validation", "serialization"]
"""Of a request, or of an answer."""

REFERENCE = "#/components/schemas/{model}"


class WireSchema(GenerateJsonSchema):
    """Pydantic's schemas, with our descriptions, and answers as `Model.to_wire` makes them."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # a title would only repeat the name

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        described.pop("title", None)
        kind: type[BaseModel] = schema["cls"]
        if text := described.get("description"):
            described["description"] = _as_on_the_wire(text, kind)
        properties = described.get("properties", {})
        for name, field in kind.model_fields.items():
            wire_name = field.alias or name
            if wire_name not in properties:
                continue
            shape = dict(properties[wire_name])
            if self.mode == "serialization":
                may_lack = shape.pop("default", ...) is None
                shape = _without_null(shape) if may_lack else shape
            elif shape.get("default", ...) is None:
                del shape["default"]
            if text := description_of(kind, name):
                shape["description"] = _as_on_the_wire(text, kind)
            properties[wire_name] = shape
        if self.mode == "serialization":
            always = [
                field.alias or name
                for name, field in kind.model_fields.items()
                if field.is_required() or field.get_default(call_default_factory=True) is not None
            ]
            described["required"] = [name for name in properties if name in always]
            if not described["required"]:
                del described["required"]
        return described

    def encode_default(self, dft: Any) -> Any:
        return super().encode_default(dft.to_wire() if isinstance(dft, Model) else dft)

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        described = super().enum_schema(schema)
        described.pop("title", None)
        return described


def _as_on_the_wire(text: str, kind: type[BaseModel]) -> str:
    """A docstring with the wire's names for the model's fields, and without line breaks."""
    fields = kind.model_fields

    def named(found: re.Match[str]) -> str:
        field = fields.get(found[1])
        return f"`{(field and field.alias) or found[1]}`"

    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return re.sub(r"`+(\w+)`+", named, "\n\n".join(paragraphs))


def _without_null(shape: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in shape.pop("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        return {**kinds[0], **shape}
    return {"anyOf": kinds, **shape} if kinds else shape


def components(
    wanted: Iterable[tuple[Any, Direction]],
) -> tuple[dict[tuple[Any, Direction], dict[str, Any]], dict[str, Any]]:
    """The schema of each model or type, as a reference where it has a name, and the named ones."""
    adapters = [(kind, direction, TypeAdapter(kind)) for kind, direction in dict.fromkeys(wanted)]
    found, parts = TypeAdapter.json_schemas(
        adapters, ref_template=REFERENCE, schema_generator=WireSchema
    )
    named = parts.get("$defs", {})
    names = _names(named)
    shown = {pair: _renamed(schema, names) for pair, schema in found.items()}
    return shown, {names[old]: _renamed(named[old], names) for old in sorted(named)}


def _names(named: dict[str, Any]) -> dict[str, str]:
    """The names in the document, by those that Pydantic generated.

    What is alike in requests and answers has one schema, and one name.
    """
    inputs = [name for name in named if name.endswith(_INPUT)]
    alike = {name for name in inputs if _answer_of(name) in named}
    while True:
        names = {name: _name(name, is_alike=name in alike) for name in named}
        differing = {
            name
            for name in alike
            if _renamed(named[name], names) != _renamed(named[_answer_of(name)], names)
        }
        if not differing:
            return names
        alike -= differing


_INPUT, _OUTPUT = "-Input", "-Output"


def _answer_of(name: str) -> str:
    return name.removesuffix(_INPUT) + _OUTPUT


def _name(generated: str, *, is_alike: bool) -> str:
    name = generated.removesuffix(_OUTPUT)
    if not name.endswith(_INPUT):
        return name
    return name.removesuffix(_INPUT) + ("" if is_alike else "Input")


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """A schema with the document's names in its references."""
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    if not isinstance(value, dict):
        return value
    renamed = {name: _renamed(inner, names) for name, inner in value.items()}
    reference = renamed.get("$ref")
    if isinstance(reference, str):
        renamed["$ref"] = REFERENCE.format(model=names[reference.rpartition("/")[2]])
    return renamed


# -- Descriptions ------------------------------------------------------------------------------


def description_of(kind: type[BaseModel], field: str) -> str | None:
    """What the docstring below a field says, in the model itself or in one it is derived from."""
    for model in kind.__mro__:
        if text := _docstrings(model).get(field):
            return text
        origin = vars(model).get("derived_from")
        if origin is not None and (text := description_of(origin, field)):
            return text
    return None


@cache
def _docstrings(kind: type) -> dict[str, str]:
    """The docstrings of a class's attributes; none for a class without source, a derived one."""
    try:
        source = inspect.getsource(kind)
    except (OSError, TypeError):
        return {}
    [defined] = ast.parse(dedent(source)).body
    if not isinstance(defined, ast.ClassDef) or defined.name != kind.__name__:
        return {}
    texts, last = {}, ""
    for statement in defined.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                last = name
            case ast.Expr(value=ast.Constant(value=str(text))) if last:
                texts[last] = " ".join(inspect.cleandoc(text).split())
                last = ""
            case _:
                last = ""
    return texts
