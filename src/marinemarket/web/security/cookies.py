"""The cookies, such as the session's secret and a device's name. And the token that proves a form ours.

Where the site is reached by TLS they are ``__Host-`` cookies, which no other host and no path can
set. Plain http is for one's own machine and for trying things out; browsers keep secure cookies
from it.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from litestar.datastructures import Cookie

from ...clock import YEAR_SECONDS
from ...config.settings import Settings

DEVICE_LASTS = 2 * YEAR_SECONDS
_SESSION, _DEVICE = "session", "device"


def session_cookie(settings: Settings, secret: str, lasts: int) -> Cookie:
    """The cookie that signs somebody in for so many seconds."""
    return _cookie(settings, _SESSION, secret, lasts)


def no_session_cookie(settings: Settings) -> Cookie:
    """The cookie that takes the other one away."""
    return _cookie(settings, _SESSION, "", 0)


def device_cookie(settings: Settings, value: str) -> Cookie:
    """The cookie by which a device is known again, signed in or not."""
    return _cookie(settings, _DEVICE, value, DEVICE_LASTS)


def session_name(settings: Settings) -> str:
    return _name(settings, _SESSION)


def device_name(settings: Settings) -> str:
    return _name(settings, _DEVICE)


def kept_cookie(settings: Settings, name: str, value: str, lasts: int) -> Cookie:
    """A cookie that remembers something for a reader, and says nothing about them."""
    return _cookie(settings, name, value, lasts)


def kept_name(settings: Settings, name: str) -> str:
    return _name(settings, name)


def form_token(key: str, bound_to: str) -> str:
    """What a form, or the header `X-CSRF-Token`, must hold to be believed.

    `bound_to` is the secret of the session or, before there is one, the device's name: a token of
    another session, or of none, is no good.
    """
    return hmac.new(key.encode(), f"form {bound_to}".encode(), sha256).hexdigest()


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
