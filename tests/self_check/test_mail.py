"""What is checked of mail: the server, its certificate, and whether a test email leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from marinemarket.clock import now_ms
from marinemarket.config.settings import Settings
from marinemarket.self_check.finding import State
from marinemarket.self_check.mail import check_mail, send_test
from tests.certificates import certificate_in
from tests.mail.server import mail_server

pytestmark = pytest.mark.anyio


def _settings(folder: Path, **given: object) -> Settings:
    return Settings.model_validate({"data": folder / "data", **given})


async def test_a_market_that_is_reached_from_outside_needs_a_mail_server(tmp_path: Path) -> None:
    assert (await check_mail(_settings(tmp_path))).state is State.OK
    found = await check_mail(_settings(tmp_path, public_url="https://boats.example"))
    assert found.state is State.FAILURE
    assert "MARINEMARKET_SMTP_URL" in found.todo


async def test_a_test_email_is_taken_by_the_server_and_it_says_where(tmp_path: Path) -> None:
    async with mail_server() as server:
        settings = _settings(tmp_path, smtp_url=server.url, mail_from="Boats <mail@boats.example>")
        assert (await check_mail(settings)).message.endswith("answers without TLS")
        found = await send_test(settings, "ann@example.com", now_ms)
        assert found.state is State.OK
        assert "check ann@example.com's inbox" in found.message
        (message,) = server.arrived
        assert (message["From"], message["To"]) == ("Boats <mail@boats.example>", "ann@example.com")
        assert message["Subject"] == "Test of MarineMarket"
        server.to_recipients.append("550 no such user")
        assert (await send_test(settings, "bob@example.com", now_ms)).state is State.FAILURE
    assert (await send_test(settings, "nobody", now_ms)).message == "nobody is not an address"


async def test_without_a_server_a_test_email_is_a_file(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    found = await send_test(settings, "ann@example.com", now_ms)
    assert found.message == f"written to a file in {settings.emails_folder}"
    assert len([*settings.emails_folder.glob("*.eml")]) == 1


async def test_a_certificate_that_nobody_signed_is_told_with_the_way_out(tmp_path: Path) -> None:
    certificate = certificate_in(tmp_path, "localhost")
    async with mail_server(certificate=certificate) as server:
        refused = server.url.partition("?")[0]
        found = await check_mail(_settings(tmp_path, smtp_url=refused))
        assert found.state is State.FAILURE
        assert "does not trust its certificate" in found.message
        assert "?starttls=never" in found.todo
        sent = await send_test(_settings(tmp_path, smtp_url=refused), "ann@example.com", now_ms)
        assert sent.state is State.FAILURE
        followed = _settings(tmp_path, smtp_url=f"{refused}?starttls=never")
        assert (await check_mail(followed)).state is State.OK
        assert (await send_test(followed, "ann@example.com", now_ms)).state is State.OK
        assert len(server.arrived) == 1


async def test_a_password_that_is_refused_is_told_from_a_server_that_is_away(
    tmp_path: Path,
) -> None:
    async with mail_server(asks_for=("ann", "right")) as server:
        url = server.url.replace("smtp://", "smtp://ann:wrong@")
        found = await check_mail(_settings(tmp_path, smtp_url=url))
        assert "rejects the password" in found.message
        right = server.url.replace("smtp://", "smtp://ann:right@")
        assert "signed in as ann" in (await check_mail(_settings(tmp_path, smtp_url=right))).message
    away = await check_mail(_settings(tmp_path, smtp_url=url))
    assert away.state is State.FAILURE
    assert "check host and port" in away.todo
