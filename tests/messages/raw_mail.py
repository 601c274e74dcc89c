"""Emails as mailers send them, byte for byte."""

from __future__ import annotations

from base64 import b64encode


def raw_mail(body: str | bytes, *fields: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    """An email from Bob with a body of a type, and further header fields, such as `Subject: Re: boat`."""
    head = ["From: Bob <bob@example.com>", "Message-ID: <1@x>", *fields, f"Content-Type: {kind}"]
    data = body.encode() if isinstance(body, str) else body
    return "\n".join(head).encode("utf-8", "surrogateescape") + b"\n\n" + data


def part(kind: str, body: str | bytes, *fields: str) -> str:
    """A part of a multipart; bytes are in Base64."""
    lines = [f"Content-Type: {kind}", *fields]
    if isinstance(body, bytes):
        lines.append("Content-Transfer-Encoding: base64")
        body = b64encode(body).decode()
    return "\n".join(lines) + f"\n\n{body}\n"


def parts(kind: str, *children: str, more: str = "") -> str:
    """A multipart, as a part: `parts("mixed", part(...), part(...))`."""
    mark = f"={kind}{len(children)}{sum(map(len, children))}="
    inside = "".join(f"--{mark}\n{child}\n" for child in children)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"{more}\n\n{inside}--{mark}--\n'


def mail_of(whole: str, *fields: str) -> bytes:
    """An email whose content is a part or a multipart."""
    head = ["From: Bob <bob@example.com>", "Message-ID: <1@x>", "MIME-Version: 1.0", *fields]
    return ("\n".join(head) + "\n" + whole).encode()
