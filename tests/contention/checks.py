"""What must hold of a fight, whoever won."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from marinemarket.audit.actions import Action
from marinemarket.clock import from_iso
from marinemarket.composition import Market
from marinemarket.store.items import Item
from marinemarket.store.schema import AUDIT_LOGS, LISTINGS, MESSAGES, THREADS, USERS, Table
from marinemarket.store.store import Change, Position
from tests.store.paging import feed

from .writers import Answer, Fight, Prize, price_of

ALLOWED = {
    Prize.LISTING: {"Busy", "Unavailable"},
    Prize.VERSION: {"Busy", "Unavailable", "Outdated"},
    Prize.USER: {"Busy", "Unavailable"},
    Prize.THREAD: {"Busy", "Unavailable", "Refused"},
}
"""Why a change may not be made. A thread refuses what is written once somebody has closed it."""


async def check(market: Market, fight: Fight, answers: Sequence[Answer], begun: Position) -> None:
    """`begun` is where the feed stood before. Raises AssertionError."""
    check_answers(fight, answers)
    changes = await feed(market.store, begun)
    won = Counter(answer.prize for answer in answers if answer.won)
    _check_listing(fight, answers, _of(changes, LISTINGS, (fight.listing_id,)))
    _check_user(answers, _of(changes, USERS, (fight.seller_id,)))
    _check_thread(answers, _of(changes, THREADS, (fight.thread_id,)))
    added = [change.new for change in changes if change.table == MESSAGES.name and change.new]
    closed = sum(entry["action"] == Action.THREAD_CLOSED for entry in _entries(changes))
    assert len(added) == won[Prize.THREAD] - closed, "a message is lost, or came twice"
    entries = Counter((entry["resource"], entry["resourceId"]) for entry in _entries(changes))
    assert entries == {
        ("listing", fight.listing_id): won[Prize.LISTING] + won[Prize.VERSION],
        ("user", fight.seller_id): won[Prize.USER],
        ("thread", fight.thread_id): won[Prize.THREAD],
    }, "an acknowledged change has no entry, or an entry tells of nothing that was acknowledged"


def check_answers(fight: Fight, answers: Sequence[Answer]) -> None:
    """Everybody was answered, and in a way that they can understand."""
    asked = {
        (prize, writer, turn)
        for prize in Prize
        for writer in range(fight.writers)
        for turn in range(fight.turns)
    }
    assert sorted((answer.prize, answer.writer, answer.turn) for answer in answers) == sorted(asked)
    for answer in answers:
        assert answer.won or answer.error in ALLOWED[answer.prize], answer
    for prize in Prize:
        assert any(answer.won for answer in answers if answer.prize is prize), f"nobody won {prize}"
    versions = [
        answer.version for answer in answers if answer.prize is Prize.VERSION and answer.won
    ]
    assert len(set(versions)) == len(versions), "two have won one version"


def _of(changes: Sequence[Change], table: Table, key: tuple[str, ...]) -> list[Change]:
    """The changes of one item, each of which begins where the last one ended."""
    found = [change for change in changes if change.table == table.name and change.key == key]
    for earlier, later in pairwise(found):
        assert later.old == earlier.new
    return found


def _entries(changes: Sequence[Change]) -> list[Item]:
    return [change.new for change in changes if change.table == AUDIT_LOGS.name and change.new]


def _check_listing(fight: Fight, answers: Sequence[Answer], changes: Sequence[Change]) -> None:
    _check_versions([_old(changes[0])["updatedAt"], *(_new(c)["updatedAt"] for c in changes)])
    prices = [_new(c)["price"] for c in changes if _new(c)["price"] != _old(c)["price"]]
    won = [a for a in answers if a.won and a.prize is Prize.LISTING]
    assert sorted(prices) == sorted(price_of(a.writer, a.turn) for a in won)
    titled = [c for c in changes if _new(c)["title"] != _old(c)["title"]]
    assert len(titled) + len(prices) == len(changes), "a change undid another"
    made_of = {_old(c)["updatedAt"] for c in titled}
    assert made_of == {a.version for a in answers if a.won and a.prize is Prize.VERSION}


def _check_user(answers: Sequence[Answer], changes: Sequence[Change]) -> None:
    _check_versions([from_iso(_new(change)["updatedAt"]) for change in changes])
    names = sorted(_new(change)["name"] for change in changes)
    won = [a for a in answers if a.won and a.prize is Prize.USER]
    assert names == sorted(f"Seller {a.mark}" for a in won)


def _check_thread(answers: Sequence[Answer], changes: Sequence[Change]) -> None:
    _check_versions([_old(changes[0])["version"], *(_new(c)["version"] for c in changes)])
    won = [a for a in answers if a.won and a.prize is Prize.THREAD]
    assert len(won) == len(changes)


def _check_versions(versions: Sequence[int]) -> None:
    """Each is one more than the one before: the clock of a fight stands still."""
    assert [*versions] == [*range(versions[0], versions[0] + len(versions))], (
        "a version has two winners"
    )


def _new(change: Change) -> Item:
    assert change.new is not None
    return change.new


def _old(change: Change) -> Item:
    assert change.old is not None
    return change.old
