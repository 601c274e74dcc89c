"""Metrics for Prometheus, over every process of a market.

Each process counts in its own memory. Files would take less code, but a process that has mapped one
into memory is killed when the disk is full. `runtime/metrics_aggregator.py` sums the counts of the
processes that one parent started.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    Metric,
    generate_latest,
    start_http_server,
)
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
_PREFIX = "marinemarket_"

CACHE_HITS = Counter("marinemarket_listing_cache_hits", "Listings answered from memory")
CACHE_MISSES = Counter("marinemarket_listing_cache_misses", "Listings that had to be read")
CACHE_EVICTIONS = Counter("marinemarket_listing_cache_evictions", "Listings put out for others")
CACHE_DROPS = Counter("marinemarket_listing_cache_drops", "Listings forgotten after a change")

COMMITS = Counter("marinemarket_commits", "Commits that were acknowledged")
CONFLICTS = Counter("marinemarket_conflicts", "Commits that lost against another")
DAMAGED = Counter(
    "marinemarket_damaged_items", "Damaged items met, each once by each process", ["table"]
)
GIVEN_UP = Counter("marinemarket_changes_given_up", "Changes that lost too often to be tried again")

EMAILS = Counter("marinemarket_emails", "Emails, by what became of them", ["outcome"])

JOB_STEPS = Counter("marinemarket_job_steps", "Steps of jobs that were done", ["kind"])
JOBS_FAILED = Counter("marinemarket_jobs_failed", "Jobs that were given up", ["kind"])

REQUESTS = Counter("marinemarket_requests", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "marinemarket_request_seconds", "From a request's arrival to its answer's end", ["route"]
)


_Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Family:
    """One metric: its samples by name and labels."""

    documentation: str
    type: str
    samples: dict[tuple[str, _Labels], float] = field(default_factory=dict)


class Counts(Collector):
    """The values of all our metrics at one moment: of one process, or summed over several."""

    def __init__(self) -> None:
        self._families: dict[str, _Family] = {}

    @classmethod
    def now(cls) -> Counts:
        """What this process has counted so far."""
        counts = cls()
        for metric in REGISTRY.collect():
            # Not what the library adds about Python and the process: it has no sum.
            if not metric.name.startswith(_PREFIX):
                continue
            family = _Family(metric.documentation, metric.type)
            counts._families[metric.name] = family
            for sample in metric.samples:
                if not sample.name.endswith("_created"):
                    family.samples[sample.name, tuple(sample.labels.items())] = sample.value
        return counts

    def add(self, others: Counts, *, ended: bool = False) -> None:
        """Add another process's values. If that has ended, its gauges no longer say anything."""
        for name, theirs in others._families.items():
            if ended and theirs.type == "gauge":
                continue
            ours = self._families.setdefault(name, _Family(theirs.documentation, theirs.type))
            for key, value in theirs.samples.items():
                ours.samples[key] = ours.samples.get(key, 0.0) + value

    def collect(self) -> Iterator[Metric]:
        for name, family in self._families.items():
            metric = Metric(name, family.documentation, family.type)
            for (sample, labels), value in family.samples.items():
                metric.add_sample(sample, dict(labels), value)
            yield metric

    def to_bytes(self) -> bytes:
        """For another process, which reads it with `of`."""
        return json.dumps(
            [
                [name, family.documentation, family.type,
                 [[sample, labels, value] for (sample, labels), value in family.samples.items()]]
                for name, family in self._families.items()
            ]
        ).encode()  # fmt: skip

    @classmethod
    def of(cls, content: bytes) -> Counts:
        counts = cls()
        for name, documentation, type, rows in json.loads(content):
            samples = {
                (sample, tuple((label, text) for label, text in labels)): float(value)
                for sample, labels, value in rows
            }
            counts._families[name] = _Family(documentation, type, samples)
        return counts


def exposition(counts: Counts) -> bytes:
    """These values in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(counts)
    return generate_latest(registry)


async def own_exposition() -> bytes:
    """What this process alone has counted, in Prometheus's text format."""
    return exposition(Counts.now())


class _Now(Collector):
    def collect(self) -> Iterator[Metric]:
        return Counts.now().collect()


def show_at(port: int) -> None:
    """Show what this process counts on a port of 127.0.0.1, until it ends. Raises OSError."""
    registry = CollectorRegistry()
    registry.register(_Now())
    start_http_server(port, addr="127.0.0.1", registry=registry)
