"""Metrics for Prometheus, over every process of a market.

Each process counts for itself. If ``PROMETHEUS_MULTIPROC_DIR`` names a folder when the process
starts, the counts are kept in files there, and whichever process is scraped adds them all up.
"""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_LATEST

CACHE_HITS = Counter("marinemarket_listing_cache_hits", "Listings answered from memory")
CACHE_MISSES = Counter("marinemarket_listing_cache_misses", "Listings that had to be read")
CACHE_EVICTIONS = Counter("marinemarket_listing_cache_evictions", "Listings put out for others")
CACHE_DROPS = Counter("marinemarket_listing_cache_drops", "Listings forgotten after a change")

COMMITS = Counter("marinemarket_commits", "Commits that were acknowledged")
CONFLICTS = Counter("marinemarket_conflicts", "Commits that lost against another")
GIVEN_UP = Counter("marinemarket_changes_given_up", "Changes that lost too often to be tried again")

REQUESTS = Counter("marinemarket_requests", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "marinemarket_request_seconds", "From a request's arrival to its answer's end", ["route"]
)


def exposition() -> bytes:
    """All metrics in Prometheus's text format, added up over the processes."""
    registry = REGISTRY
    if os.environ.get(FOLDER_VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library's gap
    return generate_latest(registry)
