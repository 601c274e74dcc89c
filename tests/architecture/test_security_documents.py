"""The security documents say what the code does: each list in them is compared with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marinemarket.accounts import accounts
from marinemarket.accounts.passwords import LONGEST, LOWEST_SCORE, SHORTEST
from marinemarket.accounts.permissions import MATRIX
from marinemarket.accounts.proof import PROOF_LASTS
from marinemarket.accounts.revealing_passwords import reveals
from marinemarket.accounts.user import MOST_PASSKEYS
from marinemarket.audit.actions import Action
from marinemarket.clock import MINUTE
from marinemarket.config.settings import Settings
from marinemarket.listings.photo import MOST_PHOTOS
from marinemarket.messages.inquiry import MOST_CHARACTERS
from marinemarket.saved_searches.saved_search import MOST_SEARCHES
from marinemarket.store.schema import TABLES
from marinemarket.web.app import create_app
from marinemarket.web.security.strict_bodies import LARGEST_BODY

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/marinemarket"
FOLDER = ROOT / "docs/security"
AUTHENTICATION, DATA, VALIDATION, OPERATION = (
    (FOLDER / f"{name}.md").read_text()
    for name in ("authentication", "data", "validation", "operation")
)
PERIODS = {
    "sign_in_tries": "5 in 15 minutes", "sign_in_tries_minutes": "5 in 15 minutes",
    "lock_minutes": "30 minutes", "session_days": "30 days", "session_idle_days": "14 days",
    "staff_session_hours": "8 hours", "staff_idle_minutes": "60 minutes",
}  # fmt: skip


def modules() -> list[tuple[str, str]]:
    """Each module's path below the package, and its source."""
    return [
        (str(path.relative_to(SOURCE)), path.read_text()) for path in sorted(SOURCE.rglob("*.py"))
    ]


def default(name: str) -> object:
    return Settings.model_fields[name].default


def test_every_limit_and_period_is_documented_with_its_default() -> None:
    for name, period in PERIODS.items():
        assert f"`{name.upper()}`" in AUTHENTICATION
        assert period in AUTHENTICATION
        assert str(default(name)) in period
    for name in Settings.model_fields:
        if name.startswith("limit_"):
            assert f"{default(name)} | `{name.upper()}`" in VALIDATION
    assert f"| {default('reports_to_hide')} | `REPORTS_TO_HIDE`" in VALIDATION
    assert (accounts.RESET_LASTS, accounts.VERIFICATION_LASTS) == (30 * MINUTE, 1440 * MINUTE)
    assert "a link of 30 minutes" in AUTHENTICATION
    assert "a link of 24 hours" in AUTHENTICATION
    assert (PROOF_LASTS, accounts.PHONE_CODE_LASTS) == (5 * MINUTE, 10 * MINUTE)
    assert accounts.LETTERS_WITHIN == ((3, 15 * MINUTE), (20, 1440 * MINUTE))


def test_every_way_in_is_documented() -> None:
    """Every route below `/auth` is named, and every form that signs somebody in."""
    app = create_app(Settings(data=Path("unused")))
    routes = {route.path for route in app.routes}
    ways = {path.removeprefix("/api/v1") for path in routes if path.startswith("/api/v1/auth/")}
    ways |= {path for path in routes if path.startswith("/account/sign-in")}
    named = set(re.findall(r"`(/[^`\s]+)`", AUTHENTICATION))
    assert {way.replace(":str", "") for way in ways} - named == set()
    calls = {name for name, text in modules() if re.search(r"\benter\(", text)}
    assert calls == {"accounts/sign_in.py", "accounts/passkeys.py"}, "where sessions begin"


def test_the_words_that_passwords_may_not_hold_are_documented_and_refused() -> None:
    assert f"From {SHORTEST} to {LONGEST} characters" in AUTHENTICATION
    assert f"below {LOWEST_SCORE} of 4" in AUTHENTICATION
    for words in ("market's name", "name and trade name", "email address"):
        assert words in AUTHENTICATION
    about = {
        "email": "jreef@harbour.example",
        "market": "Blue Boats",
        "names": ["Jo Reef", "Keel Ltd"],
    }
    for password in (
        "BlueBoats-4711",
        "blu3 b0ats 9281",
        "jreef 83918",
        "keel 7391846",
        "harbour83719463",
    ):
        assert reveals(password, **about), password  # type: ignore[arg-type]
    assert not reveals("cobalt lantern drift seven", **about)  # type: ignore[arg-type]


