"""Every form in which somebody writes brings its words back when it is refused, and in the browser."""

from __future__ import annotations

import re
from pathlib import Path

from litestar.routes import HTTPRoute

from marinemarket.config.settings import Settings
from marinemarket.web.app import create_app
from marinemarket.web.unsent import KeptForm

TEMPLATES = Path("src/marinemarket/web/templates")

BUTTONS = {
    # Nothing is written in these: they are a button, or choices of what stands on the page.
    "/watchlist/{}", "/watchlist/{}/end", "/still-for-sale/{}", "/unsubscribe/saved-search/{}",
    "/messages/{}/confirmation", "/messages/{}/end", "/messages/{}/reopening",
    "/sell/{}/draft/end", "/sell/{}/offer", "/sell/{}/offer/end", "/sell/{}/withdrawal", "/sell/{}/deletion",
    "/sell/{}/videos/{}/removal", "/sell/{}/photos/{}/place", "/sell/{}/photos/{}/removal",
    "/account/boats/many", "/account/jobs/{}/start", "/account/jobs/{}/cancellation",
    "/account/jobs/{}/reversal", "/account/messages/{}/end", "/account/messages/{}/block",
    "/account/messages/{}/reopening", "/account/email/confirmation", "/account/phone/code",
    "/account/searches/{}", "/account/searches/{}/end", "/account/sign-out", "/account/terms",
    "/admin/messages/{}",
}  # fmt: skip
SECRETS = {
    # A password or a code, which nothing may bring back.
    "/account/verify", "/account/reset/new", "/account/leaving", "/account/phone",
    "/account/password", "/account/second-factor", "/account/second-factor/code",
    "/account/second-factor/end", "/account/passkeys/{}/end", "/account/sessions/{}/end",
    "/account/sessions/end", "/account/proof", "/account/sign-in/code",
}  # fmt: skip
FILES = {"/sell/{}/photos", "/sell/{}/videos", "/account/boats/import"}
"""Files, which no page can put back into a form."""
OTHERS = {
    "/account/boats/import/{}/columns": "selects alone, whose choices are kept at each preview",
    "/sell/{}/draft": "autosave asks for it, and its page still has the words",
    "/account/sign-in/unsent": "shows the words again, and does nothing else",
    "/account/reset/unsent": "shows the words again, and does nothing else",
}

UNKEPT_IN_BROWSERS = {
    "/account/sign-in": "an address, which browsers fill in themselves; not for the next visitor",
    "/account/register": "a name and an address; not for the next visitor",
    "/account/reset": "an address; not for the next visitor",
    "/account/boats/prices": "a number whose answer is a preview, so no redirect confirms it",
    "/sell/{}/photos/{}/caption": "the script of photos saves it while it is written",
    "/account/phone": "a code",
    "/account/proof": "a password or a code",
    "/account/sign-in/code": "a code",
    "/account/second-factor/code": "a code",
}


def _plain(path: str) -> str:
    return re.sub(r"\{+[^}]*\}+", "{}", path)


def test_every_form_declares_its_words_or_has_a_reason_to_have_none() -> None:
    declared: dict[str, KeptForm] = {}
    bare = set()
    for route in create_app(Settings(data=Path("unused"))).routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if "POST" not in handler.http_methods or route.path.startswith("/api/"):
                continue
            kept = handler.opt.get("keeps")
            path = _plain(route.path_format)
            if kept is None:
                bare.add(path)
            else:
                declared[path] = kept
    reasons = BUTTONS | SECRETS | FILES | OTHERS.keys()
    assert bare - reasons == set(), (
        "say `keeps=KeptForm(…)`, so that no refusal loses what was typed"
    )
    assert reasons - bare == set(), "declared by now, or gone"
    for path, kept in declared.items():
        assert kept.page.startswith("/"), path
        assert all(kept.named().values()), path


_FORM = re.compile(r'<form[^>]*\bmethod="post"[^>]*>.*?</form>', re.DOTALL)
_WRITTEN = re.compile(
    r"<textarea|\{\{ (?:words|typed|field)\((?![^}]*type='password')"
    r'|<input(?![^>]*type="(?:hidden|checkbox|radio|file|password)")'
)


def test_every_form_in_which_somebody_writes_is_kept_in_the_browser() -> None:
    unkept = set()
    for path in TEMPLATES.rglob("*.html"):
        if path.name == "_unsent.html":
            continue  # words that the first form's browser keeps already
        for form in _FORM.findall(path.read_text()):
            tag = form.partition(">\n")[0]
            if not _WRITTEN.search(form) or "data-keep=" in tag:
                continue
            [action] = re.findall(r'action="([^"]*)"', tag)[:1] or [path.name]
            unkept.add(_plain(action))
    assert unkept - UNKEPT_IN_BROWSERS.keys() == set(), 'say `data-keep="{{ kept_as(…) }}"`'
    assert UNKEPT_IN_BROWSERS.keys() - unkept == set(), "kept by now, or gone"
