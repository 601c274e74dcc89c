"""The operator's prompt. Exit codes: 0 done, 1 refused or partly refused, 2 wrong usage."""

from __future__ import annotations

import click

from .. import __version__
from .following import rebuild, worker
from .keeping import backup, restore, verify
from .migrating import migrate
from .moving import export, import_
from .relaying import relay
from .sealing import secrets
from .searching import search
from .serving import serve
from .staffing import staff
from .tables import tables


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, package_name="marinemarket")
def main() -> None:
    """MarineMarket: a boat marketplace that anyone can run.

    Settings are environment variables such as MARINEMARKET_DATA, the folder of everything kept
    (./data unless set). Every command answers --json with one JSON document on standard output.
    """


for command in (
    *(serve, worker, import_, export, search, staff, secrets),
    *(backup, restore, verify, tables, migrate, rebuild, relay),
):
    main.add_command(command)

__all__ = ["main"]
