"""A software passkey: answers as a browser and its device would."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


class SoftPasskey:
    """One key for one site. `name` determines its id."""

    def __init__(self, host: str, origin: str, name: str = "key") -> None:
        self._host, self._origin = host, origin
        self._id = sha256(name.encode()).digest()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._uses = 0

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """The credential that answers the options for creating a passkey."""
        point = self._key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        about = bytes(16) + len(self._id).to_bytes(2) + self._id + cbor2.dumps(key)
        data = self._data(_HAS_KEY) + about
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._credential(clientDataJSON=client, attestationObject=attestation)

    def used(self, options: dict[str, Any]) -> dict[str, Any]:
        """The credential that answers the options for signing in."""
        self._uses += 1
        data = self._data(0)
        client = self._client("webauthn.get", options["challenge"])
        signature = self._key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | _VERIFIED
        return sha256(self._host.encode()).digest() + bytes([flags]) + self._uses.to_bytes(4)

    def _client(self, what: str, challenge: str) -> bytes:
        data = {"type": what, "challenge": challenge, "origin": self._origin}
        return json.dumps(data).encode()

    def _credential(self, **response: bytes) -> dict[str, Any]:
        return {
            "id": _text(self._id),
            "rawId": _text(self._id),
            "type": "public-key",
            "response": {name: _text(value) for name, value in response.items()},
        }


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
