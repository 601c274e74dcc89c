"""Translates OpenSearch's errors into the market's."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from opensearchpy import NotFoundError, OpenSearchException

from ...errors import Unavailable

log = logging.getLogger(__name__)


@contextmanager
def refusals_told() -> Iterator[None]:
    """Whatever OpenSearch refuses is Unavailable to whoever asked.

    That it is away is told by the transport, once for each outage.
    """
    try:
        yield
    except NotFoundError:
        raise Unavailable("the search index is being built; try again in a moment") from None
    except OpenSearchException as error:
        log.error("OpenSearch: %s", error)
        raise Unavailable("the search index cannot answer this; try again in a moment") from None
