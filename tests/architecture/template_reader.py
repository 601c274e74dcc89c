"""Reads templates as a type checker would: what each name stands for, and which attributes are read.

It follows what a template is given through loops, macros, includes and the template it extends. A
value is known by the types that it may have; of what it does not know, it asks nothing.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from typing import Any

from jinja2 import Environment, nodes

Types = frozenset[Any]
Scope = dict[str, Types]
Macros = dict[str, tuple[nodes.Macro, Scope]]
"""Each with what it sees around it: where it is imported, nothing."""
UNKNOWN: Types = frozenset()

_LISTS = {"list", "selectattr", "rejectattr", "sort", "reverse", "unique", "default"}


@dataclass
class Reading:
    """What was read of which class, which names nobody gave, and which attributes there are not."""

    environment: Environment
    read: set[tuple[type, str]] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    unknown_names: set[str] = field(default_factory=set)
    _busy: set[tuple[str, str]] = field(default_factory=set)

    def template(self, name: str, scope: Scope) -> None:
        """A template with what it is given, and whatever it is made of."""
        chain, scope = [self._parsed(name)], dict(scope)
        macros: Macros = {}
        while parents := list(chain[-1].find_all(nodes.Extends)):
            chain.append(self._parsed(parents[0].template.as_const()))
        blocks: dict[str, list[nodes.Block]] = {}
        for tree in chain:
            for block in tree.find_all(nodes.Block):
                blocks.setdefault(block.name, []).append(block)
        # What stands outside blocks in a template that extends another only sets names.
        for tree in chain[:-1]:
            setting = (nodes.Import, nodes.FromImport, nodes.Assign, nodes.Macro)
            top = [node for node in tree.body if isinstance(node, setting)]
            _Walk(self, name, scope, macros, blocks).all(top)
        _Walk(self, name, scope, macros, blocks).all(chain[-1].body)

    def _parsed(self, name: str) -> nodes.Template:
        assert self.environment.loader is not None
        source, _, _ = self.environment.loader.get_source(self.environment, name)
        return self.environment.parse(source)


@dataclass
class _Walk:
    reading: Reading
    name: str
    scope: Scope
    macros: Macros
    blocks: Mapping[str, Sequence[nodes.Block]]
    block: nodes.Block | None = None

    def all(self, body: Iterable[nodes.Node]) -> None:
        for node in body:
            self.of(node) if isinstance(node, nodes.Expr) else self.one(node)

    def one(self, node: nodes.Node) -> None:
        """A statement, or anything that has others in it."""
        match node:
            case nodes.For():
                self._loop(node)
            case nodes.Assign():
                self._bind(self.scope, node.target, self.of(node.node))
            case nodes.AssignBlock():
                self._inner().all(node.body)
                self._bind(self.scope, node.target, frozenset({str}))
            case nodes.Macro():
                self.macros[node.name] = (node, self.scope)
            case nodes.FromImport():
                self._import(node)
            case nodes.Include():
                self.reading.template(node.template.as_const(), self.scope)
            case nodes.Block():
                first = self.blocks.get(node.name, [node])[0]
                self._inner(block=first).all(first.body)
            case nodes.With():
                self._with(node)
            case _:
                self.all(node.iter_child_nodes())

    def _with(self, node: nodes.With) -> None:
        inner = self._inner()
        for target, value in zip(node.targets, node.values, strict=True):
            self._bind(inner.scope, target, self.of(value))
        inner.all(node.body)

    def _inner(self, block: nodes.Block | None = None) -> _Walk:
        block = block or self.block
        return _Walk(self.reading, self.name, dict(self.scope), self.macros, self.blocks, block)

    def _loop(self, node: nodes.For) -> None:
        inner = self._inner()
        inner.scope["loop"] = UNKNOWN
        self._bind(inner.scope, node.target, elements(self.of(node.iter)))
        if node.test:
            inner.of(node.test)
        inner.all(node.body)
        self._inner().all(node.else_)

    def _bind(self, scope: Scope, target: nodes.Node, value: Types) -> None:
        if isinstance(target, nodes.Tuple):
            for number, part in enumerate(target.items):
                self._bind(scope, part, part_of(value, number))
        elif isinstance(target, nodes.Name):
            scope[target.name] = value

    def _import(self, node: nodes.FromImport) -> None:
        tree = self.reading._parsed(node.template.as_const())
        there: Macros = {}
        _Walk(self.reading, node.template.as_const(), {}, there, {}).all(
            part for part in tree.body if isinstance(part, nodes.Macro | nodes.FromImport)
        )
        # A macro calls its neighbours by their names, imported or not.
        self.macros |= there

    # -- Expressions -------------------------------------------------------------------------

    def of(self, node: nodes.Node) -> Types:
        """The types that an expression may have."""
        match node:
            case nodes.Name():
                return self._named(node)
            case nodes.Getattr():
                return self._attribute(self.of(node.node), node.attr)
            case nodes.Getitem():
                return self._item(self.of(node.node), node.arg)
            case nodes.Call():
                return self._call(node)
            case nodes.CondExpr():
                self.of(node.test)
                return self.of(node.expr1) | (self.of(node.expr2) if node.expr2 else UNKNOWN)
            case nodes.And() | nodes.Or():
                return self.of(node.left) | self.of(node.right)
            case nodes.Filter():
                return self._filter(node)
            case nodes.Const():
                return frozenset({type(node.value)})
        for child in node.iter_child_nodes():
            self.of(child) if isinstance(child, nodes.Expr) else self.one(child)
        return UNKNOWN

    def _named(self, node: nodes.Name) -> Types:
        if node.name in self.scope:
            return self.scope[node.name]
        known: Collection[str] = self.reading.environment.globals
        if node.name not in self.macros and node.name not in {*known, "super", "caller", "self"}:
            self.reading.unknown_names.add(f"{self.name}: {node.name}")
        return UNKNOWN

    def _attribute(self, values: Types, name: str) -> Types:
        found: set[Any] = set()
        for value in values:
            kind = _origin(value) or value
            if kind is type(None) or not isinstance(kind, type):
                continue
            if _is_mapping(value) and not hasattr(kind, name):
                found |= spread(_value_of(value))  # Jinja looks there next
                continue
            if not (hasattr(kind, name) or name in hints_of(kind)):
                self.reading.missing.add(f"{self.name}: {kind.__name__} has no {name}")
            self.reading.read.add((kind, name))
            found |= attribute_types(kind, value, name)
        return frozenset(found)

    def _item(self, values: Types, key: nodes.Node) -> Types:
        if isinstance(key, nodes.Const) and isinstance(key.value, int):
            return part_of(values, key.value)
        self.of(key)
        return frozenset(kind for value in values for kind in spread(_value_of(value)))

    def _call(self, node: nodes.Call) -> Types:
        given = [self.of(argument) for argument in node.args]
        named = {keyword.key: self.of(keyword.value) for keyword in node.kwargs}
        if isinstance(node.node, nodes.Name):
            if node.node.name == "super" and self.block is not None:
                chain = list(self.blocks[self.block.name])
                for above in chain[chain.index(self.block) + 1 :][:1]:
                    self._inner(block=above).all(above.body)
            elif node.node.name in self.macros:
                self._macro(*self.macros[node.node.name], given, named)
            else:
                self._named(node.node)
            return UNKNOWN
        if isinstance(node.node, nodes.Getattr) and node.node.attr in ("items", "values", "get"):
            values = self.of(node.node.node)
            if any(_is_mapping(value) for value in values):
                return frozenset().union(*(_called(value, node.node.attr) for value in values))
        return self.of(node.node)

    def _macro(
        self, macro: nodes.Macro, around: Scope, given: Sequence[Types], named: Scope
    ) -> None:
        names = [argument.name for argument in macro.args]
        defaults = dict(
            zip(reversed(names), (self.of(d) for d in reversed(macro.defaults)), strict=False)
        )
        bound = defaults | dict(zip(names, given, strict=False)) | named
        key = (macro.name, repr(sorted((name, sorted(map(repr, v))) for name, v in bound.items())))
        if key in self.reading._busy:
            return
        self.reading._busy.add(key)
        scope = around | dict.fromkeys(names, UNKNOWN) | bound
        inner = _Walk(self.reading, self.name, scope, self.macros, self.blocks, self.block)
        inner.all(macro.body)
        self.reading._busy.discard(key)

    def _filter(self, node: nodes.Filter) -> Types:
        may_lack = node.name == "default" and isinstance(node.node, nodes.Name)
        value = self.of(node.node) if node.node and not may_lack else UNKNOWN
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            self.of(argument)
        if node.name in ("selectattr", "rejectattr") and isinstance(node.args[0], nodes.Const):
            self._attribute(elements(value), node.args[0].value)
        if node.name == "map":
            wanted = [k.value.as_const() for k in node.kwargs if k.key == "attribute"]
            found = self._attribute(elements(value), wanted[0]) if wanted else UNKNOWN
            return frozenset(types.GenericAlias(list, kind) for kind in found)
        if node.name in ("first", "last"):
            return elements(value)
        return value if node.name in _LISTS else UNKNOWN


def _origin(hint: Any) -> Any:
    return typing.get_origin(hint)


def spread(hint: Any) -> Types:
    """The types of an annotation, without None."""
    hint = getattr(hint, "__value__", hint)
    if _origin(hint) is typing.Annotated:
        return spread(typing.get_args(hint)[0])
    if _origin(hint) in (typing.Union, types.UnionType):
        return frozenset(kind for part in typing.get_args(hint) for kind in spread(part))
    return UNKNOWN if hint in (None, type(None), Any, object) else frozenset({hint})


def hints_of(kind: type) -> Mapping[str, Any]:
    try:
        return typing.get_type_hints(kind, include_extras=True)
    except (NameError, TypeError):
        return {}


def attribute_types(kind: type, value: Any, name: str) -> Types:
    """What an attribute may be: a field, a property, or what a method returns."""
    if name in (hints := hints_of(kind)):
        parameters = dict(
            zip(getattr(kind, "__parameters__", ()), typing.get_args(value), strict=False)
        )
        return spread(parameters.get(hints[name], hints[name]))
    found = getattr(kind, name, None)
    function = getattr(found, "fget", None) or getattr(found, "func", None) or found
    try:
        return spread(typing.get_type_hints(function).get("return", Any))
    except (NameError, TypeError, AttributeError):
        return UNKNOWN


def _is_mapping(value: Any) -> bool:
    kind = _origin(value) or value
    return isinstance(kind, type) and issubclass(kind, Mapping)


def _value_of(value: Any) -> Any:
    arguments = typing.get_args(value)
    return arguments[-1] if _is_mapping(value) and arguments else (arguments or [Any])[0]


def _called(value: Any, name: str) -> Types:
    if not _is_mapping(value):
        return UNKNOWN
    arguments = typing.get_args(value) or (Any, Any)
    if name == "items":
        return frozenset({types.GenericAlias(list, types.GenericAlias(tuple, arguments))})
    value = arguments[1]
    return spread(value) if name == "get" else frozenset({types.GenericAlias(list, value)})


def elements(values: Types) -> Types:
    """What a loop over any of these gives."""
    found: set[Any] = set()
    for value in values:
        arguments = typing.get_args(value)
        if arguments and arguments[-1] is not Ellipsis and _origin(value) is tuple:
            found |= {kind for argument in arguments for kind in spread(argument)}
        elif arguments:
            found |= spread(arguments[0])
    return frozenset(found)


def part_of(values: Types, number: int) -> Types:
    """The part at a place of a tuple or a list."""
    found: set[Any] = set()
    for value in values:
        arguments = typing.get_args(value)
        if isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields"):
            found |= attribute_types(value, value, value._fields[number])
        elif _origin(value) is tuple and arguments[-1] is not Ellipsis:
            found |= spread(arguments[number]) if number < len(arguments) else UNKNOWN
        elif arguments:
            found |= spread(arguments[0])
    return frozenset(found)


def is_view(kind: type) -> bool:
    """Is it one of the dataclasses that pages are made of?"""
    return is_dataclass(kind) and kind.__module__.startswith("marinemarket.web.")
