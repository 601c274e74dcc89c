"""Cookies, such as the session's secret and the device name, and the CSRF token of forms.

Over TLS they are ``__Host-`` cookies, which no other host or path can set. Plain http is only for
local use; browsers do not send secure cookies over it.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from litestar.datastructures import Cookie

from ...clock import DAY_SECONDS, YEAR_SECONDS
from ...config.settings import Settings

DEVICE_LASTS = 2 * YEAR_SECONDS
_SESSION, _DEVICE, _RECEIPTS = "session", "device", "received"


def session_cookie(settings: Settings, secret: str, lasts: int) -> Cookie:
    """The cookie that keeps a user signed in for this many seconds."""
    return _cookie(settings, _SESSION, secret, lasts)


def no_session_cookie(settings: Settings) -> Cookie:
    """The cookie that removes the session cookie."""
    return _cookie(settings, _SESSION, "", 0)


def device_cookie(settings: Settings, value: str) -> Cookie:
    """The cookie that identifies a device, signed in or not."""
    return _cookie(settings, _DEVICE, value, DEVICE_LASTS)


def session_name(settings: Settings) -> str:
    return _name(settings, _SESSION)


def device_name(settings: Settings) -> str:
    return _name(settings, _DEVICE)


def kept_cookie(settings: Settings, name: str, value: str, lasts: int) -> Cookie:
    """A cookie that stores a reader's choice and nothing personal."""
    return _cookie(settings, name, value, lasts)


def kept_name(settings: Settings, name: str) -> str:
    return _name(settings, name)


def receipts_name(settings: Settings) -> str:
    return _name(settings, _RECEIPTS)


def receipts_cookie(settings: Settings, receipts: str) -> Cookie:
    """The cookie that tells scripts which forms were taken, so that they forget what they kept.

    Random names that a script made, and nothing secret: the script reads the cookie, and removes it.
    """
    cookie = _cookie(settings, _RECEIPTS, receipts, DAY_SECONDS)
    cookie.httponly = False
    return cookie


def form_token(key: str, bound_to: str, user_id: str | None = None) -> str:
    """The CSRF token that a form, or the header `X-CSRF-Token`, must carry.

    `bound_to` is the session's secret or, before sign-in, the device name: a token bound to
    anything else is refused. Behind a dot stands, as a keyed hash, the account that the form was shown
    to, so that what it held is known to be theirs when their session has gone.
    """
    proof = hmac.new(key.encode(), f"form {bound_to}".encode(), sha256).hexdigest()
    return f"{proof}.{account_mark(key, user_id)}" if user_id else proof


def proof_in(token: str) -> str:
    """The part of a form's token that is bound to a session or a device."""
    return token.partition(".")[0]


def account_in(token: str) -> str:
    """The mark of the account that a form was shown to; empty for a visitor's."""
    return token.partition(".")[2]


def account_mark(key: str, user_id: str) -> str:
    """By which pages and forms name an account without telling which it is."""
    return hidden_name(key, user_id)


def hidden_name(key: str, text: str) -> str:
    """A short keyed hash of a text that pages must not tell."""
    return hmac.new(key.encode(), f"kept words {text}".encode(), sha256).hexdigest()[:16]


def _name(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.is_secure else name


def _cookie(settings: Settings, name: str, value: str, lasts: int) -> Cookie:
    return Cookie(
        key=_name(settings, name),
        value=value,
        max_age=lasts,
        path="/",
        secure=settings.is_secure,
        httponly=True,
        samesite="lax",
    )
