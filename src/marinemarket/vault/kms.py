"""Master keys that never leave AWS Key Management Service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from ..errors import FieldError, Invalid, Unavailable, Unreadable

_ATTEMPTS = 4
_LOST = {
    "AccessDeniedException",
    "NotFoundException",
    "InvalidCiphertextException",
    "IncorrectKeyException",
}


class KmsKeys:
    """One KMS key, named by id, alias or ARN; KMS rotates it."""

    current = "kms"

    def __init__(self, client: Any, key: str) -> None:
        self._client, self._key = client, key

    async def wrap(self, key: bytes) -> bytes:
        try:
            answer = await self._client.encrypt(KeyId=self._key, Plaintext=key)
        except (BotoCoreError, ClientError, OSError) as error:
            raise Unavailable(f"KMS cannot encrypt ({error})", retry_after=5) from error
        return bytes(answer["CiphertextBlob"])

    async def unwrap(self, name: str, wrapped: bytes) -> bytes:
        if name != self.current:
            raise Unreadable(f"sealed under the master key {name}, which is not in KMS")
        try:
            answer = await self._client.decrypt(KeyId=self._key, CiphertextBlob=wrapped)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _LOST:
                raise Unreadable(f"KMS cannot decrypt this ({error})") from None
            raise Unavailable(f"KMS cannot decrypt ({error})", retry_after=5) from error
        except (BotoCoreError, OSError) as error:
            raise Unavailable(f"KMS cannot be reached ({error})", retry_after=5) from error
        return bytes(answer["Plaintext"])


@asynccontextmanager
async def kms_keys(
    key: str, *, endpoint: str | None = None, region: str | None = None
) -> AsyncIterator[KmsKeys]:
    """A connection to KMS keys, closed at the end of the block. Raises Invalid without a region."""
    config = AioConfig(
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        connect_timeout=3,
        read_timeout=10,
    )
    try:
        creating = get_session().create_client(
            "kms", config=config, endpoint_url=endpoint, region_name=region
        )
        client = await creating.__aenter__()
    except BotoCoreError as error:
        raise Invalid([FieldError("AWS", str(error))]) from None
    try:
        yield KmsKeys(client, key)
    finally:
        await creating.__aexit__(None, None, None)
