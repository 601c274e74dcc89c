"""The client for OpenSearch, and for Amazon's OpenSearch Service."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import unquote, urlsplit

from opensearchpy import AsyncHttpConnection, AsyncOpenSearch, AWSV4SignerAsyncAuth

from ...i18n.texts import gettext as _
from .circuit_breaker import CircuitBreaker
from .engine import OpenSearchEngine
from .transport import BreakingTransport

# The client logs each failed request with its traceback: thousands of lines for one outage, which the
# circuit breaker tells in two.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)


def _told() -> str:
    return _("search is not available at the moment")


def opensearch_at(
    url: str, *, name: str, secret_key: str, region: str | None = None
) -> OpenSearchEngine:
    """The engine at an address; `name` is that of its alias, so that markets can share a cluster.

    `transport.py` says which requests are sent again, and when OpenSearch counts as away.
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
        transport_class=BreakingTransport,
        breaker=CircuitBreaker("OpenSearch", _told),
    )
    return OpenSearchEngine(client, name, secret_key=secret_key)
