"""What an email says: all its sender's words, and nobody else's."""

from __future__ import annotations

from base64 import b64encode
from quopri import encodestring

import pytest

from marinemarket.messages.email_body import Sealed
from marinemarket.messages.email_parser import ParsedEmail, parse_email

from .raw_mail import mail_of, part, parts, raw_mail

PICTURE = b"\x89PNG" + b"x" * 3000
PHOTO = b"\xff\xd8\xff\xe0" + b"x" * 200_000
LOGO = "Content-ID: <image001.png@01D>"
PLAIN = part("text/plain; charset=utf-8", "Saturday at ten suits me.")
RICH = part(
    "text/html; charset=utf-8", '<p>Saturday at ten suits me.</p><img src="cid:image001.png@01D">'
)
ATTACHED_MAIL = part(
    "message/rfc822",
    "From: yard@private.example\nContent-Type: text/plain\n\nOur private offer: 31,000.",
    'Content-Disposition: attachment; filename="quote.eml"',
)


def read(raw: bytes) -> ParsedEmail:
    return parse_email(raw, envelope_from="bob@example.com")


def text_and_left_out(whole: str) -> tuple[str, int]:
    parsed = read(mail_of(whole))
    return parsed.text, parsed.left_out


@pytest.mark.parametrize(
    "attached",
    [
        ATTACHED_MAIL,
        part("message/rfc822", "Subject: offer\n\n31,000."),
        part("message/rfc822", b"Subject: offer\n\n31,000."),
        part("application/octet-stream", b"Subject: x\n\n31,000.", "Content-Disposition: inline; filename=a.eml"),
        part("text/plain; name=a.eml", "31,000.", "Content-Disposition: attachment"),
        part("application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22 31,000."),
        part("text/rfc822-headers", "Subject: 31,000."),
    ],
)  # fmt: skip
def test_attached_mails_are_attachments_and_never_read(attached: str) -> None:
    own = "Here is what the yard told me."
    for words in (part("text/plain", own), part("text/html", f"<div>{own}</div>"), parts("alternative", part("text/plain", own), part("text/html", own))):  # fmt: skip
        assert text_and_left_out(parts("mixed", words, attached)) == (own, 1)
    assert text_and_left_out(parts("mixed", attached)) == ("", 1)
    assert read(mail_of(attached)).text == "" or "text/plain" in attached


def test_a_digest_of_mails_is_not_read() -> None:
    inner = part("message/rfc822", "Subject: a\n\nprivate")
    whole = parts("mixed", PLAIN, parts("digest", inner, "\nSubject: b\n\nprivate\n"))
    assert text_and_left_out(whole) == ("Saturday at ten suits me.", 2)


@pytest.mark.parametrize(
    "whole",
    [
        parts("related", parts("alternative", PLAIN, RICH), part("image/png; name=image001.png", PICTURE, LOGO)),
        parts("related", RICH, part("image/png", PICTURE, LOGO, "Content-Disposition: attachment; filename=a.png")),
        parts("alternative", PLAIN, parts("related", RICH, part("application/octet-stream; name=a.png", PICTURE, LOGO))),
        parts("mixed", PLAIN, part("image/png", PICTURE, LOGO, "Content-Disposition: inline; filename=logo.png")),
        parts("mixed", RICH, part("image/gif", b"GIF89a" + b"x" * 37)),
        parts("signed", PLAIN, part("application/pkcs7-signature; name=smime.p7s", b"0", "Content-Disposition: attachment")),
        parts("signed", PLAIN, part("application/pgp-signature; name=signature.asc", "-----BEGIN")),
        parts("mixed", PLAIN, part("application/octet-stream; name=smime.p7s", b"0")),
        parts("mixed", PLAIN, part("application/pgp-keys; name=OpenPGP_0x1.asc", "k", "Content-Disposition: attachment")),
        parts("mixed", PLAIN, part("text/x-vcard; name=bob.vcf", "BEGIN:VCARD", "Content-Disposition: attachment")),
        parts("alternative", PLAIN, RICH, part("text/calendar; method=REPLY", "BEGIN:VCALENDAR")),
        parts("alternative", PLAIN, part("text/x-amp-html", "<html amp4email>"), RICH),
    ],
)  # fmt: skip
def test_logos_and_signatures_are_no_attachments(whole: str) -> None:
    assert text_and_left_out(whole) == ("Saturday at ten suits me.", 0)


