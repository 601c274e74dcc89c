"""Every creating POST takes an `Idempotency-Key`: a client that heard no answer may send it again."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient

BY_ITSELF = {
    "/me/imports/proposal": "keeps nothing",
    "/auth/register": "one address has one account, and the answer is the same however often it is sent",
    "/auth/passkeys": "its challenge counts once, and its answer holds secrets that are not kept",
    "/auth/email-verification": "its token counts once",
    "/auth/login": "a session more; its secret is not kept, so no second answer could hold it",
    "/auth/login/second-factor": "as signing in",
    "/auth/logout": "ends what has ended",
    "/auth/passkeys/login": "as signing in",
    "/auth/passkeys/login/options": "a challenge, which ends by itself",
    "/auth/passkeys/options": "a challenge, which ends by itself",
    "/auth/password-reset": "an email, which a person asks for anew if it did not come",
    "/auth/password-reset/confirmation": "its token counts once",
    "/admin/listings/{listing_id:str}/moderation": "decides on a version (If-Match), once",
    "/listings/{listing_id:str}/publication": "changes a version (If-Match) into a state",
    "/listings/{listing_id:str}/sale": "changes a version (If-Match) into a state",
    "/me/email/confirmation": "an email, which a person asks for anew if it did not come",
    "/me/inquiries/{inquiry_id:str}/reading": "what was read stays read",
    "/me/jobs/{job_id:str}/cancellation": "a job that has ended stays so",
    "/me/jobs/{job_id:str}/reversal": "a job is taken back once; again answers with the same job",
    "/me/phone/code": "a text message, which a person asks for anew if it did not come",
    "/me/phone/verification": "its code counts once",
    "/me/proof": "a proof of a few minutes",
    "/me/proof/options": "a challenge, which ends by itself",
    "/me/second-factor": "turns on what is on already",
    "/search": "reads",
}
"""POST routes that make nothing twice, or nothing that could be answered again, and why."""

RULE = """
{path} takes no Idempotency-Key. Declare `once=True` at the handler, ask for the key, and write its record in
the commit that creates the thing:

    once = asked_once(request, actor.user_id, "POST /things", data)
    ...
    await trail.commit(entry, Put(THINGS, item), *([once.making(id, now)] if once else []))

If sending it twice makes nothing twice, say why in BY_ITSELF.
"""


def _posts(client: TestClient[Any]) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in client.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if route.path.startswith("/api/v1/") and "POST" in handler.http_methods:
                yield route.path.removeprefix("/api/v1"), handler


def test_every_creating_post_is_carried_out_once_for_each_key(client: TestClient[Any]) -> None:
    posts = dict(_posts(client))
    assert len(posts) > 20
    for path, handler in posts.items():
        asks = "asked_once(" in inspect.getsource(handler.fn)
        assert asks == (handler.opt.get("once") is True), path
        assert asks or path in BY_ITSELF, RULE.format(path=path)
    assert not [path for path in BY_ITSELF if path not in posts or posts[path].opt.get("once")]
    assert not [path for path, handler in posts.items() if handler.status_code == 201
                and path in BY_ITSELF and path != "/auth/passkeys"]  # fmt: skip
