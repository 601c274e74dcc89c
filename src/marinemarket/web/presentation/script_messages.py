"""The messages that scripts show. A page gives them to its scripts in the site's language, as JSON.

A placeholder is written ``{name}``; the script fills it in and formats numbers (``static/messages.js``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypedDict

from ...i18n.texts import plain_gettext as gettext
from ...i18n.texts import plain_ngettext as ngettext


class PluralForm(TypedDict):
    """One of the ways a message is written, with counts that it is right for."""

    text: str
    counts: list[int]


Message = str | list[PluralForm]
Messages = Mapping[str, Message]

# Every category of numbers that a language may treat differently (CLDR's zero, one, two, few, many
# and other) holds at least one of these. The script asks the browser which of them is like its count.
_SAMPLE_COUNTS = (0, 1, 2, 3, 5, 6, 7, 11, 20, 100, 1_000_000)


def script_messages(groups: Iterable[str]) -> dict[str, Messages]:
    """The messages of some groups, by group and key. Raises KeyError for an unknown group."""
    return {group: _GROUPS[group]() for group in groups}


def _plural(form: Callable[[int], str]) -> list[PluralForm]:
    counts: dict[str, list[int]] = {}
    for count in _SAMPLE_COUNTS:
        counts.setdefault(form(count), []).append(count)
    return [{"text": text, "counts": fitting} for text, fitting in counts.items()]


def _suggestions() -> Messages:
    return {
        "label": gettext("Suggestions"),
        "count": _plural(lambda n: ngettext("{count} suggestion", "{count} suggestions", n)),
        "maker": gettext("Maker"),
        "model": gettext("Model"),
        "type": gettext("Type"),
        "place": gettext("Place"),
    }


def _hearts() -> Messages:
    return {
        "save": gettext("Save"),
        "saved": gettext("Saved"),
        "save_boat": gettext("Save: {title}"),
        "saved_boat": gettext("Saved: {title}"),
    }


def _comparison() -> Messages:
    return {
        "compare": _plural(lambda n: ngettext("Compare {count} boat", "Compare {count} boats", n)),
        "full": gettext("Four boats fit. Remove one first."),
    }


def _gallery() -> Messages:
    return {"position": gettext("{position} of {total}")}


def _sharing() -> Messages:
    return {
        "copied": gettext("The link is copied."),
        "not_copied": gettext("Please copy the address above."),
    }


def _map() -> Messages:
    return {
        "land_source": gettext("Natural Earth"),
        "draw": gettext("Draw an area"),
        "finish": gettext("Finish the area"),
        "how_to_draw": gettext(
            "Tap its corners, or draw around it in one stroke. With the keyboard: move the map with the "
            "arrow keys, and press Enter to set a corner in its middle. Escape cancels."
        ),
        "boats_here": _plural(
            lambda n: ngettext(
                "{count} boat here, from {price}", "{count} boats here, from {price}", n
            )
        ),
        "boats_in_view": _plural(
            lambda n: ngettext("{count} boat in this view.", "{count} boats in this view.", n)
        ),
        "boats_shown": _plural(
            lambda n: ngettext(
                "Showing {shown} of {count} boat in this view.",
                "Showing {shown} of {count} boats in this view.",
                n,
            )
        ),
        "not_on_map": _plural(
            lambda n: ngettext(
                "{count} boat is not on the map, as the advert names no exact place.",
                "{count} boats are not on the map, as their adverts name no exact place.",
                n,
            )
        ),
        "failed": gettext(
            "The boats of this view could not be fetched. Move the map to try again."
        ),
    }


def _autosave() -> Messages:
    return {
        "saving": gettext("Saving…"),
        "saved": gettext("Saved {time}"),
        "offline": gettext(
            "No connection. What you wrote is kept on this device, and we will try again."
        ),
        "failed": gettext("Not saved yet. We will try again in a moment."),
        "conflict": gettext(
            "Meanwhile this was saved in another window or by somebody else. Nothing is lost:"
        ),
        "compare": gettext("Look at both"),
        "signed_out": gettext("You are signed out. What you wrote is kept on this device:"),
        "sign_in": gettext("Sign in again"),
        "restored": gettext("We restored what you wrote on this device and had not saved yet."),
    }


def _passkeys() -> Messages:
    return {
        "cancelled": gettext("Nothing was done. You can try again."),
        "device_name": gettext("What is this device called?"),
        "my_device": gettext("My device"),
    }


def _photos() -> Messages:
    return {
        "waiting": gettext("Waiting for its turn"),
        "processing": gettext("Getting it ready"),
        "progress": _plural(
            lambda n: ngettext(
                "{done} of {count} photo is in", "{done} of {count} photos are in", n
            )
        ),
        "too_large": gettext("It is larger than {size} MB: send a smaller one."),
        "no_room": gettext("An advert shows at most {most} photos: remove one first."),
        "disconnected": gettext("The connection broke off."),
        "problem": gettext("It {problem}."),
        "try_again": gettext("Try again"),
        "dismiss": gettext("Leave it out"),
        "moved": gettext("Photo moved to place {position}"),
        "caption_saved": gettext("Caption saved"),
        "not_saved": gettext("That was not saved. Please try again."),
        "confirm_removal": gettext("Remove this photo?"),
    }


_GROUPS: Mapping[str, Callable[[], Messages]] = {
    "suggestions": _suggestions,
    "hearts": _hearts,
    "comparison": _comparison,
    "gallery": _gallery,
    "sharing": _sharing,
    "map": _map,
    "autosave": _autosave,
    "passkeys": _passkeys,
    "photos": _photos,
}