@pytest.mark.parametrize(
    "attached",
    [
        part("image/jpeg; name=IMG_1.jpg", PHOTO, "Content-Disposition: inline; filename=IMG_1.jpg"),
        part("image/jpeg", PHOTO, LOGO, "Content-Disposition: inline; filename=IMG_1.jpg"),
        part("image/png", b"\x89PNG", "Content-Disposition: attachment; filename=dot.png"),
        part("application/pdf; name=survey.pdf", b"%PDF", "Content-Disposition: inline; filename=survey.pdf"),
        part("text/plain; name=notes.txt", "My notes", "Content-Disposition: inline; filename=notes.txt"),
        part("text/html; name=page.html", "<p>Saved page", "Content-Disposition: attachment"),
        part("text/calendar; name=invite.ics", "BEGIN:VCALENDAR", "Content-Disposition: attachment"),
        part("application/x-unknown", "x"),
    ],
)  # fmt: skip
def test_what_somebody_attaches_is_counted(attached: str) -> None:
    assert text_and_left_out(parts("mixed", RICH, attached)) == ("Saturday at ten suits me.", 1)


def test_texts_above_and_below_a_picture_arrive() -> None:
    photo = part("image/jpeg", PHOTO, "Content-Disposition: inline; filename=deck.jpeg")
    above, below = part("text/plain", "The deck:"), part("text/plain", "And the deck again:")
    apple = parts("mixed", above, photo, below)
    assert text_and_left_out(apple) == ("The deck:\n\nAnd the deck again:", 1)
    rich = parts("mixed", part("text/html", "<body>The deck:</body>"), photo, part("text/html", "<body>Below it.</body>"))  # fmt: skip
    stub = part("text/plain", "")
    assert text_and_left_out(parts("alternative", stub, rich)) == ("The deck:\n\nBelow it.", 1)
    exchange = parts("mixed", above, photo, part("text/plain; name=ATT00001.txt", "Below it.", "Content-Disposition: attachment; filename=ATT00001.txt"))  # fmt: skip
    assert text_and_left_out(exchange) == ("The deck:\n\nBelow it.", 1)
    mixed = parts("mixed", above, part("text/html", "<p>More in HTML.</p>"))
    assert text_and_left_out(mixed) == ("The deck:\n\nMore in HTML.", 0)
    twice = parts("mixed", above, part("text/html", "<p>The deck:</p>"))
    assert text_and_left_out(twice) == ("The deck:", 0)


@pytest.mark.parametrize(
    "stub",
    [
        "",
        " \n\u00a0\n",
        "This message is in HTML format. Please use a mail client that displays it.",
        "Diese E-Mail ist im HTML-Format. Ihr Programm kann sie nicht anzeigen.",
        "Yes",
        "????? ????, ?????",
    ],
)
def test_html_is_read_beside_plain_text_that_says_less(stub: str) -> None:
    page = "<p>Yes, she is sound, and the mast was inspected in spring.</p>"
    whole = parts("alternative", part("text/plain", stub), part("text/html", page))
    for mail in (whole, parts("mixed", whole, ATTACHED_MAIL)):
        assert (
            text_and_left_out(mail)[0] == "Yes, she is sound, and the mast was inspected in spring."
        )


def test_plain_text_is_read_where_html_says_the_same_and_quotes_more() -> None:
    whole = parts(
        "alternative",
        part("text/plain", "Yes,  she is.\n* sound"),
        part("text/html", "<div>Yes, she is.<ul><li>sound</ul></div><blockquote>A long question about it"),
    )  # fmt: skip
    assert text_and_left_out(whole) == ("Yes,  she is.\n* sound", 0)


