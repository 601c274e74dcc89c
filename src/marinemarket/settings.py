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
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import FieldError, Invalid
from .wire import field_errors

PREFIX = "MARINEMARKET_"


class Settings(BaseModel):
    """The settings of one market. Field descriptions are its reference."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path = Field(Path("data"), description="Folder of everything that the market keeps")
    store: Literal["sqlite"] = Field("sqlite", description="Engine of the tables")
    search: Literal["tantivy"] = Field("tantivy", description="Engine of the search index")
    public_url: str = Field(
        "http://127.0.0.1:8000",
        pattern=r"^https?://[^/\s]+$",
        description="Where visitors reach the site; canonical links start with it",
    )
    secret_key: str | None = Field(
        None,
        min_length=32,
        description="Seals cursors and tokens; made and kept in the data folder when not given",
    )
    rates: Path | None = Field(
        None,
        description="Exchange rates for imports (TOML, as listings/rates.toml); ours if absent",
    )
    market_name: str = Field(
        "MarineMarket", min_length=2, max_length=60, description="What the site calls itself"
    )
    audit_retention_days: int = Field(
        2557, ge=1, description="How long audit entries are kept; seven years unless set"
    )

    @property
    def database(self) -> Path:
        return self.data / "market.sqlite3"

    @property
    def search_folder(self) -> Path:
        return self.data / "search"

    def secret(self) -> str:
        """The secret key: as set, else the one kept in the data folder, made at first need."""
        if self.secret_key:
            return self.secret_key
        self.data.mkdir(parents=True, exist_ok=True)
        path = self.data / "secret-key"
        fresh = self.data / f".secret-key-{secrets.token_hex(8)}"
        if not path.exists():
            # A link fails if another process was first; then its key is the one we read below.
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            try:
                path.hardlink_to(fresh)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text()


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
        found = field_errors(error, names=_as_set)
        raise Invalid(found) from None


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
