"""Saving, changing and deleting a search: by its user, or through the link in an email."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any
from uuid import uuid4

from ..accounts.idempotency import IdempotencyKey
from ..accounts.records import still_active
from ..accounts.secrets import hash_of, is_same
from ..audit.actions import Action
from ..audit.entry import Actor
from ..audit.trail import Trail
from ..clock import from_iso, iso
from ..errors import NotFound, Refused
from ..i18n.texts import ngettext
from ..search.filters import SearchFilters
from ..store.items import may_be_id
from ..store.schema import SAVED_SEARCHES
from ..store.store import Store
from ..store.writes import Absent, Delete, Exists, Put
from ..wire import Model
from .records import (
    claim_put,
    claimed_by,
    find_search,
    item_of,
    search_update,
)
from .saved_search import (
    MOST_SEARCHES,
    Frequency,
    SavedSearch,
    SearchName,
    filters_to_wire,
)


class SavedSearchRequest(Model):
    """The input of somebody who saves a search."""

    name: SearchName
    """What you call it."""
    filters: SearchFilters = SearchFilters()
    """What to search for."""
    frequency: Frequency = Frequency.DAILY
    """How often to send emails."""


def token_of(secret_key: str, search_id: str) -> str:
    """The unsubscribe token of a search: derived from the market's key, so that every email has it."""
    message = f"unsubscribe saved search {search_id}"
    return hmac.new(secret_key.encode(), message.encode(), sha256).hexdigest()


async def save_search(
    trail: Trail,
    secret_key: str,
    actor: Actor,
    payload: dict[str, Any],
    once: IdempotencyKey | None = None,
) -> SavedSearch:
    """Save a new search of the actor's. Raises Invalid, and Refused beyond the limit or if not active.

    With `once` it is saved once, however often the request comes.
    """
    wish = SavedSearchRequest.parse(payload)
    now, id = trail.clock(), str(uuid4())
    search = SavedSearch(
        id=id,
        user_id=actor.user_id,
        name=wish.name,
        filters=wish.filters,
        frequency=wish.frequency,
        created_at=iso(now),
        updated_at=iso(now),
        unsubscribe_hash=hash_of(token_of(secret_key, id)),
    )
    entry = actor.entry(
        Action.SAVED_SEARCH_CREATED, "saved-search", id, now, frequency=search.frequency.value
    )

    async def save() -> SavedSearch:
        if once and (made := await _made(trail.store, actor, once)):
            return made
        ids = await claimed_by(trail.store, actor.user_id)
        if len(ids or ()) >= MOST_SEARCHES:
            raise Refused(
                ngettext(
                    "there is %(num)s saved search, and no more fit: delete one",
                    "there are %(num)s saved searches, and no more fit: delete one",
                    MOST_SEARCHES,
                )
            )
        await trail.commit(
            entry,
            still_active(actor.user_id),
            claim_put(actor.user_id, ids, [*(ids or ()), id]),
            Put(SAVED_SEARCHES, item_of(search), when=Absent()),
            *([once.making(id, now)] if once else []),
        )
        return search

    return await trail.retrying(save)


async def _made(store: Store, actor: Actor, once: IdempotencyKey) -> SavedSearch | None:
    id = await once.made(store)
    return await own_search(store, actor.user_id, id) if id else None


async def own_search(store: Store, user_id: str, id: str) -> SavedSearch:
    """A search, if it belongs to this user. Raises NotFound."""
    search = await find_search(store, id) if may_be_id(id) else None
    if search is None or search.user_id != user_id:
        raise NotFound("saved search", id)
    return search


async def change_search(
    trail: Trail, actor: Actor, id: str, payload: dict[str, Any]
) -> SavedSearch:
    """Change the name, frequency or filters (all of them together). Raises Invalid, NotFound."""

    async def change() -> SavedSearch:
        search = await own_search(trail.store, actor.user_id, id)
        wish = SavedSearchRequest.parse(_wire_of(search) | payload)
        changed = _changed(search, wish, trail.clock())
        if changed == search:
            return search
        before, after = _wire_of(search), _wire_of(changed)
        # The filters are private: the audit trail records only that they changed.
        names = [name for name in before if before[name] != after[name]]
        entry = actor.entry(
            Action.SAVED_SEARCH_UPDATED,
            "saved-search",
            id,
            trail.clock(),
            changed=names,
            frequency=changed.frequency.value,
        )
        await trail.commit(entry, search_update(search, changed))
        return changed

    return await trail.retrying(change)


def _wire_of(search: SavedSearch) -> dict[str, Any]:
    filters = filters_to_wire(search.filters)
    return {"name": search.name, "filters": filters, "frequency": search.frequency}


def _changed(search: SavedSearch, wish: SavedSearchRequest, now: int) -> SavedSearch:
    """The search after a change.

    What is noted for it stays, to be judged by the filters that hold when its email is due. With other
    filters, or when emails begin again, the next email also looks for boats that were not noted.
    """
    if (wish.name, wish.filters, wish.frequency) == (search.name, search.filters, search.frequency):
        return search
    moment = iso(max(now, from_iso(search.updated_at) + 1))
    changed = search.changed(
        name=wish.name, filters=wish.filters, frequency=wish.frequency, updated_at=moment
    )
    if wish.filters != search.filters or search.frequency is Frequency.NEVER:
        changed = changed.changed(look_back=True)
    if wish.frequency is Frequency.NEVER:
        return changed.changed(due_at=None)
    if changed.due_at and wish.frequency is not search.frequency:
        at_once = wish.frequency is Frequency.AT_ONCE
        return changed.changed(due_at=iso(now if at_once else changed.next_due(now)))
    return changed.awaiting(now) if changed.look_back else changed


async def delete_search(trail: Trail, actor: Actor, id: str) -> None:
    """Delete a search of the actor's. Raises NotFound.

    The record of reported boats stays until it expires, or its user is erased.
    """
    await own_search(trail.store, actor.user_id, id)
    entry = actor.entry(Action.SAVED_SEARCH_DELETED, "saved-search", id, trail.clock())

    async def delete() -> None:
        ids = await claimed_by(trail.store, actor.user_id)
        rest = [one for one in ids or () if one != id]
        unknown = NotFound("saved search", id)
        gone = Delete(SAVED_SEARCHES, (id,), when=Exists(), otherwise=unknown)
        await trail.commit(entry, gone, claim_put(actor.user_id, ids, rest))

    await trail.retrying(delete)


async def by_token(store: Store, id: str, token: str) -> SavedSearch:
    """The search whose emails contain this token. Raises NotFound for any other token."""
    search = await find_search(store, id) if may_be_id(id) else None
    if search is None or not is_same(hash_of(token), search.unsubscribe_hash):
        raise NotFound("saved search", id)
    return search


async def unsubscribe(trail: Trail, actor: Actor, id: str, token: str) -> SavedSearch:
    """Stop a search's emails, for anyone who holds one of them. The search stays. Raises NotFound."""

    async def silence() -> SavedSearch:
        search = await by_token(trail.store, id, token)
        if search.frequency is Frequency.NEVER:
            return search
        wish = SavedSearchRequest(
            name=search.name, filters=search.filters, frequency=Frequency.NEVER
        )
        silent = _changed(search, wish, trail.clock())
        entry = actor.entry(
            Action.SAVED_SEARCH_UPDATED,
            "saved-search",
            id,
            trail.clock(),
            because="unsubscribed",
            frequency={"old": search.frequency.value, "new": silent.frequency.value},
        )
        await trail.commit(entry, search_update(search, silent))
        return silent

    return await trail.retrying(silence)