def test_a_signature_that_html_alone_marks_is_not_passed_on() -> None:
    page = "<div>Yes, she is.</div><div id=Signature><p>Bob Stay</p><p>+1 772 555 0100</p></div>"
    plain = part("text/plain", "Yes, she is.\n\nBob Stay\n+1 772 555 0100")
    whole = parts("alternative", plain, part("text/html", page))
    assert text_and_left_out(whole) == ("Yes, she is.", 0)


WORDS = "Größe 9,75 m – à bientôt"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b64encode(WORDS.encode()), "base64"),
        (b64encode(WORDS.encode()), "Base-64"),
        (WORDS.encode(), "base64"),
        (WORDS.encode(), "quoted-printable"),
        (WORDS.encode(), "x-nonsense"),
        (encodestring(WORDS.encode()), "quoted-printable"),
        (encodestring(WORDS.encode()), "7bit"),
        (encodestring(WORDS.encode()), None),
        (encodestring(WORDS.encode()), '"quoted-printable";'),
        (b64encode(WORDS.encode() * 3), "7bit"),
        (b64encode(b"Plain words ") + b"\n" + b64encode(WORDS.encode()), "base64"),
        (b64encode(WORDS.encode()) + b"\n\n____\nA list's footer, in plain text", "base64"),
    ],
)
def test_wrong_transfer_encodings_are_seen_through(body: bytes, encoding: str | None) -> None:
    fields = [f"Content-Transfer-Encoding: {encoding}"] if encoding else []
    assert WORDS in read(raw_mail(body, *fields)).text


def test_words_that_look_encoded_stay() -> None:
    for words in ("Length=45, beam=12", "A=B", "Yes", "OKAY", "100=5E", "https://x.example/?a=3d"):
        assert read(raw_mail(words, "Content-Transfer-Encoding: 7bit")).text == words
    assert read(raw_mail("Yes", "Content-Transfer-Encoding: base64")).text == "Yes"


def test_charsets_are_read_as_browsers_do_or_by_evidence() -> None:
    def in_charset(text: str, encoding: str, label: str | None, *fields: str) -> str:
        kind = "text/plain" + (f"; charset={label}" if label else "")
        return read(raw_mail(text.encode(encoding), *fields, kind=kind)).text

    assert in_charset("45.000 € – „fest“", "cp1252", "iso-8859-1") == "45.000 € – „fest“"
    assert in_charset("Liegt in Lübeck", "utf-8", None) == "Liegt in Lübeck"
    assert in_charset("Liegt in Lübeck", "utf-8", "windows-1251") == "Liegt in Lübeck"
    assert in_charset("Добрый день", "koi8-r", None) == "Добрый день"
    assert in_charset("Łódź", "cp1250", None, "Subject: =?windows-1250?Q?Re=3A?=") == "Łódź"
    assert in_charset("+AOk-", "ascii", "utf-7") == "+AOk-"
    page = '<meta charset="windows-1253"><p>Ναι</p>'.encode("cp1253")
    assert read(raw_mail(page, kind="text/html")).text == "Ναι"


def test_soft_line_breaks_are_joined() -> None:
    text = "She is a fine \nboat, and \n  indented\n\nBye\n-- \nBob\n> quoted \n> line\n"
    flowed = read(raw_mail(text, kind="text/plain; charset=utf-8; format=flowed")).text
    assert flowed.startswith("She is a fine boat, and  indented\n\nBye")
    bare = raw_mail(
        "三菱の \nエンジン\n", kind="text/plain; charset=utf-8; format=flowed; delsp=yes"
    )
    assert read(bare).text == "三菱のエンジン"
    stuffed = raw_mail(" From the bow \nto the stern\n", kind="text/plain; format=flowed")
    assert read(stuffed).text == "From the bow to the stern"


