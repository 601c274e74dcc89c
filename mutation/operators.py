"""The small faults that are put in: Cosmic Ray's own, and four that it has not.

Its operators change what is computed: comparisons, arithmetic, numbers, truth. Ours leave something
out, which is how promises are really broken: a statement, a keyword argument, what is returned, a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import ReturnStmt, String
from parso.tree import NodeOrLeaf

Position = tuple[tuple[int, int], tuple[int, int]]

_AN_IDENTIFIER = re.compile(r"(['\"])[A-Za-z][\w.-]*\1")
_AUGMENTED = re.compile(r"[-+*/|&]{1,2}=")


class _Ours(Operator):  # type: ignore[misc]  # Cosmic Ray has no types
    """One change at most for each node: a subclass says what stands in its place."""

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        if self.replacement(node) is not None:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> NodeOrLeaf:
        code = self.replacement(node)
        assert code is not None
        tree: NodeOrLeaf = parso.parse(node.get_first_leaf().prefix + code)  # type: ignore[no-untyped-call]  # it has none
        return tree

    def replacement(self, node: Any) -> str | None:
        """The code that replaces a node, None where this operator has nothing to do."""
        raise NotImplementedError

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return ()


class RemoveStatement(_Ours):
    """What is called for its effect is not called, what is raised is not, what is added is not."""

    def replacement(self, node: Any) -> str | None:
        if getattr(node.parent, "type", "") != "simple_stmt":
            return None
        is_call = node.type in ("atom_expr", "power") and node.children[-1].type == "trailer"
        is_awaited = node.type in ("atom_expr", "power") and node.children[0].type == "keyword"
        is_augmented = node.type == "expr_stmt" and (
            node.children[1].type == "operator" and _AUGMENTED.fullmatch(node.children[1].value)
        )
        return (
            "pass" if is_call or is_awaited or is_augmented or node.type == "raise_stmt" else None
        )


class ReturnNothing(_Ours):
    """A function finds nothing."""

    def replacement(self, node: Any) -> str | None:
        if not isinstance(node, ReturnStmt) or node.children[1].get_code().strip() == "None":
            return None
        return "return None"


class ChangeName(_Ours):
    """An attribute, a status or a key has another name; prose is left alone."""

    def replacement(self, node: Any) -> str | None:
        if not isinstance(node, String) or not _AN_IDENTIFIER.fullmatch(node.value):
            return None
        return f"{node.value[:-1]}XX{node.value[-1]}"


class DropKeyword(Operator):  # type: ignore[misc]  # Cosmic Ray has no types
    """A keyword argument is forgotten."""

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        for argument in self._keywords(node):
            yield argument.start_pos, argument.end_pos

    def mutate(self, node: Any, index: int) -> NodeOrLeaf:
        argument = list(self._keywords(node))[index]
        kept = node.children
        place = kept.index(argument)
        # With it goes the comma behind it, or in front of the last one.
        kept[place : place + 2] = []
        if kept and place == len(kept) and kept[-1].type == "operator":
            kept.pop()
        mutated: NodeOrLeaf = node
        return mutated

    @staticmethod
    def _keywords(node: Any) -> Iterator[Any]:
        if node.type == "arglist":
            for child in node.children:
                if child.type == "argument" and child.children[1].get_code() == "=":
                    yield child

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return ()


# Each makes a module that cannot even be imported, or the same module again: no test is tried by it.
_POINTLESS = {"NoOp", "RemoveDecorator", "VariableReplacer", "VariableInserter"}


def all_operators() -> dict[str, Operator]:
    """Every operator by its name."""
    theirs = OperatorProvider()
    found = {name: theirs[name]() for name in theirs if name not in _POINTLESS}
    ours = (RemoveStatement, ReturnNothing, ChangeName, DropKeyword)
    return found | {operator.__name__: operator() for operator in ours}
