"""Which mutants a module has, and a sample of them that a seed decides."""

from __future__ import annotations

import ast
import difflib
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from .operators import Position, all_operators


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one fault. `path` is relative to the package, `line` where the fault is."""

    path: str
    line: int
    operator: str
    code: str
    diff: str

    @property
    def id(self) -> str:
        """Tells it from others: what it changes in which module, wherever that stands by then."""
        return hashlib.sha256(f"{self.path}\n{self.diff}".encode()).hexdigest()[:10]


def mutants_of(path: str, source: str, *, most: int | None, seed: int) -> list[Mutant]:
    """At most so many mutants of a module, in the order of their lines; all of them without `most`.

    A sample takes places first, each at most once while there are others, and then one fault for
    each: a comparison has ten possible faults, and would crowd out a call, which has one.
    """
    chance = random.Random(f"{seed} {path}")
    places: dict[Position, list[tuple[str, int]]] = defaultdict(list)
    for name, number, position in _faults(source):
        places[position].append((name, number))
    order = sorted(places)
    chance.shuffle(order)
    found: dict[str, Mutant] = {}
    for position in order:
        options = places[position]
        for name, number in chance.sample(options, len(options) if most is None else 1):
            if mutant := _mutant(path, source, name, number, position):
                found.setdefault(mutant.id, mutant)
        if most is not None and len(found) >= most:
            break
    return sorted(found.values(), key=lambda mutant: mutant.line)


def _faults(source: str) -> Iterator[tuple[str, int, Position]]:
    """Every operator's every occurrence, except where it could only be seen by a type checker."""
    nodes = list(ast_nodes(get_ast(source)))
    unseen = list(_not_run(ast.parse(source)))
    for name, operator in all_operators().items():
        number = 0
        for node in nodes:
            for start, end in operator.mutation_positions(node):
                if not any(first <= start and end <= last for first, last in unseen):
                    yield name, number, (start, end)
                number += 1


def _not_run(tree: ast.Module) -> Iterator[Position]:
    """Annotations, how classes are decorated, and types that are named outside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield _position(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield _position(node.returns)
        elif isinstance(node, ast.ClassDef):
            yield from map(_position, node.decorator_list)
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and _is_type(statement.value):
            yield _position(statement.value)


def _is_type(value: ast.expr) -> bool:
    """Is it a union, or a type variable?"""
    return isinstance(value, ast.BinOp) or ast.unparse(value).startswith("TypeVar(")


def _position(node: ast.expr) -> Position:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _mutant(path: str, source: str, name: str, number: int, position: Position) -> Mutant | None:
    """None where the fault makes no program, or the same one."""
    try:
        code = mutate_code(source, all_operators()[name], number)
        tree = ast.parse(code or source)
    except (SyntaxError, AttributeError):
        return None  # Cosmic Ray cannot replace an exception with a dotted name
    if code is None:
        return None
    if ast.dump(tree) == ast.dump(ast.parse(source)):
        return None
    lines = difflib.unified_diff(source.splitlines(), code.splitlines(), lineterm="", n=0)
    changed = [line for line in list(lines)[2:] if not line.startswith("@@")]
    return Mutant(path, position[0][0], name, code, "\n".join(changed))
