"""What the advert editor submits: its fields as typed, and the versions they are based on."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.datastructures import FormMultiDict

from ....listings.drafting.form import FIELDS
from ...forms import LONGEST_FIELD
from ...security.access import AnyRequest, form_of


@dataclass(frozen=True, slots=True)
class Submission:
    """`version` is of the draft, `of_version` of the listing, that the form was made from.

    `base` holds the listing's values when its form was made, before there was a draft. `has_words`
    says that the fields came along, and not a button alone.
    """

    values: dict[str, str]
    version: int | None
    of_version: int | None
    has_words: bool
    base: dict[str, str]


async def submitted_form(request: AnyRequest) -> Submission:
    """The form as it was sent. What is too long is for its field to say: it is cut only far behind
    that, so that no answer is larger than any advert.
    """
    form = await form_of(request)
    values = {name: text for name in FIELDS if (text := _text(form, name))}
    if ticked := [one for one in form.getall("feature", []) if isinstance(one, str)]:
        values["features"] = "\n".join(one for one in ticked if "\n" not in one)
    return Submission(
        values,
        _version(_text(form, "version")),
        _version(_text(form, "of_version")),
        has_words="version" in form,
        base={name: text for name in FIELDS if (text := _text(form, f"was.{name}"))},
    )


async def merged_form(request: AnyRequest) -> Submission:
    """What was chosen of two versions, field by field: ``pick.title`` says whose ``….title`` counts."""
    form = await form_of(request)
    values = {}
    for name in FIELDS:
        whose = "theirs" if _text(form, f"pick.{name}") == "theirs" else "mine"
        if text := _text(form, f"{whose}.{name}"):
            values[name] = text
    versions = _version(_text(form, "version")), _version(_text(form, "of_version"))
    return Submission(values, *versions, has_words=True, base={})


def _text(form: FormMultiDict, name: str) -> str:
    value = form.get(name, "")
    return value[:LONGEST_FIELD].replace("\r\n", "\n") if isinstance(value, str) else ""


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
