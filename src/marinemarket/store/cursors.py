"""Cursors: where a page ended, signed so that nobody can forge one or use it for another query."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from ..errors import FieldError, Invalid


class Cursors:
    """Signs and reads cursors with the market's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def seal(self, scope: str, place: Any) -> str:
        """A cursor for a place (JSON values), valid only in the same scope."""
        sealed = self._serializer(scope).dumps(place)
        return sealed if isinstance(sealed, str) else sealed.decode()

    def open(self, scope: str, cursor: str) -> Any:
        """The place. Raises Invalid if the cursor was altered or belongs to another query."""
        try:
            return self._serializer(scope).loads(cursor)
        except (BadData, UnicodeError):
            raise Invalid([FieldError("after", "is not a cursor of this query")]) from None

    def _serializer(self, scope: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret_key, salt=f"cursor:{scope}")
