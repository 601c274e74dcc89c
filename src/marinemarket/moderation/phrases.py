"""What a text says, as a reader takes it: telephone numbers, addresses, payment methods, phrases of swindlers.

Each function returns the words that it found in a listing's text, or None.
"""

from __future__ import annotations

import re

from ..listings.listing import Listing
from ..lookalikes import as_read, readings

_DIGITS = {"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
           "six": "6", "seven": "7", "eight": "8", "nine": "9"}  # fmt: skip
_SPELLED = re.compile(rf"\b(?:(?:{'|'.join(_DIGITS)})[\s,.-]+){{6,}}(?:{'|'.join(_DIGITS)})\b")
_PHONE = re.compile(r"(?<![\w$€£.,/-])(?:\+|00)?\(?\d(?:[\s().-]{0,2}\d){8,14}(?![\w/-])")
_AT, _DOT = r"\s?(?:\(at\)|\[at\]|\sat\s)\s?", r"\s?(?:\(dot\)|\[dot\]|\sdot\s)\s?"
_LOCAL = r"(?<![\w.+-])[\w.+-]{1,64}"
"""Matched only from its beginning: otherwise every letter of a long word would be tried."""
_EMAIL = re.compile(
    rf"{_LOCAL}\s?@\s?[\w-]{{2,60}}\s?\.\s?[a-z]{{2,10}}\b"
    rf"|{_LOCAL}{_AT}[\w-]{{2,60}}{_DOT}[a-z]{{2,10}}\b"
    rf"|{_LOCAL}{_AT}(?:gmail|yahoo|hotmail|outlook|icloud|proton|gmx|aol)\b"
)
_ENDINGS = "com|net|org|info|biz|io|co|me|de|uk|fr|it|es|nl|shop|site|online|app|xyz|ru|eu"
# A single line break within a sentence is a space: a text pasted from an email is wrapped.
_WRAPPED = re.compile(r"(?<![\n.!?])[^\S\n]*\n[^\S\n]*(?!\n)")
_URL = re.compile(
    rf"(?:https?://|www\.)[^\s]{{3,200}}|(?<![\w-])[a-z0-9][a-z0-9-]{{1,60}}\.(?:{_ENDINGS})\b(?!\.)"
)
_CHAT = re.compile(r"\b(?:whats\s?app|telegram|we\s?chat|signal me|viber|t\.me|wa\.me)\b")


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


_PAYMENT = _any_of(
    "western union", r"money\s?gram", r"(?:gift|i\s?tunes|steam|prepaid) cards?", r"bit\s?coins?", "btc", "usdt",
    "crypto(?:currency|currencies)?", r"cash\s?app", "zelle", "venmo", "paypal friends(?: and family)?",
    "(?:wire|transfer|send) (?:me |us )?(?:the |a )?(?:money|deposit|payment|funds)",
    "cashier'?s che(?:ck|que)s? only",
)  # fmt: skip
_SCAM = _any_of(
    "my shipp(?:er|ing (?:agent|company))", "shipp(?:er|ing agent) will (?:pick|collect|come)",
    "(?:i am|i'm|we are) (?:currently |presently |now )?"
    "(?:overseas|deployed|offshore|abroad|out of the country|on an? oil rig)",
    "on a military (?:base|deployment)", "(?:verification|six.digit|6.digit) code",
    "(?:no|without) (?:viewings?|inspections?|surveys?) (?:possible|before|until)",
    "deposit (?:before|prior to) (?:a |any )?(?:viewing|inspection|visit)",
    "e-?bay (?:buyer|vehicle) protection", "god bless", "my late husband",
)  # fmt: skip
_FORBIDDEN = _any_of(
    "no title (?:and|or) no papers", "hin (?:was |is )?(?:removed|filed off|ground off)",
    "cocaine", "counterfeit",
)  # fmt: skip


def _readings_of(listing: Listing) -> tuple[str, ...]:
    return tuple(_WRAPPED.sub(" ", read) for read in readings(_text_of(listing)))


def _text_of(listing: Listing) -> str:
    return "\n\n".join((listing.title, listing.description or "", *listing.features))


def _first(pattern: re.Pattern[str], listing: Listing) -> str | None:
    found = next(filter(None, map(pattern.search, _readings_of(listing))), None)
    return found[0].strip() if found else None


def phone(listing: Listing) -> str | None:
    return _first(_PHONE, listing) or _first(_SPELLED, listing)


def email_address(listing: Listing) -> str | None:
    return _first(_EMAIL, listing)


def way_elsewhere(listing: Listing) -> str | None:
    # Only as it stands: an address with its @ as a letter would be that of a page.
    found = _URL.search(_EMAIL.sub(" ", as_read(_text_of(listing))))
    return found[0] if found else _first(_CHAT, listing)


def payment_method(listing: Listing) -> str | None:
    return _first(_PAYMENT, listing)


def scam_phrase(listing: Listing) -> str | None:
    return _first(_SCAM, listing)


def forbidden_words(listing: Listing) -> str | None:
    return _first(_FORBIDDEN, listing)
