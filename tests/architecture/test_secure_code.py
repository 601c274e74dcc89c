"""What ASVS asks of the code as a whole: what it must not use, and where what it uses may stand."""

from __future__ import annotations

import ast
import logging
import re
import subprocess
from pathlib import Path

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from marinemarket.accounts.passwords import SHORTEST, _why_not
from marinemarket.accounts.secrets import new_secret
from marinemarket.config.settings import Settings
from marinemarket.logs import formatter
from marinemarket.web.app import create_app
from marinemarket.web.security.cookies import device_cookie, kept_cookie, session_cookie
from tests.architecture.test_security_documents import DATA, ROOT, SOURCE, modules

PAGES = {path.relative_to(SOURCE): path.read_text() for path in SOURCE.rglob("templates/**/*.html")}
SCRIPTS = {path.name: path.read_text() for path in (SOURCE / "web/static").glob("*.js")}


def _calls(text: str) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return {ast.unparse(call.func) for call in calls}


def test_no_module_runs_a_shell_or_evaluates_text() -> None:
    """ASVS 1.2.5, 1.3.2, 1.3.7: our own programs alone are started, by a list of arguments."""
    forbidden = {"eval", "exec", "os.system", "os.popen", "subprocess.getoutput", "from_string"}
    for name, text in modules():
        calls = _calls(text)
        assert not calls & forbidden, name
        assert not any(call.endswith(".from_string") for call in calls), name
        assert "shell=True" not in text, name
    starting = {name for name, text in modules() if "subprocess.Popen" in _calls(text)}
    assert starting <= {"runtime/supervisor.py", "runtime/children.py", "media/image_process.py"}


def test_no_module_deserialises_code() -> None:
    """ASVS 1.5.2."""
    for name, text in modules():
        assert not re.search(
            r"^\s*(?:import|from) (?:pickle|marshal|shelve|yaml|dill)\b", text, re.M
        ), name


def test_no_weak_algorithm_is_named_in_the_code() -> None:
    """ASVS 11.3.1, 11.4.1: SHA-1 stands in TOTP alone, inside its library."""
    weak = re.compile(r"\b(?:md5|sha1|MD5|SHA1|DES|RC4|ECB|PKCS1v15|Blowfish)\b")
    assert {name for name, text in modules() if weak.search(text)} == set()


def test_secrets_come_from_the_systems_random_source() -> None:
    """ASVS 11.5.1, 7.2.3: `random` makes drawings and pauses, never what must not be guessed."""
    assert len(new_secret()) == 43, "256 bits in base64url"
    assert len({new_secret() for _ in range(1000)}) == 1000
    random = {
        name
        for name, text in modules()
        if re.search(r"^\s*(?:import random|from random import (?!SystemRandom))", text, re.M)
    }
    places = (
        "demo/",
        "media/illustration/",
        "audit/",
        "store/",
        "search/",
        "runtime/",
        "mail/",
        "archive/",
    )
    assert {name for name in random if not name.startswith(places)} == set()


def test_cookies_over_tls_are_bound_to_this_host() -> None:
    """ASVS 3.3.1 to 3.3.3."""
    settings = Settings(data=Path("unused"), public_url="https://boats.example")
    for cookie in (
        session_cookie(settings, "secret", 60),
        device_cookie(settings, "device"),
        kept_cookie(settings, "unit", "m", 60),
    ):
        assert cookie.key.startswith("__Host-")
        assert (cookie.secure, cookie.httponly, cookie.samesite) == (True, True, "lax")
        assert (cookie.path, cookie.domain) == ("/", None)


def test_no_answer_is_shared_with_another_origin() -> None:
    """ASVS 3.4.2: there is no CORS at all."""
    named = re.compile(r"Access-Control-Allow-|CORSConfig\(")
    assert {name for name, text in modules() if named.search(text)} == set()


def test_no_script_of_ours_writes_markup_from_text() -> None:
    """ASVS 3.2.2. `innerHTML` is read once, where text was escaped by `textContent`."""
    writes = re.compile(r"(?:inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|eval\(")
    assert {name for name, text in SCRIPTS.items() if writes.search(text)} == set()


def test_scripts_merge_no_objects_from_outside() -> None:
    """ASVS 15.3.6: no names from outside become properties by a merge."""
    merged = re.compile(r"__proto__|Object\.assign\((?!list|link|picture|element|\{)|for \(.* in ")
    assert {name for name, text in SCRIPTS.items() if merged.search(text)} == set()


def test_scripts_store_nothing_but_what_is_documented() -> None:
    """ASVS 14.3.3."""
    storing = {name for name, text in SCRIPTS.items() if re.search(r"\bstore\(", text)}
    assert storing - {"storage.js"} == {
        "boat-list.js", "kept-forms.js", "kept-words.js", "results.js",
    }  # fmt: skip
    assert "localStorage" not in "".join(
        text for name, text in SCRIPTS.items() if name != "storage.js"
    )
    for words in (
        "boats that were looked at",
        "place on a page of results",
        "text of an advert or of",
    ):
        assert words in DATA


def test_pages_embed_nothing_that_browsers_gave_up() -> None:
    """ASVS 3.7.1."""
    for name, text in PAGES.items():
        assert not re.search(r"<(?:object|embed|applet|iframe|frame)\b", text), name


