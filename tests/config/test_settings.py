"""Settings: from the environment, from a file, and never a misspelt one."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from marinemarket.config.settings import Settings, load
from marinemarket.errors import FieldError, Invalid

LONG = "x" * 32


def wrong_in(environment: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        load(environment)
    return {error.field: error.message for error in caught.value.errors}


def test_without_any_the_market_is_in_the_data_folder() -> None:
    settings = load({})
    assert settings.database == Path("data/market.sqlite3")
    assert settings.search_folder == Path("data/search")
    assert settings.store == "sqlite"


def test_the_environment_sets_what_it_names() -> None:
    settings = load({"MARINEMARKET_DATA": "/srv/boats", "MARINEMARKET_AUDIT_RETENTION_DAYS": "30"})
    assert settings.data == Path("/srv/boats")
    assert settings.audit_retention_days == 30


def test_variables_of_others_do_not_matter() -> None:
    assert load({"PATH": "/bin", "DATA": "/x", "MARINE_DATA": "/y"}) == load({})


def test_an_empty_variable_is_not_set() -> None:
    assert load({"MARINEMARKET_DATA": "", "MARINEMARKET_SECRET_KEY": ""}) == load({})


def test_every_unfit_and_unknown_setting_is_named_at_once() -> None:
    wrong = wrong_in(
        {
            "MARINEMARKET_DATTA": "",
            "MARINEMARKET_STORE": "oracle",
            "MARINEMARKET_SECRET_KEY": "short",
            "MARINEMARKET_AUDIT_RETENTION_DAYS": "0",
            "MARINEMARKET_PUBLIC_URL": "boats.example",
            "MARINEMARKET_MARKET_NAME": "M",
        }
    )
    assert set(wrong) == {
        "MARINEMARKET_DATTA",
        "MARINEMARKET_STORE",
        "MARINEMARKET_SECRET_KEY",
        "MARINEMARKET_AUDIT_RETENTION_DAYS",
        "MARINEMARKET_PUBLIC_URL",
        "MARINEMARKET_MARKET_NAME",
    }
    assert wrong["MARINEMARKET_DATTA"] == "is not a setting; did you mean MARINEMARKET_DATA?"
    assert wrong["MARINEMARKET_SECRET_KEY"] == "must be at least 32 characters"


def test_the_environment_wins_over_the_file_and_the_caller_over_both(tmp_path: Path) -> None:
    file = tmp_path / "market.toml"
    file.write_text('DATA = "/from/file"\nmarket_name = "Bådemarked"\n', encoding="utf-8")
    environment = {"MARINEMARKET_CONFIG": str(file)}
    assert load(environment).data == Path("/from/file")
    assert load(environment).market_name == "Bådemarked"
    environment["MARINEMARKET_DATA"] = "/from/environment"
    assert load(environment).data == Path("/from/environment")
    assert load(environment, data="/given").data == Path("/given")


@pytest.mark.parametrize("content", [b"data = ", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "market.toml"
    if content is not None:
        file.write_bytes(content)
    wrong = wrong_in({"MARINEMARKET_CONFIG": str(file)})
    assert wrong.keys() == {"MARINEMARKET_CONFIG"}
    assert wrong["MARINEMARKET_CONFIG"].startswith("cannot be read: ")


def test_an_unknown_name_in_the_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "market.toml"
    file.write_text("colour = 'blue'")
    with pytest.raises(Invalid) as caught:
        load({"MARINEMARKET_CONFIG": str(file)})
    assert caught.value.errors == (FieldError("MARINEMARKET_COLOUR", "is not a setting"),)


def test_the_secret_is_made_once_whoever_asks_first(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    with ThreadPoolExecutor(8) as asking:
        secrets = list(asking.map(lambda _: Settings(data=tmp_path / "data").secret(), range(32)))
    assert set(secrets) == {settings.secret()}
    assert len(secrets[0]) >= 32
    kept = list((tmp_path / "data").iterdir())
    assert [file.name for file in kept] == ["secret-key"]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_a_secret_that_was_set_is_used_and_not_kept(tmp_path: Path) -> None:
    assert Settings(data=tmp_path, secret_key=LONG).secret() == LONG
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("SMPT_URL", "SMTP_URL"),
        ("PUBLIC_ULR", "PUBLIC_URL"),
        ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ("EMAIL_FROM", "MAIL_FROM"),
        ("BACKUP_DIRS", "BACKUP_DAYS"),
    ],
)
def test_a_misspelt_setting_is_told_with_the_nearest_one(
    tmp_path: Path, misspelt: str, meant: str
) -> None:
    told = {f"MARINEMARKET_{misspelt}": f"is not a setting; did you mean MARINEMARKET_{meant}?"}
    assert wrong_in({f"MARINEMARKET_{misspelt}": "x"}) == told
    file = tmp_path / "market.toml"
    file.write_text(f'{misspelt.lower()} = "x"')
    assert wrong_in({"MARINEMARKET_CONFIG": str(file)}) == told


def test_what_is_missing_is_not_taken_for_a_misspelt_setting() -> None:
    told = wrong_in({"MARINEMARKET_STORE": "dynamodb"})
    assert told.keys() == {"MARINEMARKET_SECRET_KEY"}
    assert "must be set with MARINEMARKET_STORE=dynamodb" in told["MARINEMARKET_SECRET_KEY"]


def test_a_misspelt_name_of_the_file_is_told_as_well() -> None:
    told = wrong_in({"MARINEMARKET_CONFG": "market.toml"})
    assert told == {"MARINEMARKET_CONFG": "is not a setting; did you mean MARINEMARKET_CONFIG?"}


def test_texts_that_cannot_be_read_are_told_with_the_rule(tmp_path: Path) -> None:
    file = tmp_path / "de.po"
    file.write_text('msgid "Sell"')
    for path in (file, tmp_path / "missing.mo", tmp_path):
        told = wrong_in({"MARINEMARKET_TEXTS": str(path)})
        assert told.keys() == {"MARINEMARKET_TEXTS"}
        assert told["MARINEMARKET_TEXTS"].startswith("must be a translation compiled to .mo")


@pytest.mark.parametrize(
    ("setting", "value", "rule"),
    [
        ("PUBLIC_URL", "boats.example", "such as https://boats.example"),
        ("PUBLIC_URL", "https://boats.example/shop", "without a path"),
        ("PUBLIC_URL", "https://boats.example:port", "a scheme and a host, optionally a port"),
        ("OPENSEARCH_URL", "127.0.0.1:9200", "without a path"),
        ("AWS_ENDPOINT_URL", "localhost", "without a path"),
        ("LANGUAGE", "german", "such as en or pt-BR"),
        ("TABLE_PREFIX", "our boats", "letters, digits, dots, hyphens and underscores"),
        ("RELAY_DOMAIN", "@boats", "must be a domain"),
    ],
)
def test_a_rule_is_told_in_words_and_not_as_a_pattern(setting: str, value: str, rule: str) -> None:
    told = wrong_in({f"MARINEMARKET_{setting}": value})
    assert rule in told[f"MARINEMARKET_{setting}"]


@pytest.mark.parametrize(
    "networks",
    ["0.0.0.0/0", "::/0", "0.0.0.0/1,128.0.0.0/1", "10.0.0.0/8, 8.0.0.0/7", "::ffff:0:0/96",
     "::ffff:0.0.0.0/97", "2000::/3", "::/1"],
)  # fmt: skip
def test_proxies_that_are_nearly_everybody_are_refused(networks: str) -> None:
    wrong = wrong_in({"MARINEMARKET_TRUSTED_PROXIES": networks})
    assert "anyone could then pass for any visitor" in wrong["MARINEMARKET_TRUSTED_PROXIES"]


@pytest.mark.parametrize("networks", ["127.0.0.1,::1", "10.0.0.0/8", "fc00::/7", "104.16.0.0/13"])
def test_proxies_of_a_network_or_a_provider_are_trusted(networks: str) -> None:
    assert load({"MARINEMARKET_TRUSTED_PROXIES": networks}).proxies()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("gopher://x", "must be smtp://"),
        ("mail.example", "must be smtp://"),
        ("mail.example:25", "must be smtp://"),
        ("smtp://", "must be smtp://"),
        ("smtp://host:port", "must be smtp://"),
        ("smtp://host:99999", "must be smtp://"),
        ("smtp://host:0", "must be smtp://"),
        ("smtp://user:pass#word@host", "must be smtp://"),
        ("smtp://host?starttls=maybe", "starttls is always or never"),
        ("smtp://host?startls=never", "?starttls=always or ?starttls=never"),
        ("smtp://host?never", "?starttls=always or ?starttls=never"),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_refused_at_the_start(url: str, told: str) -> None:
    assert told in wrong_in({"MARINEMARKET_SMTP_URL": url})["MARINEMARKET_SMTP_URL"]


@pytest.mark.parametrize("setting", ["BACKUPS", "BLOBS"])
@pytest.mark.parametrize("place", ["gs://bucket", "file:///srv/x", "S3://bucket", "s3:bucket"])
def test_a_place_of_another_kind_is_not_taken_for_a_folder(setting: str, place: str) -> None:
    wrong = wrong_in({f"MARINEMARKET_{setting}": place})
    assert wrong == {f"MARINEMARKET_{setting}": "must be a folder, or s3://bucket/prefix"}


@pytest.mark.parametrize("setting", ["OPENSEARCH_URL", "AWS_ENDPOINT_URL", "PUBLIC_URL"])
@pytest.mark.parametrize("url", ["ftp://host", "//host", "http://host:99999", "http://:80", "host"])
def test_an_address_that_nothing_can_connect_to_is_refused(setting: str, url: str) -> None:
    assert f"MARINEMARKET_{setting}" in wrong_in({f"MARINEMARKET_{setting}": url})


def test_without_a_public_address_links_follow_the_server(tmp_path: Path) -> None:
    environment = {"MARINEMARKET_DATA": str(tmp_path)}
    assert load(environment).public_url == "http://127.0.0.1:8000"
    (tmp_path / "served-at").write_text("http://127.0.0.1:8107")
    assert load(environment).public_url == "http://127.0.0.1:8107"
    assert "public_url" not in load(environment).model_fields_set
    here = environment | {"MARINEMARKET_SERVED_AT": "http://127.0.0.1:8108"}
    assert load(here).public_url == "http://127.0.0.1:8108"
    named = here | {"MARINEMARKET_PUBLIC_URL": "https://boats.example"}
    assert load(named).public_url == "https://boats.example"
    (tmp_path / "served-at").write_text("nonsense")
    assert load(environment).public_url == "http://127.0.0.1:8000"
