"""Generates the reference pages from the code, so that the two always agree.

Run by ``scripts/reference``; with ``--check`` it writes nothing and fails if a page is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.frontend import CommandLineInterface
from interfaces import api, commands
from task_examples import tasks

from marinemarket.config.settings import PREFIX, Settings
from marinemarket.listings.importing.csv_columns import COLUMNS
from marinemarket.listings.vocabulary.boat_types import BOAT_TYPES
from marinemarket.store.schema import TABLES, Attribute, Table

HERE = Path(__file__).parent
MADE = "_Generated from the code by `scripts/reference`; edit the code instead._"


def settings_page() -> Iterator[str]:
    yield "# Settings"
    yield MADE
    yield (
        f"Each setting is an environment variable, or a key without the prefix in the TOML file named by "
        f"`{PREFIX}CONFIG`; the environment takes precedence. An unknown name is an error."
    )
    rows = ["| variable | unless set | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    yield "\n".join(rows)


def tables_page() -> Iterator[str]:
    yield "# Tables"
    yield MADE
    yield (
        "An index contains only the items that have both its attributes. S is text, N is a whole number. "
        "Shards spread a frequent value over several partitions, in engines that have them."
    )
    for table in TABLES:
        yield f"## {table.name}"
        yield "\n".join(_table_lines(table))


def _table_lines(table: Table) -> Iterator[str]:
    yield f"- key: {_key_text(table.partition, table.sort)}"
    for index in table.indexes:
        shards = f", {index.shards} shards" if index.shards > 1 else ""
        yield f"- `{index.name}`: {_key_text(index.partition, index.sort)}{shards}"
    if table.ttl:
        yield f"- items expire at `{table.ttl}`, in seconds"


def _key_text(partition: Attribute, sort: Attribute | None) -> str:
    message = f"`{partition.name}` ({partition.kind})"
    return message if sort is None else f"{message}, ordered by `{sort.name}` ({sort.kind})"


def boats_page() -> Iterator[str]:
    yield "# Terms for boats"
    yield MADE
    yield "The boat types in the API, their labels for readers, and other names accepted in files and filters."
    rows = ["| type | label | also accepted |", "|---|---|---|"]
    rows += [f"| `{t.name}` | {t.label} | {', '.join(t.also)} |" for t in BOAT_TYPES]
    yield "\n".join(rows)
    yield "## Columns of our CSV"
    yield (
        "`marinemarket export` writes these and `import` reads them, as well as `reference` (the seller's "
        "own name for the advert) and `askingPrice` (such as `EUR 65,000`). Lists are separated by ` | `, "
        "lists of objects are JSON, and `price` is in US cents."
    )
    yield "\n".join(f"- `{name}`" for name in COLUMNS)


_POT_HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n\""""


def texts() -> Iterator[str]:
    """The catalogue of all texts that people read, as `pybabel extract` finds them.

    The options are in pyproject.toml. Our own header replaces Babel's, whose date would differ every
    time.
    """
    with TemporaryDirectory() as folder:
        found = Path(folder) / "texts.pot"
        CommandLineInterface().run(["pybabel", "-q", "extract", "-o", str(found)])  # type: ignore[no-untyped-call]  # Babel has no types here
        yield _POT_HEAD
        yield found.read_text().strip()


def commands_page() -> Iterator[str]:
    yield "# Commands"
    yield MADE
    yield "Exit codes: 0 done, 1 refused or partly refused, 2 wrong usage."
    yield from commands()


def api_page() -> Iterator[str]:
    yield "# API"
    yield MADE
    yield (
        "A market serves the OpenAPI document, with the schema of every body, at `/api/v1/openapi.json`. "
        "An error is a problem document (RFC 9457). Prices are US cents."
    )
    yield from api()


def tasks_page() -> Iterator[str]:
    yield "# Tasks with the API"
    yield MADE
    yield (
        "What a seller, a buyer and a moderator do, in the order of a sale. Each request follows from the "
        "OpenAPI document (see [API](api.md)), and a test runs the Python examples, one after the other, "
        "against a market. They need `httpx`, and begin with:"
    )
    yield '```python\nfrom pathlib import Path\n\nimport httpx\n\nmarket = "https://boats.example"\n```'
    yield (
        "In the curl examples, `$market` and other variables in lower case are yours to set, from the answer "
        "that the Python example beside it reads: `token`, for instance, is `session.token` of the answer "
        "to signing in, and `etag` is the header field `ETag`, with its quotes."
    )
    yield from tasks()


PAGES = {
    "settings.md": settings_page,
    "tables.md": tables_page,
    "boats.md": boats_page,
    "commands.md": commands_page,
    "api.md": api_page,
    "tasks.md": tasks_page,
    "texts.pot": texts,
}


def main() -> int:
    old = []
    for name, page in PAGES.items():
        text = "\n\n".join(page()) + "\n"
        path = HERE / name
        if path.is_file() and path.read_text() == text:
            continue
        old.append(name)
        if "--check" not in sys.argv:
            path.write_text(text)
    if old and "--check" in sys.argv:
        print(f"reference: {', '.join(old)} not up to date; run scripts/reference", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
