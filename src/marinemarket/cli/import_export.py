"""``import`` and ``export``: read listings from files and write them to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ..accounts.data_export import export_person
from ..accounts.records import find_user_by_email, market_account
from ..accounts.staff import account_by_email
from ..accounts.user import User
from ..audit.entry import Actor
from ..audit.export import export_entries
from ..errors import FieldError, Invalid
from ..i18n.numbers import whole
from ..listings.importing.export import export_listings
from ..listings.importing.formats import FORMATS
from ..listings.importing.import_report import ImportReport
from ..listings.importing.importer import ACTOR, Importer
from ..listings.importing.mapping.proposal import propose_for
from ..listings.importing.pictures import FetchReport, PictureImport, picture_fetcher
from ..listings.importing.source_file import SourceFile
from ..listings.pricing import load_rates
from ..wire import encode
from .command import (
    DONE,
    REFUSED,
    answer,
    interruptible,
    json_option,
    keyless_market_command,
    settings_or_exit,
    words,
)
from .import_mapping import Unmapped, answer_proposal, choose_format
from .moments import Moment
from .options import FieldArgument, naming

if TYPE_CHECKING:
    from ..composition import Market

_OF_ANY_COLUMNS = "xlsx"
"""Says what kind of file it is, not what its columns are."""
_MOST_SHOWN = 20
"""How many pictures that could not be fetched are named in words."""


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "format_name", type=click.Choice(sorted([*FORMATS, "xlsx"])),
    help="The format of the file; csv means our own columns. Spreadsheets (.xlsx) are read in every format.  "
    "[default: found out by the columns]",
)  # fmt: skip
@click.option(
    "--owner", metavar="EMAIL", help="The owner of the boats; default: the market itself."
)
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write rejected rows  [default: DATA/imports/FILE-rejects.csv]",
)  # fmt: skip
@click.option(
    "--rates", type=click.Path(dir_okay=False, path_type=Path),
    help="A TOML file of exchange rates.  [default: MARINEMARKET_RATES, or the built-in rates]",
)  # fmt: skip
@click.option(
    "--encoding", metavar="NAME",
    help="The encoding of a CSV file, such as windows-1250.  [default: found out]",
)  # fmt: skip
@click.option(
    "--mapping", metavar="FILE",
    help="A TOML file that tells what the columns hold; auto takes the proposal if nothing in it is open.",
)  # fmt: skip
@click.option(
    "--write-mapping", type=click.Path(dir_okay=False, path_type=Path),
    help="Write a proposal of what the columns hold to this TOML file, and import nothing.",
)  # fmt: skip
@click.option(
    "--pictures", is_flag=True,
    help="Fetch the pictures that the file names on other hosts; not for boats with photos of their sellers' own.",
)  # fmt: skip
@json_option
@interruptible
async def import_(
    file: Path,
    format_name: str | None,
    owner: str | None,
    rejects: Path | None,
    rates: Path | None,
    encoding: str | None,
    mapping: str | None,
    write_mapping: Path | None,
    pictures: bool,
    as_json: bool,
) -> int:
    """Import listings from FILE. Safe to repeat: rows that have not changed change nothing."""
    from ..composition import open_existing_market, open_market

    settings = settings_or_exit(as_json=as_json)
    with naming("--rates" if rates else "MARINEMARKET_RATES"):
        table = load_rates(rates or settings.rates)
    # What cannot be imported makes no market, nor does an owner: a new one has no accounts.
    source = SourceFile(file, encoding=encoding)
    try:
        if write_mapping:
            raise Unmapped(propose_for(source))
        named = None if format_name == _OF_ANY_COLUMNS else format_name
        chosen = await choose_format(source, named, mapping, settings, owner)
    except Unmapped as unmapped:
        return answer_proposal(unmapped.proposal, file, write_mapping, as_json=as_json)
    finally:
        source.close()
    target = rejects or settings.data / "imports" / f"{file.stem}-rejects.csv"
    opened = open_market if owner is None else open_existing_market
    async with opened(settings) as market:
        account = await _owner(market, owner)
        run = Importer(market.trail, owner=account, format=chosen.format, rates=table)
        report = await _import_rows(run, file, target, encoding)
        await chosen.remember(market, account)
        fetched = await _fetch_pictures(market, account, run.pictures) if pictures else None
    document = {
        "rows": report.rows,
        "accepted": report.accepted,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "rejects": str(target),
        "leftOut": dict(report.left_out),
        "mediaElsewhere": report.media_elsewhere,
        "takenForSame": report.taken_for_same,
        "ratesOf": table.date.isoformat(),
        "readAs": source.reading.to_wire(),
    }
    if left_out := chosen.left_out():
        document["columnsLeftOut"] = left_out
    message = f"{source.reading.in_words()}\n{_describe(report, target, table.date.isoformat())}"
    if left_out:
        message += f"\nColumns that were left out: {', '.join(left_out)}"
    if fetched is not None:
        failed = [{"address": address, "why": why} for address, why in fetched.failed]
        document |= {"picturesFetched": fetched.fetched, "picturesFailed": failed}
        message += "\n" + _describe_pictures(fetched)
    answer(document, as_json=as_json, message=message)
    return REFUSED if report.rejected or (fetched and fetched.failed) else DONE


async def _import_rows(
    run: Importer, file: Path, rejects: Path, encoding: str | None
) -> ImportReport:
    columns = (TextColumn("Importing"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("rows", total=None)
        return await run.run(
            file,
            rejects,
            lambda read, size: bar.update(task, completed=read, total=size),
            encoding=encoding,
        )


async def _fetch_pictures(
    market: Market, owner: User, wanted: Mapping[str, Sequence[str]]
) -> FetchReport:
    fetcher = picture_fetcher(market.settings.public_url)
    run = PictureImport(market.trail, market.studio, fetcher, owner=owner, actor=ACTOR)
    columns = (TextColumn("Fetching pictures"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task("boats", total=None)
        return await run.run(wanted, lambda done, of: bar.update(task, completed=done, total=of))


def _describe_pictures(report: FetchReport) -> str:
    lines = [
        f"{whole(report.fetched)} pictures were fetched, {whole(len(report.failed))} were not."
    ]
    lines += [f"{address} {why}" for address, why in report.failed[:_MOST_SHOWN]]
    if len(report.failed) > _MOST_SHOWN:
        lines.append("All of them are in the document that --json prints.")
    return "\n".join(lines)


async def _owner(market: Market, email: str | None) -> User:
    if email is None:
        return await market_account(market.trail, ACTOR, name=market.settings.market_name)
    with naming("--owner"):
        owner = await find_user_by_email(market.store, email)
    if owner is None:
        raise Invalid([FieldError("--owner", f"no account has the address {email}")])
    return owner


def _describe(report: ImportReport, rejects: Path, rates_of: str) -> str:
    lines = [
        f"{whole(report.rows)} rows: {whole(report.accepted)} accepted "
        f"({whole(report.created)} new, {whole(report.updated)} changed, {whole(report.unchanged)} unchanged), "
        f"{whole(report.rejected)} rejected."
    ]
    if report.rejected:
        lines.append(f"Rejected rows and the reasons are in {rejects}")
    for figure, count in sorted(report.left_out.items()):
        lines.append(
            f"{figure}: left out in {whole(count)} rows, because the value was implausible."
        )
    if report.taken_for_same:
        lines.append(
            f"{whole(report.taken_for_same)} rows with another price, without a reference, were taken for boats "
            "that are described alike."
        )
    if report.media_elsewhere:
        lines.append(
            f"{whole(report.media_elsewhere)} pictures and videos are on other hosts: left out, since a "
            "market shows only files of its own."
        )
    lines.append(f"Prices were converted to US dollars at the rates of {rates_of}.")
    return "\n".join(lines)


@click.command()
@click.argument("what", type=click.Choice(["listings", "user", "audit"]), default="listings")
@click.argument("email", required=False, cls=FieldArgument, field="email")
@click.option(
    "--to", "path", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="The output file: .jsonl or .csv, or .json for a user.",
)  # fmt: skip
@click.option(
    "--since", type=Moment(), help="Audit trail only: from this moment on, as 2026-11-01T00:00:00Z."
)
@click.option(
    "--until", type=Moment(is_end=True),
    help="Audit trail only: up to and including this second or millisecond.",
)  # fmt: skip
@json_option
@keyless_market_command
async def export(
    market: Market,
    what: str,
    email: str | None,
    path: Path,
    since: int | None,
    until: int | None,
    as_json: bool,
) -> int:
    """Export all listings, everything held about one user (EMAIL), or the audit trail, to a file.

    Listings look as they do in the API, and include those that are not public.
    """
    if (email is not None) != (what == "user"):
        raise click.UsageError("give EMAIL with `export user`, and only there")
    if what != "audit" and (since is not None or until is not None):
        raise click.UsageError("--since and --until are for `export audit` only")
    columns = (TextColumn(f"Exporting {what} {{task.completed}}"),)
    with Progress(*columns, console=words, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def report(count: int) -> None:
            bar.update(task, completed=count)

        if what == "user":
            written = await _export_user(market, email or "", path)
        elif what == "audit":
            written = await export_entries(market.store, path, report, since=since, until=until)
        else:
            written = await export_listings(market.store, path, report)
    answer(
        {"written": written, "to": str(path)},
        as_json=as_json,
        message=f"{whole(written)} {'audit entries' if what == 'audit' else what} in {path}"
        if what != "user"
        else f"{email}'s data is in {path}",
    )
    return DONE


async def _export_user(market: Market, email: str, path: Path) -> int:
    if path.suffix != ".json":
        raise Invalid([FieldError("--to", "must end in .json when exporting a user")])
    from ..composition import PERSONAL_DATA

    user = await account_by_email(market.accounts, email)
    document = await export_person(market.accounts, Actor.system("export"), user, PERSONAL_DATA)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(encode(document) + b"\n")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise Invalid([FieldError("--to", message)]) from None
    part.replace(path)
    return 1
