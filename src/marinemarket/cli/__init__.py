"""The operator's commands. Exit codes: 0 done, 1 refused or partly refused, 2 wrong usage."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

import click

from .. import __version__

_COMMANDS = {
    "backup": "backup.backup",
    "check": "check.check",
    "compact": "erase.compact",
    "demo": "demo.demo",
    "erase": "erase.erase",
    "export": "import_export.export",
    "import": "import_export.import_",
    "media": "media.media",
    "migrate": "migrate.migrate",
    "rebuild": "worker.rebuild",
    "relay": "relay.relay",
    "repair": "repair.repair",
    "restore": "backup.restore",
    "search": "search.search",
    "secrets": "secrets.secrets",
    "serve": "serve.serve",
    "staff": "staff.staff",
    "tables": "tables.tables",
    "verify": "backup.verify",
    "web": "serve.web",
    "worker": "worker.worker",
}
# Kept here so that `marinemarket --help` does not have to import any command.
_SUMMARIES = {
    "backup": "Archive every change up to now and take a base copy.",
    "check": "Check a market's settings and state, and suggest fixes.",
    "compact": "Remove what was deleted from the bytes of the data folder.",
    "demo": "The demonstration boats that `serve --demo` created.",
    "erase": "Erase a person with everything of theirs.",
    "export": "Export listings, a user's data or audit entries to a file.",
    "import": "Import listings from a file.",
    "media": "Stored photos and videos.",
    "migrate": "Upgrade stored items to this version's format.",
    "rebuild": "Rebuild the search index from the store.",
    "relay": "Read one email from standard input and pass it on.",
    "repair": "Find damaged items, and bring them back from the archive.",
    "restore": "Restore the market as it stood at a given moment, into a new folder.",
    "search": "Find boats by text and filters.",
    "secrets": "The keys that encrypt secrets at rest.",
    "serve": "Run the site, the API and the worker until stopped.",
    "staff": "The people who run the market, and their permissions.",
    "tables": "The tables of the store.",
    "verify": "Check every byte of an archive, and report what is damaged.",
    "web": "Run the site and the API, without the worker, until stopped.",
    "worker": "Run only the worker, until stopped.",
}


class _Commands(click.Group):
    """Loads a command only when it is called: a mail server starts one for every email."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name].partition(".")
        command: click.Command = getattr(import_module(f".{module}", __package__), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and (near := get_close_matches(args[0], _COMMANDS, 1)):
            ctx.fail(f"No such command '{args[0]}'. Did you mean {near[0]}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self._summary(ctx, name)) for name in self.list_commands(ctx)]
            )

    def _summary(self, ctx: click.Context, name: str) -> str:
        if name in _SUMMARIES:
            return _SUMMARIES[name]
        command = self.get_command(ctx, name)
        return command.get_short_help_str() if command else ""


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, package_name="marinemarket")
def main() -> None:
    """MarineMarket: a boat marketplace that anyone can run.

    Settings are environment variables such as MARINEMARKET_DATA, the folder that holds all data
    (default: ./data). With --json, every command prints one JSON document on standard output.
    """


__all__ = ["main"]
