"""A circuit breaker: once a service is away, callers are told so at once instead of waiting for it.

Closed, calls pass. After some failures in a row it opens: calls are refused, and after a pause one
call may try (half-open). If that succeeds, calls pass again; if not, the pause doubles. An outage is
logged once when it begins and once when it is over, however many calls meet it.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ...errors import Away

log = logging.getLogger(__name__)

FAILURES = 3
"""So many in a row open the breaker."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""In seconds, between two tries while it is open."""
STEADY_SECONDS = 3.0
"""The outage is over once calls succeed this long after the last failure: a service that answers
every other call does not log two lines a second."""


class ServiceFailure(Exception):
    """The service did not answer, or answered that it cannot; the message says why."""


class CircuitBreaker:
    """The breaker of one service, for one process. `monotonic` is in seconds."""

    def __init__(
        self,
        service: str,
        told: Callable[[], str],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`service` is its name in the log; `told` gives the text for callers."""
        self._service, self._told = service, told
        self._monotonic, self._chance = monotonic, chance
        self._failures = 0
        self._pause = SHORTEST_PAUSE
        self._next_try = 0.0
        self._is_open = self._is_trying = False
        self._since: float | None = None
        self._last_failure = 0.0

    @property
    def is_away(self) -> bool:
        """Whether an outage has begun and is not over yet."""
        return self._since is not None

    @contextmanager
    def calling(self) -> Iterator[None]:
        """One call to the service. Raises Away while it is open.

        A ServiceFailure within the block counts against the service and becomes Away; any other
        outcome, other than cancellation, is an answer.
        """
        is_trying = self._admit()
        try:
            yield
        except ServiceFailure as failure:
            self._failed(str(failure), is_trying=is_trying)
            raise self._refusal() from None
        except Exception:
            self._succeeded()
            raise
        else:
            self._succeeded()
        finally:
            if is_trying:
                self._is_trying = False

    def _admit(self) -> bool:
        """Whether this call is the one that tries. Raises Away for a call that may not pass."""
        if not self._is_open:
            return False
        if self._is_trying or self._monotonic() < self._next_try:
            raise self._refusal()
        self._is_trying = True
        return True

    def _refusal(self) -> Away:
        left = self._next_try - self._monotonic() if self._is_open else 0
        return Away(self._told(), retry_after=max(1, math.ceil(left)))

    def _failed(self, why: str, *, is_trying: bool) -> None:
        now = self._monotonic()
        self._failures += 1
        self._last_failure = now
        if self._since is None:
            self._since = now
            log.warning("%s is away: %s", self._service, why)
        if is_trying or (not self._is_open and self._failures >= FAILURES):
            self._is_open = True
            # Within half of the pause and the whole, so that processes do not try in step.
            self._next_try = now + self._pause * (0.5 + self._chance() / 2)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _succeeded(self) -> None:
        self._failures = 0
        self._is_open = False
        now = self._monotonic()
        if self._since is not None and now - self._last_failure >= STEADY_SECONDS:
            log.warning("%s is back after %d seconds", self._service, round(now - self._since))
            self._since = None
            self._pause = SHORTEST_PAUSE