def test_parallel_sessions_are_as_documented() -> None:
    assert "any number of sessions at a time" in AUTHENTICATION
    assert not [name for name in Settings.model_fields if "session" in name and "most" in name]


def test_the_documented_permissions_are_those_in_force() -> None:
    for role, permissions in MATRIX.items():
        [row] = re.findall(rf"^\| `{role.value}` \| (.*)\|$", AUTHENTICATION, re.MULTILINE)
        assert set(re.findall(r"`(\w+)`", row)) == {one.value for one in permissions}


def test_every_table_has_its_protection() -> None:
    rows = dict(re.findall(r"^\| `(boat-[\w-]+)` \| ([^|]+) \|", DATA, re.MULTILINE))
    assert set(rows) == {table.name for table in TABLES}
    classes = set(re.findall(r"^\| (secret|personal|public|operational) \|", DATA, re.MULTILINE))
    assert all(any(one in row for one in classes) for row in rows.values())


_CRYPTOGRAPHY = re.compile(
    r"^\s*(?:from|import) (hashlib|hmac|secrets|cryptography|argon2|pyrage|webauthn|pyotp|ssl|zlib)\b",
    re.MULTILINE,
)


def test_every_module_that_uses_cryptography_is_in_the_inventory() -> None:
    inventory = DATA[DATA.index("## Inventory") :]
    named = set(re.findall(r"`([\w/]+\.py)`", inventory))
    assert {name for name, text in modules() if _CRYPTOGRAPHY.search(text)} - named == set()


_CONNECTS = re.compile(
    r"^\s*(?:from|import) "
    r"(aiosmtplib|aiobotocore|botocore|obstore|opensearchpy|urllib\.request|http\.client|httpx|requests|aiohttp|socket)\b",
    re.MULTILINE,
)


def test_every_module_that_connects_elsewhere_is_documented() -> None:
    named = tuple(re.findall(r"`((?:[\w]+/)+(?:\w+\.py)?)`", OPERATION))
    connecting = {name for name, text in modules() if _CONNECTS.search(text)}
    assert {name for name in connecting if not name.startswith(named)} == set()


def test_every_action_of_the_audit_trail_is_in_the_inventory() -> None:
    assert {action.value for action in Action} - set(re.findall(r"`([A-Z_]+)`", OPERATION)) == set()


def test_times_to_mend_are_documented() -> None:
    assert re.findall(r"\| (\d+) days", OPERATION) == ["3", "14", "30", "90"]
    pinned = (ROOT / "requirements/run.txt").read_text()
    assert pinned.count("==") > 30
    assert "--hash=sha256:" in pinned


def test_the_bounds_that_are_documented_are_those_in_force() -> None:
    title = re.search(r"a title (\d+) to (\d+)", VALIDATION)
    from marinemarket.listings import titles

    assert title is not None
    assert tuple(map(int, title.groups())) == (titles.SHORTEST, titles.LONGEST)
    assert f"a message {MOST_CHARACTERS:,}" in VALIDATION
    assert f"photos of an advert | {MOST_PHOTOS} |" in VALIDATION
    assert f"passkeys, saved searches | {MOST_PASSKEYS}, {MOST_SEARCHES} |" in VALIDATION
    assert LARGEST_BODY == 1_000_000
    assert "20 MB, 70 megapixels" in VALIDATION


def test_the_rules_on_combined_fields_that_are_documented_exist() -> None:
    section = VALIDATION[VALIDATION.index("## What must fit") : VALIDATION.index("## Files")]
    for name in re.findall(r"`([\w/]+\.py)`", section):
        text = (SOURCE / name).read_text()
        assert "info.data" in text or "model_validator" in text or "missing_for_publication" in text


@pytest.mark.parametrize("name", ["authentication", "data", "validation", "operation", "asvs"])
def test_each_is_in_the_documentation_site(name: str) -> None:
    assert f"security/{name}.md" in (ROOT / "mkdocs.yml").read_text()
