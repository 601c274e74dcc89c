"""After a restore: what must not come back with the market, each step an ordinary audited change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..accounts.erasure import erase, erasures_under_way
from ..audit.trail import Trail
from ..errors import NotFound
from ..privacy.personal_data import RESTORE, PersonalData
from .erasures import Erasure


async def run(
    trail: Trail,
    domains: Sequence[PersonalData],
    erasures: Sequence[Erasure],
    progress: Callable[[str, int], None],
) -> dict[str, int]:
    """Run the domains' steps for after a restore, then erase again the people in `erasures`.

    These were erased after the restored moment, or were being erased then. Returns how many items
    each step changed.
    """
    done = {}
    steps = {name: step for domain in domains for name, step in domain.after_restore.items()}
    for name, step in steps.items():
        done[name] = await step(trail)
        progress(name, done[name])
    done["erasedAgain"] = await _erase_again(trail, domains, erasures)
    progress("erasedAgain", done["erasedAgain"])
    return done


async def _erase_again(
    trail: Trail, domains: Sequence[PersonalData], erasures: Sequence[Erasure]
) -> int:
    erased = 0
    under_way = [head["userId"] for head in await erasures_under_way(trail.store)]
    for user in dict.fromkeys([*under_way, *(erasure.user for erasure in erasures)]):
        try:
            await erase(trail, RESTORE, user, domains)
        except NotFound:
            continue  # they had not registered yet
        erased += 1
    return erased
