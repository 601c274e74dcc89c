"""Screening messages: known scams, and the warnings for their targets.

A message that meets a rule is still delivered. Its reader sees a warning that explains the trick and
what to do; its writer sees beforehand that readers are warned of such messages. Only two things hold
a message for a moderator: many links, and the same long text to many sellers.

Rules read a message as its reader does: what is invisible does not part a word, and a Cyrillic letter
that looks like a Latin one is taken for it (`lookalikes`). A rule matches a whole trick rather than a word: escrow, wire transfers, surveyors, shippers and
telephone numbers are part of honest boat sales. Tests try each rule on honest messages, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import urlsplit

from ..i18n.texts import mark
from ..lookalikes import as_read, readings

MOST_LINKS = 3
"""A message with more links than this is held."""
FEWEST_WORDS_OF_A_COPY = 12
MOST_COPIES = 5
"""A text of at least this many words is held once it goes to this many sellers within a day."""


Met = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class ScamRule:
    """One trick. `met` is called with the folded text (lower case, no accents, single spaces).

    `title` and `advice` are for the reader, `hint` for the writer. A `note` informs without warning.
    `holds` keeps the message until a moderator has read it.
    """

    id: str
    met: Met
    title: str
    advice: str
    hint: str
    is_note: bool = False
    holds: bool = False


def _any(*patterns: str) -> Met:
    compiled = [re.compile(pattern) for pattern in patterns]
    return lambda text: any(pattern.search(text) for pattern in compiled)


def _both(one: str, other: str, *, within: int = 160) -> Met:
    """Both patterns, in either order, at most `within` characters apart."""
    between = f"[^\\0]{{0,{within}}}?"
    either = re.compile(f"(?:{one}){between}(?:{other})|(?:{other}){between}(?:{one})")
    return lambda text: either.search(text) is not None


_NAMES = r"(?:whats ?app|telegram|signal|viber|wechat|snapchat|messenger|zelle|cash ?app)"
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\"']+", re.IGNORECASE)
_KNOWN_ESCROW = frozenset({"escrow.com"})
# With the country code, as written in North America, or with a leading zero.
_PHONE = re.compile(
    r"\+\d[\d ().-]{6,17}\d|(?<![\d.-])\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?![\d-])|(?<!\d)0\d{2,4}[ /-]\d{5,9}\b"
)
_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.|\s?\(dot\)\s?|\s?\[dot\]\s?)[a-z]{2,}"
)


def links_in(text: str) -> list[str]:
    """The host names of the links in a text."""
    found = []
    for link in _LINK.findall(text):
        try:
            host = urlsplit(link if "://" in link else f"http://{link}").hostname
        except ValueError:
            host = link
        found.append((host or link).casefold().removeprefix("www."))
    return found


def _false_escrow(text: str) -> bool:
    """A link to a site that calls itself escrow, other than the well-known company's."""
    return any(
        re.search(r"escrow|safe-?pay|secure-?pay|buyer-?protect", host)
        and host not in _KNOWN_ESCROW
        and not any(host.endswith(f".{known}") for known in _KNOWN_ESCROW)
        for host in links_in(text)
    )


