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
        "full": gettext("You can compare up to four boats. Remove one first."),
    }


def _gallery() -> Messages:
    return {"position": gettext("{position} of {total}")}


def _sharing() -> Messages:
    return {
        "copied": gettext("Link copied."),
        "not_copied": gettext("Copy the address above."),
    }


def _map() -> Messages:
    return {
        "land_source": gettext("Natural Earth"),
        "draw": gettext("Draw an area"),
        "finish": gettext("Finish drawing"),
        "how_to_draw": gettext(
            "Tap each corner, or draw around the area in one stroke. With a keyboard, "
            "move the map with the arrow keys and press Enter to place a corner at its "
            "center. Press Escape to cancel."
        ),
        "boats_here": _plural(
            lambda n: ngettext(
                "{count} boat here, from {price}", "{count} boats here, from {price}", n
            )
        ),
        "boats_unpriced": _plural(
            lambda n: ngettext(
                "{count} boat here, price on request", "{count} boats here, prices on request", n
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
                "{count} boat is not on the map because its advert gives no exact location.",
                "{count} boats are not on the map because their adverts give no exact location.",
                n,
            )
        ),
        "failed": gettext("The boats in this area could not be loaded. Move the map to try again."),
    }


def _autosave() -> Messages:
    return {
        "saving": gettext("Saving…"),
        "saved": gettext("Saved {time}"),
        "offline": gettext(
            "You are offline. Your changes are saved on this device, and we will try again."
        ),
        "failed": gettext("Your changes are not saved yet. We will try again in a moment."),
        "conflict": gettext(
            "A newer version was saved in another window or by someone else. Nothing is lost:"
        ),
        "compare": gettext("Compare both versions"),
        "signed_out": gettext("You are signed out. Your changes are saved on this device:"),
        "sign_in": gettext("Sign in again"),
        "restored": gettext("We kept what you wrote and are saving it now."),
        "discard": gettext("Discard"),
        "gone": gettext(
            "This advert was deleted in another window or on another device. What you wrote is still here:"
        ),
        "save_anew": gettext("Save as a new draft"),
        "too_large": gettext("This is more text than an advert can hold. Please shorten it."),
        "other_account": gettext(
            "Somebody else is signed in in this browser now. What you wrote is kept on this device "
            "for you: sign in with your own account to continue."
        ),
        "failed_until": gettext("Your changes are not saved yet. We will try again in {wait}."),
    }


def _waiting() -> Messages:
    return {
        "seconds": _plural(lambda n: ngettext("{count} second", "{count} seconds", n)),
        "minutes": _plural(lambda n: ngettext("{count} minute", "{count} minutes", n)),
        "hours": _plural(lambda n: ngettext("{count} hour", "{count} hours", n)),
    }


def _kept_forms() -> Messages:
    return {
        "restored": gettext("We kept what you wrote here on {time}. It has not been sent."),
        "discard": gettext("Discard"),
        "other_version": gettext("Show another version"),
        "no_room": gettext(
            "This browser has no room to keep what you write. Send it, or copy it, before you leave."
        ),
    }


def _passkeys() -> Messages:
    return {
        "cancelled": gettext("Canceled. You can try again."),
        "device_name": gettext("What would you like to call this device?"),
    }


def _photos() -> Messages:
    return {
        "waiting": gettext("Waiting to upload"),
        "processing": gettext("Processing"),
        "progress": _plural(
            lambda n: ngettext(
                "{done} of {count} photo uploaded", "{done} of {count} photos uploaded", n
            )
        ),
        "too_large": gettext("This photo is larger than {size} MB. Choose a smaller one."),
        "no_room": gettext("An advert can have up to {most} photos. Remove one first."),
        "disconnected": gettext("The connection was lost."),
        "problem": gettext("It {problem}."),
        "try_again": gettext("Try again"),
        "dismiss": gettext("Skip this photo"),
        "moved": gettext("Photo moved to position {position}"),
        "caption_saved": gettext("Caption saved"),
        "not_saved": gettext("This could not be saved. Please try again."),
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
    "waiting": _waiting,
    "kept_forms": _kept_forms,
    "passkeys": _passkeys,
    "photos": _photos,
}
