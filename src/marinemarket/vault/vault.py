"""Secrets at rest: encrypted so that whoever has the store, or a copy of it, cannot read them.

Envelope encryption. Each process encrypts with its own data key, which is stored beside the
ciphertext, wrapped by a master key from the settings or in AWS KMS. A sealed text opens only where
it belongs (`bound_to`), so that it is useless in another item.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from ..errors import Unreadable

_FORMAT = "s1"
_NONCE = 12
_KNOWN_KEYS = 256
"""How many unwrapped data keys a process keeps."""


class MasterKeys(Protocol):
    """Wraps data keys. `current` names the key that new secrets are sealed under."""

    @property
    def current(self) -> str: ...

    async def wrap(self, key: bytes) -> bytes:
        """The data key, encrypted under the current master key."""

    async def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """The data key. Raises Unreadable if there is no master key of that name."""


class CurrentKeys:
    """Master keys of 32 bytes from the settings, by name; the first is current."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self.current = next(iter(keys))

    async def wrap(self, key: bytes) -> bytes:
        return aes_key_wrap(self._keys[self.current], key)

    async def unwrap(self, name: str, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self._keys[name], wrapped)
        except KeyError:
            raise Unreadable(f"the master key {name} is not among the settings") from None
        except InvalidUnwrap:
            raise Unreadable(f"the master key {name} differs from the one that was used") from None


def derived_key(secret: str) -> bytes:
    """The master key of a market without configured ones, derived from its secret key."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"marinemarket secrets at rest")
    return kdf.derive(secret.encode())


def name_of(key: bytes) -> str:
    """A short name for a master key that reveals nothing about it."""
    return sha256(b"name of a master key" + key).hexdigest()[:8]


class Vault:
    """Seals and opens secrets, for one process."""

    def __init__(self, masters: MasterKeys) -> None:
        self._masters = masters
        self._ours: tuple[str, str, bytes] | None = None
        self._known: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    async def seal(self, text: str, *, bound_to: str) -> str:
        """The encrypted secret, as it may be stored. Raises Unavailable if KMS cannot be reached."""
        if self._ours is None:
            key = AESGCM.generate_key(256)
            wrapped = await self._masters.wrap(key)
            self._ours = (self._masters.current, _text(wrapped), key)
        name, wrapped_text, key = self._ours
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), bound_to.encode())
        return ".".join((_FORMAT, name, wrapped_text, _text(nonce + sealed)))

    async def open(self, sealed: str, *, bound_to: str) -> str:
        """The secret. Raises Unreadable if it was altered or moved, or if its key is gone."""
        try:
            form, name, wrapped, body = sealed.split(".")
            raw = _bytes(body)
        except ValueError:
            raise Unreadable("this is not a sealed secret") from None
        if form != _FORMAT:
            raise Unreadable(f"sealed in a format that this version does not know: {form}")
        key = await self._key(name, wrapped)
        try:
            return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode()).decode()
        except (InvalidTag, ValueError):
            raise Unreadable("a sealed secret was altered, or belongs elsewhere") from None

    def is_current(self, sealed: str) -> bool:
        """Was it sealed under the current master key?"""
        return sealed.startswith(f"{_FORMAT}.{self._masters.current}.")

    async def _key(self, name: str, wrapped: str) -> bytes:
        place = (name, wrapped)
        if place not in self._known:
            try:
                self._known[place] = await self._masters.unwrap(name, _bytes(wrapped))
            except ValueError:
                raise Unreadable("the key beside a sealed secret is damaged") from None
            if len(self._known) > _KNOWN_KEYS:
                self._known.popitem(last=False)
        self._known.move_to_end(place)
        return self._known[place]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
