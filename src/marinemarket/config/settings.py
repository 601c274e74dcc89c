"""Every knob. Each is an environment variable ``MARINEMARKET_<NAME>``, or a key of a TOML file.

The file is named by ``MARINEMARKET_CONFIG``; the environment wins over it. A name that is not
listed here is an error, so that a misspelt setting never goes unnoticed.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator

from ..disk import kept_once
from ..errors import FieldError, Invalid
from ..wire import field_errors
from .market_rules import MarketRules
from .types import Domain, Loopback, MasterKeys, Networks, Tiles, keys_in, networks_in, sender_in

PREFIX = "MARINEMARKET_"
SHORTEST_SECRET = 32
LEAST_LIKENESS = 0.6
"""How alike a misspelt setting must be to one that there is, from 0 to 1, for that to be named."""


class Settings(MarketRules):
    """The settings of one market. Field descriptions are its reference."""

    data: Path = Field(Path("data"), description="Folder of everything that the market keeps")
    store: Literal["sqlite", "dynamodb"] = Field("sqlite", description="Engine of the tables")
    search: Literal["columns", "tantivy", "opensearch"] = Field(
        "columns", description="Engine of the search index; `tantivy` still means `columns`"
    )
    opensearch_url: str = Field(
        "http://127.0.0.1:9200",
        pattern=r"^https?://[^/\s]+$",
        description="Where OpenSearch answers, with `user:password@` where it asks for them; requests to "
        "`*.amazonaws.com` are signed with the account's credentials instead",
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        pattern=r"^https?://[^/\s]+$",
        description="Where visitors reach the site; canonical links start with it",
    )
    secret_key: str | None = Field(
        None,
        repr=False,
        min_length=SHORTEST_SECRET,
        description=(
            "Seals cursors and tokens; made and kept in the data folder when not given. Must be "
            "given with DynamoDB, where every machine needs the same"
        ),
    )
    table_prefix: str = Field(
        "",
        pattern=r"^[A-Za-z0-9_.-]{0,100}$",
        description="Begins the name of every DynamoDB table, so that markets can share an account",
    )
    aws_region: str | None = Field(
        None, description="Where the tables are; as AWS's own tools find it when not given"
    )
    aws_endpoint_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="Whatever speaks DynamoDB's protocol elsewhere than at AWS",
    )
    aws_kms_key: str | None = Field(
        None, description="The customer's key that encrypts the tables; AWS's own if absent"
    )
    master_keys: MasterKeys | None = Field(
        None,
        repr=False,
        description=(
            "Seal secrets at rest: keys of 32 bytes in base64, parted by commas; the first seals, "
            "all open. Derived from SECRET_KEY if absent, and that one opens too"
        ),
    )
    kms_master_key: str | None = Field(
        None, description="A key in Amazon's KMS that seals secrets at rest, instead of MASTER_KEYS"
    )
    rates: Path | None = Field(
        None,
        description="Exchange rates for imports (TOML, as listings/rates.toml); ours if absent",
    )
    market_name: str = Field(
        "MarineMarket", min_length=2, max_length=60, description="What the site calls itself"
    )
    language: str = Field(
        "en",
        pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$",
        description="The language of the site's texts, such as `en` or `pt-BR`",
    )
    texts: Path | None = Field(
        None,
        description="The texts in that language: docs/reference/texts.pot, translated and compiled "
        "(`.mo`); English if absent",
    )
    map_tiles: Tiles | None = Field(
        None,
        description="Where the map's tiles are, such as `https://tiles.example/{z}/{x}/{y}.png`; "
        "unless set, outlines of the land come from the market itself",
    )
    map_attribution: str = Field(
        "", max_length=300, description="Whom the map names as the maker of its tiles, as text"
    )
    trusted_proxies: Networks = Field(
        "",
        description="Addresses and networks of the web servers in front, parted by commas: whose "
        "`X-Forwarded-For`, `X-Forwarded-Proto` and `X-Request-ID` count; nobody's unless set",
    )
    head_seconds: float = Field(
        10, gt=0, description="Seconds within which a request's head must have arrived"
    )
    body_seconds: float = Field(
        30, gt=0, description="Seconds for a request's body, and one more for each 10 KB of it"
    )
    idle_seconds: int = Field(
        15, ge=1, description="Seconds after an answer until an idle connection is closed"
    )
    log_format: Literal["words", "json"] = Field(
        "words", description="How log lines look; `json` has a line for each request as well"
    )

    cache_listings: int = Field(
        2000, ge=1, description="How many listings each web process keeps in memory"
    )
    cache_seconds: int = Field(
        5, ge=1, description="How stale a public listing may be on a store whose feed is far away"
    )
    blobs: str | None = Field(
        None,
        min_length=1,
        description="Where the files of pictures and videos lie: a folder, or `s3://bucket/prefix`; "
        "`DATA/media` unless set",
    )
    video_megabytes: int = Field(
        100, ge=1, le=10_000, description="How large a video may be, in millions of bytes"
    )
    smtp_url: str | None = Field(
        None,
        repr=False,
        description="The mail server, such as `smtp://user:password@host:587` or `smtps://…`; "
        "letters go to a folder if absent",
    )
    mail_from: str | None = Field(
        None, description="Who letters are from; `market@` the host of PUBLIC_URL if absent"
    )
    mail_folder: Path | None = Field(
        None,
        description="Where letters go without SMTP_URL, and text messages; `DATA/mail` if absent",
    )
    relay_domain: Domain | None = Field(
        None,
        description="The domain of the addresses by which buyers and sellers answer each other by mail; "
        "without one they answer on the site",
    )
    relay_listen: Loopback | None = Field(
        None,
        description="Where the worker takes such answers from the mail server in front, by SMTP or LMTP: a "
        "loopback address and a port, such as `127.0.0.1:2525`",
    )
    metrics: Literal["local", "all", "none"] = Field(
        "local", description="Who may read /metrics: clients on this machine, all, or none"
    )
    backups: str | None = Field(
        None,
        min_length=1,
        description="Where the worker archives to: a folder, or `s3://bucket/prefix`; "
        "`DATA/backups` unless set, which is no help when the disk is lost",
    )
    backup_recipient: str | None = Field(
        None, description="An age recipient (`age1…`): what is archived is encrypted for it"
    )
    backup_hours: int = Field(24, ge=1, description="Hours between two base copies")
    backup_days: int = Field(35, ge=1, description="Any second of so many days can be restored")
    archive_seconds: int = Field(
        10, ge=0, description="How long a change waits at most before the worker archives it"
    )
    feed_days: int = Field(
        2, ge=1, description="Days that an archived change stays in the store's own feed"
    )

    @model_validator(mode="after")
    def _same_secret_everywhere(self) -> Self:
        if self.store == "dynamodb" and not self.secret_key:
            raise ValueError(
                "SECRET_KEY must be given with STORE=dynamodb, the same on every machine"
            )
        return self

    def proxies(self) -> list[str]:
        """Whose word on forwarded addresses counts, as networks."""
        return networks_in(self.trusted_proxies)

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        """As browsers spell it: the host in lower case, and no port that goes without saying."""
        parts = urlsplit(value)
        usual = {"http": 80, "https": 443}[parts.scheme]
        host = parts.hostname or ""
        if not host or "@" in value or "?" in value or "#" in value:
            raise ValueError("must be a scheme and a host, perhaps with a port, and nothing else")
        named = f"[{host}]" if ":" in host else host
        port = f":{parts.port}" if parts.port not in (None, usual) else ""
        return f"{parts.scheme}://{named}{port}"

    @field_validator("market_name")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one line")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str | None) -> str | None:
        if value is not None:
            sender_in(value)
        return value

    def given_master_keys(self) -> list[bytes]:
        """The master keys as set, the current one first; none when they are derived or in KMS."""
        return keys_in(self.master_keys) if self.master_keys else []

    @property
    def is_secure(self) -> bool:
        """Do visitors come by TLS?"""
        return self.public_url.startswith("https://")

    @property
    def backup_place(self) -> str:
        return self.backups or str(self.data / "backups")

    @property
    def blobs_place(self) -> str:
        return self.blobs or str(self.data / "media")

    @property
    def letters_folder(self) -> Path:
        return self.mail_folder or self.data / "mail"

    @property
    def sender(self) -> tuple[str, str]:
        """Who letters are from: a name and an address."""
        host = urlsplit(self.public_url).hostname or "localhost"
        return sender_in(self.mail_from) if self.mail_from else (self.market_name, f"market@{host}")

    @property
    def database(self) -> Path:
        return self.data / "market.sqlite3"

    @property
    def counters(self) -> Path:
        return self.data / "limits.sqlite3"

    @property
    def alerts_place(self) -> Path:
        """The file that says how far saved searches have followed the feed."""
        return self.data / "saved-searches.position"

    @property
    def moderation_place(self) -> Path:
        """The file that says how far moderation has followed the feed."""
        return self.data / "moderation.position"

    @property
    def seller_kinds_place(self) -> Path:
        """The file that says how far adverts have followed their sellers along the feed."""
        return self.data / "seller-kinds.position"

    @property
    def worker_lock(self) -> Path:
        """The file that the worker holds, so that there is one of it for a folder."""
        return self.data / "worker.lock"

    @property
    def search_folder(self) -> Path:
        return self.data / "search"

    @property
    def metrics_folder(self) -> Path:
        return self.data / "metrics"

    def secret(self) -> str:
        """The secret key: as set, else the one kept in the data folder, made at first need.

        Raises Invalid when the folder cannot be used, or what it keeps is no key.
        """
        if self.secret_key:
            return self.secret_key
        try:
            key = kept_once(self.data / "secret-key", secrets.token_urlsafe(48))
        except OSError as error:
            message = f"cannot be used as a folder: {error.strerror}"
            raise Invalid([FieldError(f"{PREFIX}DATA", message)]) from None
        if len(key) < SHORTEST_SECRET:
            message = f"in {self.data / 'secret-key'} is damaged; remove the file for a new one"
            raise Invalid([FieldError(f"{PREFIX}SECRET_KEY", message)])
        return key


def load(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from the environment and its TOML file; `given` wins over both.

    An empty variable is one that is not set: taken at its word, an empty folder would be this one.
    Raises Invalid naming each unknown or unfit setting.
    """
    environment = os.environ if environment is None else environment
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and (value or not _is_known(name))
    }
    config = named.pop("config", None)
    values = {**(_from_file(Path(config)) if config else {}), **named, **given}
    try:
        return Settings(**values)
    except ValidationError as error:
        wrong = field_errors(error, names=_as_set)
        unknown = {_as_set(name) for name in values} - {*map(_as_set, Settings.model_fields)}
        raise Invalid([_unknown(e) if e.field in unknown else e for e in wrong]) from None


def _unknown(error: FieldError) -> FieldError:
    """Of a name that is no setting: which one it may have been meant to be."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    name = error.field.removeprefix(PREFIX)
    known = [*(field.upper() for field in Settings.model_fields), "CONFIG"]
    nearest = process.extractOne(
        name, known, scorer=OSA.normalized_similarity, score_cutoff=LEAST_LIKENESS
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