RULES = (
    ScamRule(
        "overpayment",
        _any(
            r"(?:refund|return|send|wire|forward|give|pay|transfer)\b[^.!?\n]{0,40}\b(?:the )?(?:difference|excess|overage|surplus|extra (?:money|amount|funds))\b",
            r"\b(?:difference|excess|surplus|remainder|balance|extra (?:money|amount|funds))\b[^.!?\n]{0,60}\b(?:to|for) (?:the |my |our )?(?:ship\w*|mover\w*|transport\w*|haul\w*|agent|courier|driver)",
            r"(?:che(?:ck|que)|draft|payment|money order)[^.!?\n]{0,60}\b(?:more than|above|over|exceed\w*|in excess of|larger than|extra)\b[^.!?\n]{0,30}\b(?:price|asking|amount|cost)",
            r"\boverpa(?:y|id|ying|yment)\b",
        ),
        mark("This may be the overpayment trick"),
        mark("Somebody pays too much, by a check or transfer that fails days later, and asks for the rest back. Keep no more than the price, send nothing back, and hand over no boat before your bank says that the money is yours for good."),
        mark("Readers are warned when a message speaks of paying more than the price and sending some of it on."),
    ),
    ScamRule(
        "own-shipper",
        _any(
            r"\b(?:my|our|the|a)\b (?:\w+ ){0,2}(?:shipper|shipping (?:agent|company)|courier|mover|transport(?:er| company| agent)|pick ?up agent|agent|hauler)s?\b[^.!?\n]{0,40}\b(?:will|would|to|is going to|can|are going to)\b[^.!?\n]{0,30}\b(?:pick|collect|come for|fetch|handle the pick)",
            r"\b(?:can ?not|can't|cant|unable to|won't be able to|not able to)\b[^.!?\n]{0,40}\b(?:see|view|inspect|look at|come)\b[^\0]{0,120}\b(?:ship|pick ?up|agent|courier|mover|transport)",
            r"\bpick ?up agent\b",
            r"\b(?:offshore|oil rig|at sea|deployed|military base|overseas)\b[^\0]{0,160}\b(?:shipper|agent|courier|mover|pick ?up)",
        ),
        mark("A buyer who has somebody collect the boat unseen"),
        mark("Honest buyers do use transporters, after they or a surveyor have seen the boat. Pay no transporter for anybody else, and let the boat go only once the whole price is yours for good."),
        mark("Readers are warned when a boat is to be collected by an agent before anybody has seen it. It helps to say who will look at it."),
    ),
    ScamRule(
        "code",
        _any(
            r"\b(?:send|tell|text|give|read|forward|share|reply with|provide)\b[^.!?\n]{0,60}\b(?:\d ?-? ?digit|verification|confirmation|security|one ?-? ?time|pin|google(?: voice)?|whats ?app|sms) ?(?:code|number|pin)\b",
            r"\b(?:code|pin)\b[^.!?\n]{0,60}\b(?:sent|send|texted|receive|get|got|arrive\w*)\b[^.!?\n]{0,50}\b(?:you|your|phone|mobile|cell|sms|text|whats ?app)",
            r"\b(?:sent|texted|sending|texting)\b[^.!?\n]{0,30}\b(?:verification|confirmation|security|one ?-? ?time|\d ?-? ?digit)\b[^.!?\n]{0,20}\b(?:code|pin)\b",
            r"\b(?:prove|verify|confirm|sure)\b[^.!?\n]{0,60}\b(?:you are|you're|youre|are)\b[^.!?\n]{0,30}\b(?:real|legit\w*|human|not a (?:bot|scammer))\b[^\0]{0,100}\bcode\b",
        ),
        mark("Somebody asks you for a code"),
        mark("A code that comes to your phone opens something of yours: an account, or your number. Nobody needs it to buy or sell a boat. Do not pass it on, whoever asks."),
        mark("Readers are warned when they are asked for a code that came to their phone."),
    ),
    ScamRule(
        "gift-card",
        _any(
            r"\b(?:gift ?cards?|itunes cards?|steam cards?|google play cards?|prepaid cards?|vouchers?)\b[^.!?\n]{0,80}\b(?:pay|payment|deposit|send|buy|purchase|code|scratch)",
            r"\b(?:pay|payment|deposit|send|buy|purchase)\b[^.!?\n]{0,60}\b(?:gift ?cards?|itunes cards?|steam cards?|google play cards?|prepaid cards?)\b",
        ),
        mark("Somebody wants gift cards"),
        mark("Nobody who sells or buys a boat honestly is paid in gift cards. Whoever has the numbers has the money, and it never comes back."),
        mark("Readers are warned when gift cards are to pay for something."),
    ),
    ScamRule(
        "irreversible",
        _any(
            r"\b(?:western[ _-]?union|money[ _-]?gram|ria money)\b",
            r"\b(?:pay|payment|deposit|send|transfer)\b[^.!?\n]{0,50}\b(?:bitcoin|btc|crypto\w*|usdt|ethereum)\b",
            r"\b(?:bitcoin|btc|crypto\w*|usdt|ethereum)\b[^.!?\n]{0,40}\b(?:only|accepted|payment|deposit|wallet|address)\b",
            r"\b(?:wire|send|transfer|pay)\b[^.!?\n]{0,60}\b(?:deposit|money|funds|payment)?[^.!?\n]{0,30}\b(?:before|without)\b[^.!?\n]{0,30}\b(?:seeing|viewing|see|view|inspect\w*|survey)",
            r"\b(?:deposit|down ?payment|money|funds)\b[^.!?\n]{0,50}\b(?:before|without)\b (?:you |i |we )?(?:can )?(?:see|seeing|view\w*|inspect\w*)",
        ),
        mark("A payment that cannot be reversed"),
        mark("Money that goes by cash transfer, in cryptocurrency, or before anybody has seen the boat does not come back. See the boat and its papers first, and pay through an escrow company or a lawyer that you have chosen yourself."),
        mark("Readers are warned when money is to be sent in a way that cannot be reversed."),
    ),
    ScamRule(
        "elsewhere",
        _any(
            rf"\b(?:contact|write|text|message|msg|reach|add|hit|talk|chat|reply|continue|move|switch|join|ping)\b[^.!?\n]{{0,50}}\b(?:on|over|via|through|to|by|in|using)? ?(?:my )?{_NAMES}\b",
            r"\b(?:my|here is my|this is my) (?:whats ?app|telegram|signal|viber|wechat)\b",
            r"\b(?:wa\.me|t\.me|chat\.whatsapp\.com)/",
        ),
        mark("Somebody wants to continue elsewhere"),
        mark("That is often harmless. But what is written elsewhere is out of our sight, and swindlers leave early. You may stay here for as long as you like, and nobody learns your address."),
        mark("Readers are told to take care when somebody wants to move to another messenger. You can stay here; replies reach you by email."),
    ),
    ScamRule(
        "false-escrow",
        _false_escrow,
        mark("Look twice at this escrow company"),
        mark("Swindlers make pages that look like an escrow company’s. Do not follow the link. Choose a company yourself, type its address yourself, and ask the state’s register whether it has a licence."),
        mark("Readers are warned of links to escrow pages. Let the other side choose the company as well."),
    ),
    ScamRule(
        "for-somebody-else",
        _both(
            r"\b(?:gift|surprise|present)\b[^.!?\n]{0,40}\b(?:for|to) my\b|\bbuying (?:it|this|her|the boat) for my\b|\bon behalf of my client\b",
            r"\b(?:final price|best price|present condition|ship\w*|pick ?up|paypal|certified check|cashier'?s? check|bank draft)\b",
            within=300,
        ),
        mark("This reads like a message that many sellers get"),
        mark("Offers for somebody else, at any price and unseen, are often the first of a chain. Ask a question about the boat that only somebody who means it can answer."),
        mark("Readers are warned of offers that say nothing of the boat. Ask what you would ask at the dock."),
    ),
    ScamRule(
        "many-links",
        lambda text: len(links_in(text)) > MOST_LINKS,
        mark("Many links"),
        mark("A message with so many links is rarely about a boat."),
        mark("A message with more than three links waits until one of us has read it."),
        holds=True,
    ),
    ScamRule(
        "phone",
        lambda text: _PHONE.search(text) is not None,
        mark("There is a telephone number in this message"),
        mark("You may call. A number in a message is not proof of who somebody is."),
        mark("There is a telephone number in your message. That is fine; it is theirs from then on."),
        is_note=True,
    ),
    ScamRule(
        "email",
        lambda text: _EMAIL.search(text) is not None,
        mark("There is an email address in this message"),
        mark("If you write to it, your own address is known there."),
        mark("There is an email address in your message. That is fine; it is theirs from then on."),
        is_note=True,
    ),
)  # fmt: skip

