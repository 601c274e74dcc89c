"""The client for OpenSearch, and for Amazon's OpenSearch Service."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from opensearchpy import AsyncHttpConnection, AsyncOpenSearch, AWSV4SignerAsyncAuth

from .engine import OpenSearchEngine

SECONDS = 10
_TRIES = 3


def opensearch_at(
    url: str, *, name: str, secret_key: str, region: str | None = None
) -> OpenSearchEngine:
    """The engine at an address; `name` is that of its alias, so that markets can share a cluster.

    Throttled requests, and those that briefly find no server, are retried a few times.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    auth: Any = None
    if parts.username is not None:
        auth = (unquote(parts.username), unquote(parts.password or ""))
    elif host.endswith(".amazonaws.com"):
        import botocore.session  # half a second, which a cluster of one's own need not wait for

        session = botocore.session.get_session()
        service = "aoss" if host.endswith(".aoss.amazonaws.com") else "es"
        place = region or session.get_config_variable("region")
        auth = AWSV4SignerAsyncAuth(session.get_credentials(), place, service)
    client = AsyncOpenSearch(
        hosts=[f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"],
        http_auth=auth,
        connection_class=AsyncHttpConnection,
        timeout=SECONDS,
        max_retries=_TRIES,
        retry_on_timeout=True,
        retry_on_status=(429, 502, 503, 504),
    )
    return OpenSearchEngine(client, name, secret_key=secret_key)
