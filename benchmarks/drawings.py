"""What a drawing of a boat costs: it is made when a page asks for it.

.venv/bin/python -m benchmarks.drawings
"""

from __future__ import annotations

import time
from itertools import product

from marinemarket.media.illustration import BOAT_TYPES, VIEWS, draw

ROUNDS = 5


def main() -> None:
    """Prints the milliseconds of processor time for each drawing, round by round."""
    wanted = list(product(BOAT_TYPES, range(VIEWS)))
    for seed in range(ROUNDS + 1):
        begun = time.process_time()
        for boat_type, view in wanted:
            draw(boat_type, seed=seed, view=view)
        cost = (time.process_time() - begun) / len(wanted) * 1000
        if seed:  # the first round warms up
            print(f"round {seed}: {cost:.2f} ms a drawing, {len(wanted)} drawn")


if __name__ == "__main__":
    main()
