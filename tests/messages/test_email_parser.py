"""Only the new text of an email is read."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from marinemarket.messages.email_parser import parse_email
from marinemarket.messages.reply_text import HIDDEN

WORDS = "Yes, Saturday suits me.\n\nCould you send the survey?"


def a_mail(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in ({"From": "Bob <Bob@Example.com>", "Message-ID": "<1@x>"} | headers).items():
        mail[name.replace("_", "-")] = value
    mail.set_content(WORDS + "\nbob@example.com\n")
    return mail


def test_the_senders_own_address_is_removed() -> None:
    read = parse_email(a_mail().as_bytes(), envelope_from="bob@example.com")
    assert read.sender == "bob@example.com"
    assert read.text == f"{WORDS}\n{HIDDEN}"


def test_attachments_are_counted_and_html_is_read_where_there_is_no_text() -> None:
    mail = EmailMessage()
    mail["From"] = "bob@example.com"
    mail.set_content(
        "<p>Yes,&nbsp;fine.</p><style>p{}</style><blockquote>Hello</blockquote>", subtype="html"
    )
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="survey.pdf")
    read = parse_email(mail.as_bytes(), envelope_from=None)
    assert (read.text, read.left_out) == ("Yes, fine.", 1)


@pytest.mark.parametrize(
    ("headers", "envelope"),
    [
        ({}, ""),
        ({}, "<>"),
        ({"Return_Path": "<>"}, None),
        ({"Auto_Submitted": "auto-replied"}, "bob@example.com"),
        ({"Precedence": "bulk"}, "bob@example.com"),
        ({"X_Autoreply": "yes"}, "bob@example.com"),
    ],
)
def test_automatic_emails_are_recognised(headers: dict[str, str], envelope: str | None) -> None:
    assert parse_email(a_mail(**headers).as_bytes(), envelope_from=envelope).is_automatic


def test_a_persons_email_is_not_automatic() -> None:
    read = parse_email(a_mail(Auto_Submitted="no").as_bytes(), envelope_from="bob@example.com")
    assert not read.is_automatic


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: \xff\r\n\r\nhello",
        b"From: a@b.example, c@d.example\r\n\r\nhello",
        b"Content-Type: text/plain; charset=nonsense\r\nFrom: a@b.example\r\n\r\nhello",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 50,
        b"Message-ID: <" + b"[" * 5000 + b"\r\nFrom: <<<>>>\r\n\r\nhello",
    ],
)
def test_a_malformed_email_is_parsed_without_an_error(raw: bytes) -> None:
    parse_email(raw, envelope_from="a@b.example")
