"""The text of an email in HTML, with what its mailer marks as quoted or as a signature.

Each mailer has its own marks. They become the signs of plain text, which `reply_text` reads.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from ..markup import Role, text_of

_QUOTES = (
    ".gmail_attr .yahoo_quoted .protonmail_quote .tutanota_quote .zmail_extra .moz-cite-prefix"
    " .moz-forward-container .moz-email-headers-table .ms-outlook-mobile-reference-message .nylas-quote"
    " #mail-editor-reference-message-container #isforwardcontent #isreplycontent .ntes_quote"
    " .front-blockquote .airmail_on .wisestamp_quote .js-helpscout-quoted #oldcontent"
    " [name=quote] [name=messagereplysection] [data-marker=__headers__] [data-marker=__quoted_text__]"
)
"""Selectors of elements that hold the email that is answered, or say who wrote it."""
_QUOTES_FROM_HERE = (
    "#divrplyfwdmsg #appendonsend #stopspelling .outlookmessageheader #replywithheader"
)
_SIGNATURES = (
    ".gmail_signature .moz-signature #signature #applemailsignature .protonmail_signature_block"
    " .tutanota_signature #ymail_android_signature #ymail_ios_signature #yahoo_signature .yahoo-signature"
    " #ms-outlook-mobile-signature .ms-outlook-mobile-signature #mobileoutlooksignature"
    " #composer_signature [name=messagesignaturesection] [data-smartmail=gmail_signature]"
    " [data-marker=__sig_pre__] [data-signature-widget=container]"
)
_NAMING = ("name", "data-marker", "data-smartmail", "data-signature-widget")
"""The attributes in which mailers name parts of a page."""
_ROLES = {
    name: role
    for names, role in (
        (_SIGNATURES, Role.SIGNATURE),
        (_QUOTES, Role.QUOTE),
        (_QUOTES_FROM_HERE, Role.QUOTE_FROM_HERE),
    )
    for name in names.split()
}
_OUTLOOKS_LINE = re.compile(r"border(?:-top)?\s*:\s*(?:none;\s*border-top\s*:\s*)?solid\s", re.I)


def text_of_html(page: str) -> str:
    """The text of an email in HTML: `> ` before quoted lines, and signatures last, below `-- `."""
    return text_of(page, role_of=_role)


def _role(element: LexborNode) -> Role:
    names = _names(element)
    for name in names:
        if name in _ROLES:
            return _ROLES[name]
    if _is_outlooks_header(element):
        return Role.QUOTE_FROM_HERE
    return Role.QUOTE if _is_quote(element, names) else Role.OWN


def _names(element: LexborNode) -> list[str]:
    """Classes as `.class`, the id as `#id`, names as `[name=…]`, without Outlook's prefix for others' pages."""
    attributes = element.attributes
    names = [f".{one}" for one in (attributes.get("class") or "").lower().split()]
    names.append(f"#{(attributes.get('id') or '').lower().removeprefix('x_')}")
    return names + [
        f"[{one}={(attributes.get(one) or '').lower()}]" for one in _NAMING if one in attributes
    ]


def _is_quote(element: LexborNode, names: list[str]) -> bool:
    if element.tag == "div":
        # Gmail encloses what it forwards, and the answer with what is answered, in the same element.
        return ".gmail_quote" in names and element.css_first("blockquote") is None
    if element.tag != "blockquote":
        return False
    style = (element.attributes.get("style") or "").lower()
    is_indented = style and "border-left" not in style and not any("quote" in one for one in names)
    return not is_indented or "cite" in element.attributes or _type(element) == "cite"


def _type(element: LexborNode) -> str:
    return (element.attributes.get("type") or "").lower()


def _is_outlooks_header(element: LexborNode) -> bool:
    """The line of Outlook for Windows, and below it who sent what is answered, when, and to whom."""
    style = element.attributes.get("style") or ""
    if element.tag != "div" or "border-top" not in style or not _OUTLOOKS_LINE.search(style):
        return False
    labels = [one for one in element.css("b") if (one.text() or "").strip().endswith((":", "："))]
    return len(labels) >= 3