COPIES = ScamRule(
    "copies",
    lambda text: False,  # detected in the store, not in a single message
    mark("The same text went to many sellers"),
    mark("Whoever writes it may not mean your boat."),
    mark("The same text went to many sellers, so it waits until one of us has read it."),
    holds=True,
)

BY_ID: Mapping[str, ScamRule] = MappingProxyType({rule.id: rule for rule in (*RULES, COPIES)})


def screen(*texts: str) -> tuple[str, ...]:
    """The ids of the rules that any of a message's texts meets, in the order of RULES."""
    read = tuple(_in_one_spacing(reading) for text in texts for reading in readings(text))
    return tuple(rule.id for rule in RULES if any(map(rule.met, read)))


def is_held(signs: Iterable[str]) -> bool:
    """Does a message that meets these rules wait for a moderator?"""
    return any(BY_ID[sign].holds for sign in signs if sign in BY_ID)


def warnings_of(signs: Iterable[str]) -> list[ScamRule]:
    """A reader's warnings about a message, before its notes; ids of former rules are ignored."""
    known = [BY_ID[sign] for sign in signs if sign in BY_ID]
    return sorted(known, key=lambda rule: rule.is_note)


def hints_of(text: str) -> list[ScamRule]:
    """A writer's hints before a message is sent. Notes need none."""
    return [BY_ID[sign] for sign in screen(text) if not BY_ID[sign].is_note]


def fingerprint_of(text: str, *, without: Iterable[str] = ()) -> str | None:
    """A hash that copies of one text share; None for a short text, since greetings are alike.

    `without` are phrases that are not the writer's own: the suggested openings, names, the boat. Digits
    are removed as well, since copies differ in them.
    """
    folded = _folded(text)
    for phrase in sorted(map(_folded, without), key=len, reverse=True):
        folded = folded.replace(phrase, " ") if phrase else folded
    words = re.findall(r"[^\W\d_]+", folded)
    if len(words) < FEWEST_WORDS_OF_A_COPY:
        return None
    return sha256(" ".join(words).encode()).hexdigest()


def _folded(text: str) -> str:
    return _in_one_spacing(as_read(text))


def _in_one_spacing(read: str) -> str:
    """Single spaces; a single line break is one too, since many programs wrap an email's lines."""
    lines = re.sub(r"(?<![\n.!?])\n(?!\n)", " ", re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", read))
    return re.sub(r"[^\S\n]+", " ", lines).replace("’", "'")
