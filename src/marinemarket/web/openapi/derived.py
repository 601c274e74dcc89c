"""Models derived from others, so that what the API describes cannot drift from what validates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from types import UnionType
from typing import Any, TypeVar, get_args

from pydantic import create_model
from pydantic.fields import FieldInfo

from ...wire import Model

M = TypeVar("M", bound=type[Model])


def with_fields_of(of: type[Model], fields: Iterable[str] | None = None) -> Callable[[M], M]:
    """Adds to a model the fields of another, by their names on the wire; all, unless they are named.

    The model's own fields take precedence, its own docstring describes it, and the docstrings of the
    other's fields describe theirs.
    """

    def add(kind: M) -> M:
        taken = {name: (info.annotation, copy(info)) for name, info in _taken(kind, of, fields)}
        return _with(kind, of, taken)

    return add


def with_changes_of(
    of: type[Model], fields: Iterable[str] | None = None, *, merging: bool = True
) -> Callable[[M], M]:
    """As `with_fields_of`, for a merge patch (RFC 7396): each field or none, objects in part.

    A null removes a value, so only what need not be there can be null. Without `merging`, objects are
    replaced as a whole, and nothing can be null: each value is always there.
    """

    def add(kind: M) -> M:
        taken: dict[str, Any] = {}
        for name, info in _taken(kind, of, fields):
            part: Any = _in_part(info.annotation) if merging else info.annotation
            optional = copy(info)
            optional.default, optional.default_factory = None, None
            stays = info.is_required() or not merging
            taken[name] = (part if stays else part | None, optional)
        return _with(kind, of, taken)

    return add


def _taken(
    kind: type[Model], of: type[Model], fields: Iterable[str] | None
) -> Iterable[tuple[str, FieldInfo]]:
    wanted = None if fields is None else set(fields)
    for name, info in of.model_fields.items():
        if name not in kind.model_fields and (wanted is None or (info.alias or name) in wanted):
            yield name, info


def _with(kind: M, of: type[Model], fields: dict[str, Any]) -> M:
    made = create_model(
        kind.__name__, __base__=kind, __doc__=kind.__doc__, __module__=kind.__module__, **fields
    )
    made.derived_from = of  # type: ignore[attr-defined]  # read by description_of
    return made  # type: ignore[return-value]  # a subclass with more fields


def _in_part(annotation: Any) -> Any:
    """The changes of an object, which merges field by field; a list is replaced as it is."""
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Model):
            doc = f"Changes of {kind.__name__}: what is left out stays as it is."
            empty = create_model(f"{kind.__name__}Changes", __base__=Model, __doc__=doc)
            return with_changes_of(kind)(empty)
    return annotation
