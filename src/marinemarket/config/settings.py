"""All settings. Each is an environment variable ``MARINEMARKET_<NAME>`` or a key of a TOML file.

``MARINEMARKET_CONFIG`` names the file; the environment overrides it. An unknown name is an error,
so that a misspelt setting never goes unnoticed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from ..errors import FieldError, Invalid
from ..i18n.texts import translations_in
from ..wire import field_errors
from . import secret_key as key_in_folder
from .market_rules import MarketRules
from .served_at import VARIABLE, served_at
from .types import (
    Domain,
    Language,
    Loopback,
    MailServer,
    MasterKeys,
    Networks,
    Origin,
    Prefix,
    StoragePlace,
    Tiles,
    keys_in,
    networks_in,
    sender_in,
)

PREFIX = "MARINEMARKET_"
SHORTEST_SECRET = key_in_folder.SHORTEST
LEAST_SIMILARITY = 0.6
"""How similar a misspelt setting must be to a real one, from 0 to 1, for that one to be suggested."""


class Settings(MarketRules):
    """The settings of one market. The reference is made from the fields' descriptions."""

    data: Path = Field(Path("data"), description="The folder that holds all the market's data")
    store: Literal["sqlite", "dynamodb"] = Field("sqlite", description="The database engine")
    search: Literal["columns", "tantivy", "opensearch"] = Field(
        "columns", description="The engine of the search index; `tantivy` still means `columns`"
    )
    opensearch_url: Origin = Field(
        "http://127.0.0.1:9200",
        description="The address of OpenSearch, with `user:password@` if it needs them; requests to "
        "`*.amazonaws.com` are signed with the AWS account's credentials instead",
    )
    public_url: Origin = Field(
        "http://127.0.0.1:8000",
        description="The address at which visitors reach the site; links in emails and canonical "
        "links start with it. If not set, it follows the `--host` and `--port` of `serve`",
    )
    secret_key: str | None = Field(
        None,
        repr=False,
        min_length=SHORTEST_SECRET,
        validate_default=True,
        description=(
            "Signs cursors and tokens. If not set, a key is generated and kept in the data folder; "
            "with DynamoDB it must be set, to the same value on every machine"
        ),
    )
    table_prefix: Prefix = Field(
        "",
        description="Prefix of every DynamoDB table's name, so that markets can share an account",
    )
    aws_region: str | None = Field(
        None, description="The region of the tables; by default, as AWS's own tools find it"
    )
    aws_endpoint_url: Origin | None = Field(
        None,
        description="The address of a server other than AWS that speaks DynamoDB's protocol",
    )
    aws_kms_key: str | None = Field(
        None, description="A customer-managed key that encrypts the tables; by default AWS's own"
    )
    master_keys: MasterKeys | None = Field(
        None,
        repr=False,
        description=(
            "Keys that encrypt secrets at rest: 32 bytes each in base64, separated by commas. The "
            "first one encrypts, all of them decrypt. By default one is derived from SECRET_KEY, "
            "which always decrypts as well"
        ),
    )
    kms_master_key: str | None = Field(
        None, description="A key in AWS KMS that encrypts secrets at rest, instead of MASTER_KEYS"
    )
    rates: Path | None = Field(
        None,
        description="Exchange rates for imports (TOML, like listings/rates.toml); by default ours",
    )
    market_name: str = Field(
        "MarineMarket", min_length=2, max_length=60, description="The name of the site"
    )
    language: Language = Field(
        "en",
        description="The language of the site, such as `en` or `pt-BR`",
    )
    texts: Path | None = Field(
        None,
        description="The site's translation: docs/reference/texts.pot, translated and compiled to "
        "`.mo`; by default English",
    )
    map_tiles: Tiles | None = Field(
        None,
        description="The address of map tiles, such as `https://tiles.example/{z}/{x}/{y}.png`; "
        "by default the market draws coastlines itself",
    )
    map_attribution: str = Field(
        "", max_length=300, description="The attribution shown on the map for its tiles, as text"
    )
    trusted_proxies: Networks = Field(
        "",
        description="Addresses and networks of the web servers in front, separated by commas: only "
        "their `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Request-ID` are trusted",
    )
    head_seconds: float = Field(
        10, gt=0, description="Seconds within which a request's headers must arrive"
    )
    body_seconds: float = Field(
        30, gt=0, description="Seconds for a request's body, plus one for each 10 KB of it"
    )
    idle_seconds: int = Field(
        15, ge=1, description="Seconds after a response until an idle connection is closed"
    )
    log_format: Literal["words", "json"] = Field(
        "words", description="The format of log lines; `json` also logs every request"
    )

    cache_listings: int = Field(
        2000, ge=1, description="How many listings each web process caches in memory"
    )
    cache_seconds: int = Field(
        5, ge=1, description="Seconds that a public listing may be out of date with DynamoDB"
    )
    blobs: StoragePlace | None = Field(
        None,
        min_length=1,
        description="Where photos and videos are stored: a folder, or `s3://bucket/prefix`; by "
        "default `DATA/media`",
    )
    picture_seconds: int = Field(
        30, ge=1, le=600, description="Seconds that processing one uploaded picture may take"
    )
    picture_megabytes: int = Field(
        1000,
        ge=200,
        le=100_000,
        description="Memory that processing one uploaded picture may take, in millions of bytes; each "
        "web process handles one large picture at a time",
    )
    video_megabytes: int = Field(
        100, ge=1, le=10_000, description="The largest video allowed, in millions of bytes"
    )
    smtp_url: MailServer | None = Field(
        None,
        repr=False,
        description="The mail server, such as `smtp://user:password@host:587` or `smtps://…`; "
        "by default emails are written to a folder",
    )
    mail_from: str | None = Field(
        None, description="The sender of emails; by default `market@` the host of PUBLIC_URL"
    )
    mail_folder: Path | None = Field(
        None,
        description="Folder for emails without SMTP_URL, and for texts; by default `DATA/mail`",
    )
    relay_domain: Domain | None = Field(
        None,
        description="The domain of the addresses at which buyers and sellers answer each other by "
        "email; without one they answer on the site",
    )
    relay_listen: Loopback | None = Field(
        None,
        description="Where the worker receives such replies from the mail server in front, by SMTP or "
        "LMTP: a loopback address and a port, such as `127.0.0.1:2525`",
    )
    metrics: Literal["local", "all", "none"] = Field(
        "local", description="Who may read /metrics: clients on this machine, all, or none"
    )
    backups: StoragePlace | None = Field(
        None,
        min_length=1,
        description="Where the worker keeps the archive: a folder, or `s3://bucket/prefix`; by "
        "default `DATA/backups`, which is lost with the disk",
    )
    backup_recipient: str | None = Field(
        None, description="An age recipient (`age1…`) for whom the archive is encrypted"
    )
    backup_hours: int = Field(24, ge=1, description="Hours between base copies")
    backup_days: int = Field(35, ge=1, description="Days back to which any second can be restored")
    archive_seconds: int = Field(
        10, ge=0, description="Seconds within which the worker archives a change"
    )
    feed_days: int = Field(
        2, ge=1, description="Days that archived changes stay in the store's own feed"
    )

    @field_validator("secret_key")
    @classmethod
    def _same_secret_everywhere(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("store") == "dynamodb" and not value:
            raise ValueError(
                f"must be set with {PREFIX}STORE=dynamodb, to the same value on every machine"
            )
        return value

    def proxies(self) -> list[str]:
        """The networks whose forwarded addresses are trusted."""
        return networks_in(self.trusted_proxies)

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        """Normalized as browsers do: the host in lower case, no default port."""
        parts = urlsplit(value)
        usual = {"http": 80, "https": 443}[parts.scheme]
        host = parts.hostname or ""
        rule = "must be a scheme and a host, optionally a port, and nothing else"
        if not host or "@" in value or "?" in value or "#" in value:
            raise ValueError(rule)
        try:
            number = parts.port
        except ValueError:
            raise ValueError(rule) from None
        named = f"[{host}]" if ":" in host else host
        port = f":{number}" if number not in (None, usual) else ""
        return f"{parts.scheme}://{named}{port}"

    @field_validator("market_name")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one line")
        return value

    @field_validator("texts")
    @classmethod
    def _is_a_catalogue(cls, value: Path | None) -> Path | None:
        if value is not None:
            translations_in(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str | None) -> str | None:
        if value is not None:
            sender_in(value)
        return value

    def given_master_keys(self) -> list[bytes]:
        """The configured master keys, the current one first; empty if derived or in KMS."""
        return keys_in(self.master_keys) if self.master_keys else []

    @property
    def is_secure(self) -> bool:
        """Whether visitors use TLS."""
        return self.public_url.startswith("https://")

    @property
    def backup_place(self) -> str:
        return self.backups or str(self.data / "backups")

    @property
    def blobs_place(self) -> str:
        return self.blobs or str(self.data / "media")

    @property
    def emails_folder(self) -> Path:
        return self.mail_folder or self.data / "mail"

    @property
    def sender(self) -> tuple[str, str]:
        """The sender of emails: a name and an address."""
        host = urlsplit(self.public_url).hostname or "localhost"
        name, address = sender_in(self.mail_from) if self.mail_from else ("", f"market@{host}")
        return name or self.market_name, address

    @property
    def database(self) -> Path:
        return self.data / "market.sqlite3"

    @property
    def counters(self) -> Path:
        return self.data / "limits.sqlite3"

    @property
    def alerts_place(self) -> Path:
        """Holds the position of the saved searches in the feed."""
        return self.data / "saved-searches.position"

    @property
    def moderation_place(self) -> Path:
        """Holds the position of moderation in the feed."""
        return self.data / "moderation.position"

    @property
    def seller_kinds_place(self) -> Path:
        """Holds the position in the feed up to which adverts have taken over their seller's kind."""
        return self.data / "seller-kinds.position"

    @property
    def trusted_time_place(self) -> Path:
        """Holds the last time at which the worker trusted the clock."""
        return self.data / "trusted-time"

    @property
    def worker_lock(self) -> Path:
        """The file that the worker locks, so that only one runs for a folder."""
        return self.data / "worker.lock"

    @property
    def heartbeat_place(self) -> Path:
        """The file whose time the worker renews while it works."""
        return self.data / "worker.heartbeat"

    @property
    def search_folder(self) -> Path:
        return self.data / "search"

    def secret(self) -> str:
        """The secret key: as configured, else the one in the data folder, created when first needed.

        Raises Invalid if the folder cannot be used, or the key in it is damaged.
        """
        return self.secret_key or key_in_folder.made_once(self.data)

    def kept_secret(self) -> str | None:
        """As `secret`, but None where there is no key yet."""
        return self.secret_key or key_in_folder.kept_in(self.data)


def load(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Load settings from the environment and its TOML file; `given` overrides both.

    An empty variable counts as not set: taken literally, an empty folder would be the current one.
    Raises Invalid, which names each unknown or invalid setting.
    """
    environment = os.environ if environment is None else environment
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and (value or not _is_known(name))
    }
    config, told = named.pop("config", None), named.pop(VARIABLE, None)
    values = {**(_from_file(Path(config)) if config else {}), **named, **given}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        wrong = field_errors(error, names=_as_set)
        unknown = {_as_set(name) for name in values} - {*map(_as_set, Settings.model_fields)}
        raise Invalid([_unknown(e) if e.field in unknown else e for e in wrong]) from None
    if "public_url" not in values and (address := served_at(settings.data, told)):
        settings = settings.model_copy(update={"public_url": address})
        settings.model_fields_set.discard("public_url")  # it was not set
    return settings


def _unknown(error: FieldError) -> FieldError:
    """The error for an unknown setting, with the one that was probably meant."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    name = error.field.removeprefix(PREFIX)
    known = [*(field.upper() for field in Settings.model_fields), "CONFIG"]
    nearest = process.extractOne(
        name, known, scorer=OSA.normalized_similarity, score_cutoff=LEAST_SIMILARITY
    )
    hint = f"; did you mean {PREFIX}{nearest[0]}?" if nearest else ""
    return FieldError(error.field, f"is not a setting{hint}")


def _is_known(variable: str) -> bool:
    return variable.removeprefix(PREFIX).lower() in {*Settings.model_fields, "config"}


def _as_set(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        return {name.lower(): value for name, value in tomllib.loads(text).items()}
    except (OSError, ValueError) as error:
        raise Invalid([FieldError(f"{PREFIX}CONFIG", f"cannot be read: {error}")]) from None