def test_password_fields_are_masked_and_may_be_pasted_into() -> None:
    """ASVS 6.2.6, 6.2.7."""
    fields = re.findall(r"<input[^>]*name=\"\w*password\"[^>]*>", "".join(PAGES.values()))
    assert len(fields) >= 2
    assert all('type="password"' in field and "autocomplete=" in field for field in fields)
    called = re.findall(r"\{\{ field\([^}]*'\w*password', [^}]*\}\}", "".join(PAGES.values()))
    assert len(called) >= 3
    assert all("type='password'" in call and "autocomplete=" in call for call in called)
    assert not any("onpaste" in text for text in PAGES.values())
    assert not any(re.search(r"[\"']paste[\"']", text) for text in SCRIPTS.values())


def test_every_common_password_that_is_long_enough_is_refused() -> None:
    """ASVS 6.2.4, 6.2.12: 30,000 passwords out of leaks, as they are and with what people add."""
    common = [one for one in FREQUENCY_LISTS["passwords"] if len(one) >= SHORTEST]
    assert len(FREQUENCY_LISTS["passwords"]) >= 3000
    assert len(common) > 200
    assert [one for one in common if not _why_not(one, "a@b.example", "MarineMarket", "Ann")] == []
    padded = [one + "123456"[: SHORTEST - len(one)] for one in FREQUENCY_LISTS["passwords"][:3000]]
    padded = [one for one in padded if len(one) == SHORTEST]
    accepted = [
        one for one in padded[::25] if not _why_not(one, "a@b.example", "MarineMarket", "Ann")
    ]
    assert len(padded) > 1000
    assert accepted == []


def test_a_password_of_128_characters_is_taken_whole() -> None:
    """ASVS 6.2.9."""
    long = "cobalt lantern drift seven " * 4 + "harbour window tide"
    assert not _why_not(long[:128], "a@b.example", "MarineMarket", "Ann")
    assert _why_not(long + "x" * 2, "a@b.example", "MarineMarket", "Ann")


def test_no_setting_makes_a_password_expire() -> None:
    """ASVS 6.2.10."""
    assert not [name for name in Settings.model_fields if "password" in name]


def test_no_parameter_of_an_address_is_a_secret() -> None:
    """ASVS 14.2.1: tokens of links are sent by a form's button, and a session never stands in one."""
    app = create_app(Settings(data=Path("unused")))
    for route in app.routes:
        assert not re.search(r"\{(?:session_secret|password|csrf)", route.path), route.path
    get = [
        form
        for text in PAGES.values()
        for form in re.findall(r"<form(?![^>]*post)[^>]*>.*?</form>", text, re.S)
    ]
    assert not any("csrf_token" in form or 'type="password"' in form for form in get)


def test_the_web_servers_samples_keep_to_recommended_tls() -> None:
    """ASVS 12.1.1, 12.1.2, 12.2.2: nginx says so; Caddy's defaults are these, and are not weakened."""
    nginx = (ROOT / "deploy/nginx/marinemarket.conf").read_text()
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in nginx
    assert "letsencrypt" in nginx
    for name in ("deploy/caddy/Caddyfile", "deploy/compose/Caddyfile"):
        assert not re.search(
            r"protocols tls1\.[01]|tls internal|ciphers", (ROOT / name).read_text()
        )


def test_the_package_holds_no_source_control_and_no_tests() -> None:
    """ASVS 13.4.1, 15.2.3."""
    project = (ROOT / "pyproject.toml").read_text()
    assert 'packages = ["src/marinemarket"]' in project
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert "*" in ignored or ".git" in ignored
    listed = subprocess.run(
        ["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not re.search(r"(?:^|/)(?:test_|conftest|\.git)", listed, re.M)


def test_the_application_has_no_debug_mode() -> None:
    """ASVS 13.4.2."""
    assert create_app(Settings(data=Path("unused"))).debug is False
    assert not [name for name in Settings.model_fields if "debug" in name]


def test_nothing_logs_but_through_the_one_module() -> None:
    """ASVS 16.2.3: handlers are made in `logs.py`, and print is for commands."""
    for name, text in modules():
        if name != "logs.py":
            assert not re.search(r"(?:Stream|File|SysLog|HTTP)Handler\(|basicConfig\(", text), name
        if not name.startswith("cli/"):
            assert "print" not in _calls(text), name


def test_times_in_logs_are_utc() -> None:
    """ASVS 16.2.2, and 16.4.1: a line break within a message begins no line of its own."""
    record = logging.makeLogRecord({"msg": "one\nforged", "created": 0.25, "msecs": 250.0})
    line = formatter("json").format(record)
    assert '"time": "1970-01-01T00:00:00.250Z"' in line
    assert "\n" not in line


def test_downloads_have_names_of_ours() -> None:
    """ASVS 5.4.1, 5.4.2."""
    attached = [
        found
        for _, text in modules()
        for found in re.findall(r"attachment; filename=([^'\n]+)", text)
    ]
    assert len(attached) >= 2
    assert all(re.fullmatch(r'"[a-z.-]+"', name) for name in attached), attached