@pytest.mark.parametrize(
    ("raw", "sealed"),
    [
        (mail_of(parts("encrypted", part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "x"))), Sealed.ENCRYPTED),
        (mail_of(parts("mixed", part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "x"))), Sealed.ENCRYPTED),
        (raw_mail("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"), Sealed.ENCRYPTED),
        (mail_of(part("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"0")), Sealed.ENCRYPTED),
        (mail_of(part("application/x-pkcs7-mime; smime-type=signed-data", b"0")), Sealed.SIGNED),
        (mail_of(part("application/pkcs7-mime; name=smime.p7m", bytes.fromhex("308006092a864886f70d010702a0"))), Sealed.SIGNED),
        (mail_of(parts("mixed", part("application/pkcs7-mime; smime-type=enveloped-data", b"0"), part("text/plain", "Sent within the firm"))), Sealed.ENCRYPTED),
    ],
)  # fmt: skip
def test_encrypted_and_opaque_mails_are_told_apart(raw: bytes, sealed: Sealed) -> None:
    assert (read(raw).sealed, read(raw).text) == (sealed, "")


def test_what_pgp_adds_to_a_signed_text_is_left_out() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nYes, she is.\n- -- sound --\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQE\n-----END PGP SIGNATURE-----\n"
    )
    assert read(raw_mail(text)).text == "Yes, she is.\n-- sound --"


def test_html_under_another_name_and_plain_text_under_its_name_are_read() -> None:
    assert read(raw_mail("<html><body><p>One<p>two", kind="text/plain")).text == "One\n\ntwo"
    assert read(raw_mail("One\ntwo &amp; more\n", kind="text/html")).text == "One\ntwo & more"
    assert read(raw_mail("One", kind="html")).text == "One"
    assert (
        read(raw_mail("<bold>One</bold>\nand\n\ntwo", kind="text/enriched")).text == "One and\ntwo"
    )
    lost = "--B\nContent-Type: text/plain; charset=utf-8\n\nGrüße\n--B--\n"
    assert read(raw_mail(lost, kind="multipart/mixed; boundary=OTHER")).text == "Grüße"
    assert read(raw_mail("Only words", kind="multipart/mixed")).text == "Only words"


def test_what_mailers_write_for_pictures_and_links_is_left_out() -> None:
    for place in ("[cid:image001.png@01DC.5]", "[image: logo.png]", "<image001.png>", "\ufffc"):
        assert read(raw_mail(f"Yes, she is.\n\n{place}\n")).text == "Yes, she is."
    text = "See www.x.example<http://www.x.example/> and the yard<https://yard.example/a>."
    assert read(raw_mail(text)).text == "See www.x.example and the yard<https://yard.example/a>."
    written = "Write to ann@yard.example<mailto:ann@yard.example>!"
    assert read(raw_mail(written)).text == "Write to ann@yard.example!"


def test_words_below_a_photo_that_is_written_into_html_arrive() -> None:
    photo = b64encode(b"x" * 2_500_000).decode()
    page = f'<div>The deck:<img src="data:image/jpeg;base64,{photo}"></div><div>And below.</div>'
    parsed = read(raw_mail(page, kind="text/html"))
    assert (parsed.text, parsed.left_out) == ("The deck:\nAnd below.", 1)


def test_a_text_that_a_gateway_calls_an_attachment_is_read() -> None:
    whole = parts("mixed", part("text/plain", "Yes.", "Content-Disposition: attachment"))
    assert text_and_left_out(whole) == ("Yes.", 0)
    assert text_and_left_out(parts("mixed", part("text/plain; name=a.txt", "Yes."))) == ("Yes.", 0)


def test_what_html_quotes_and_signs_is_no_new_text() -> None:
    pages = {
        "Gmail": "<div dir=ltr>New text.</div><br><div class=gmail_quote><div class=gmail_attr>On Mon, Ben &lt;a@b.c&gt; wrote:<br></div><blockquote class=gmail_quote style='border-left:1px'>Old</blockquote></div>",
        "Outlook": "<div class=WordSection1><p class=MsoNormal>New text.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Von:</b> Ben (MarineMarket) &lt;market@boats.example&gt;<br><b>Gesendet:</b> Montag, 30. November 2026 10:14<br><b>An:</b> Bob<br><b>Betreff:</b> Re: boat</p></div><p class=MsoNormal>Old</p></div>",
        "Outlook in Welsh": "<p class=MsoNormal>New text.</p><div style='border:none;border-top:solid #B5C4DF 1.0pt'><p><b>Oddi wrth:</b> Ben<br><b>Anfonwyd:</b> Llun<br><b>At:</b> Bob<br><b>Pwnc:</b> boat</p></div><p>Old</p>",
        "Outlook on the web": "<div>New text.</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>Από:</b> Ben<br></div><div>Old</div>",
        "Thunderbird": "<body><div class=moz-cite-prefix>Am 30.11. schrieb Ben:<br></div><blockquote type=cite><p>Old</p></blockquote><p>New text.</p><div class=moz-signature>-- <br>Bob</div>",
        "Apple": "<body>New text.<br id=lineBreakAtBeginningOfMessage><div><br><blockquote type=cite><div>On 30 Nov, Ben wrote:</div><br><div>Old</div></blockquote></div></body>",
        "Yahoo": "<div>New text.</div><div id=yahoo_quoted_1 class=yahoo_quoted><div>On Monday Ben wrote:</div><div>Old</div></div>",
        "GMX": "<div>New text.<div name=quote style='border-left:2px solid'><div><b>Von:</b> Ben</div>Old</div></div>",
        "Proton": "<div>New text.</div><div class=protonmail_signature_block>Sent with Proton</div><div class=protonmail_quote>On Monday, Ben wrote:<blockquote type=cite>Old</blockquote></div>",
        "Zimbra": "<div>New text.</div><div data-marker=__SIG_PRE__>Bob</div><hr data-marker=__DIVIDER__><div data-marker=__HEADERS__><b>De: </b>Ben<br></div><div data-marker=__QUOTED_TEXT__>Old</div>",
        "mail.ru": "New text.<div data-signature-widget=container><div>С уважением</div></div><blockquote style='border-left:1px solid'>30 ноября 2026 от Ben:<div>Old</div></blockquote>",
        "a forward by Gmail": "<div>New text.</div><div class=gmail_quote>---------- Weitergeleitet ---------<br>Von: Yard<br><br>Old: 31,000</div>",
    }  # fmt: skip
    for mailer, page in pages.items():
        assert (
            read(raw_mail(page, kind="text/html")).text.removeprefix("› Old\n\n") == "New text."
        ), mailer
    indented = (
        "<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>New text.</blockquote>"
    )
    assert read(raw_mail(indented, kind="text/html")).text == "New text."


@pytest.mark.parametrize(
    "raw",
    [
        raw_mail("x", kind="multipart/mixed; boundary=x") + b"--x\n\n" * 200_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(2000)),
        raw_mail("x", "Content-Disposition: ;" + ";=" * 5000, kind="text/plain; " + "a=b;" * 5000),
        raw_mail("x", "Subject: " + "=?utf-8?q?x?=" * 5000, "From: " + "<" * 9000),
        raw_mail("-----BEGIN PGP SIGNED MESSAGE-----\n" * 50_000),
        raw_mail("begin 644 a\nM" * 100_000, "Content-Transfer-Encoding: x-uuencode"),
        raw_mail("=\n" * 1_000_000, "Content-Transfer-Encoding: 7bit"),
        raw_mail("a \n" * 500_000, kind="text/plain; format=flowed"),
        raw_mail("<div>" * 1_000_000, kind="text/html"),
    ],
    ids=["parts", "depth", "parameters", "fields", "pgp", "uu", "soft breaks", "flowed", "html"],
)  # fmt: skip
def test_a_hostile_email_is_read_without_harm(raw: bytes) -> None:
    assert read(raw).left_out <= 1000
