"""HTML as text: what a reader of the page sees, with its paragraphs, lists and rows.

It is parsed as browsers do, so unclosed tags and worse are no obstacle. What the page hides is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .text_writer import TextWriter

LONGEST_PAGE = 2_000_000
"""In characters; what a page holds beyond it is not read."""
_MOST_TAGS = 10_000
"""A parser takes time by the square of how deep elements are nested."""

_UNSEEN = re.compile(
    "script|style|head|title|template|iframe|svg|math|audio|video|canvas|object|select|datalist|noembed"
    "|noframes|xml|map|area|[wv]:.*"
)
_PARAGRAPH = re.compile("p|h[1-6]|[uod]l|pre|blockquote|figure|table|listing|xmp|hr")
_BLOCK = re.compile(
    f"{_PARAGRAPH.pattern}|address|article|aside|body|caption|center|dd|details|dir|div|dt|fieldset|figcaption"
    "|footer|form|header|hgroup|legend|li|main|menu|nav|option|search|section|summary|tbody|tfoot|thead|tr"
)
_HIDDEN = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:!|;|$)"
    r"|max-height\s*:\s*0(?:px|pt|em)?\s*(?:!|;|$))",
    re.IGNORECASE,
)
_AS_TYPED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_CLOSE = re.compile(r"margin(?:-top)?\s*:\s*0", re.IGNORECASE)
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_BULLETS = frozenset("·•§oüØvq-–*▪■►")
_NEVER_CLOSED = re.compile(r"<(?=(?:title|style|script|textarea|xmp|!--)\b)", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:p|br|hr|div|span|b|i|u|em|strong|small|font|center|ul|ol|li|dl|dt|dd|table|tbody|thead|tr|td|th|h[1-6]|a"
    r"|img|blockquote|pre|sub|sup|style|script|html|body|head|meta)(?:\s[^<>]*)?/?>"
    r"|&(?:[a-z]{2,8}\d{0,2}|\#\d{2,6}|\#x[0-9a-f]{2,5});|<!--|<!\[CDATA\[",
    re.IGNORECASE,
)


class Role(Enum):
    """What an element's text is in a conversation."""

    OWN = "own"
    QUOTE = "quote"
    QUOTE_FROM_HERE = "quote from here"  # and everything below it, to the end of the page
    SIGNATURE = "signature"


RoleOf = Callable[[LexborNode], Role]


def is_markup(text: str) -> bool:
    """Does a text contain tags or entities of HTML? A lone `<` is none."""
    return _MARKUP.search(text) is not None


def text_of(page: str, *, role_of: RoleOf = lambda element: Role.OWN) -> str:
    """The text of a page or a piece of one; empty if there is none to be seen.

    There is an empty line between paragraphs. Items of lists begin with `- ` or their number, rows of
    tables are lines. What `role_of` says is quoted has `> ` before its lines, and signatures come
    last, below a line `-- `.
    """
    page = _bounded(page)
    text = _read(page, role_of)
    if not text.strip() and _NEVER_CLOSED.search(page):
        # A title or a comment without an end swallows all that follows it.
        text = _read(_NEVER_CLOSED.sub("<x-", page), role_of)
    return text


def _bounded(page: str) -> str:
    page = page[:LONGEST_PAGE].replace("\0", "")
    for number, tag in enumerate(re.finditer("<[A-Za-z]", page)):
        if number >= _MOST_TAGS:
            return page[: tag.start()]
    return page


def _read(page: str, role_of: RoleOf) -> str:
    parser = LexborHTMLParser(page)
    hidden = _hidden_names("".join(one.text() for one in parser.css("style")))
    if parser.body is None:
        return ""
    return _Page(role_of, hidden).text(parser.body)


def _hidden_names(styles: str) -> frozenset[str]:
    """The classes and ids that a page's styles hide from everybody, whatever the size of the screen."""
    styles = re.sub(r"/\*.*?(?:\*/|$)|<!--|-->", "", styles[:100_000], flags=re.DOTALL)
    found: set[str] = set()
    names, begin, depth = "", 0, 0  # rules within `@media` are one deeper than others
    for brace in re.finditer("[{}]", styles):
        inside = styles[begin : brace.start()]
        if brace[0] == "}" and depth == 1 and "@" not in names and _HIDDEN.search(inside):
            selectors = (one.strip() for one in names.split(","))
            found |= {one for one in selectors if re.fullmatch(r"[.#][\w-]+", one)}
        names, begin = inside, brace.end()
        depth = depth + 1 if brace[0] == "{" else max(0, depth - 1)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that has begun, and what of it is still to be read."""

    element: LexborNode
    tag: str
    role: Role
    is_block: bool
    is_paragraph: bool
    is_as_typed: bool
    children: Iterator[LexborNode]


class _Page:
    """Walks through a page without recursion: mails of strangers nest as deep as they like."""

    def __init__(self, role_of: RoleOf, hidden: frozenset[str]) -> None:
        self._role_of = role_of
        self._hidden = hidden
        self._out = TextWriter()
        self._open: list[_Open] = []
        self._lists: list[
            int | None
        ] = []  # the next number of each open list; None without numbers

    def text(self, body: LexborNode) -> str:
        self._enter(body)
        while self._open:
            child = next(self._open[-1].children, None)
            if child is None:
                self._leave(self._open.pop())
            elif child.is_text_node:
                self._out.add(child.text_content or "")
            elif child.is_element_node:
                self._enter(child)
        return self._out.text()

    def _enter(self, element: LexborNode) -> None:
        tag = element.tag or ""
        if _UNSEEN.fullmatch(tag) or self._is_hidden(element):
            return
        if tag == "br":
            self._out.end_line()
        elif tag == "img":
            self._out.add(_emoji(element))
        elif bullet := _bullet_of_word(element):
            self._out.add(bullet)
        else:
            self._begin(self._opened(element, tag))

    def _opened(self, element: LexborNode, tag: str) -> _Open:
        role = self._role_of(element)
        return _Open(
            element,
            tag,
            role,
            is_block=bool(_BLOCK.fullmatch(tag)) or role is not Role.OWN,
            is_paragraph=self._is_paragraph(element, tag),
            is_as_typed=_is_as_typed(element, tag),
            children=element.iter(include_text=True),
        )

    def _begin(self, one: _Open) -> None:
        self._open.append(one)
        if one.is_block:
            self._out.begin_block(is_paragraph=one.is_paragraph)
        if one.role is Role.QUOTE_FROM_HERE:
            self._out.quote_the_rest()
        elif one.role is Role.QUOTE:
            self._out.quote()
        elif one.role is Role.SIGNATURE:
            self._out.begin_signature()
        if one.tag in ("td", "th"):
            self._out.begin_cell()
        elif one.tag in _LISTS:
            self._lists.append(_number(one.element, "start", 1) if one.tag == "ol" else None)
        elif one.tag == "li":
            indent = 2 * max(0, len(self._lists) - 1)
            self._out.begin_item(self._mark(one.element), indent=indent)
        self._out.as_typed += one.is_as_typed

    def _leave(self, one: _Open) -> None:
        self._out.as_typed -= one.is_as_typed
        if one.tag in _LISTS:
            self._lists.pop()
        if one.is_block:
            self._out.end_block(is_paragraph=one.is_paragraph)
        if one.role is Role.QUOTE:
            self._out.unquote()
        elif one.role is Role.SIGNATURE:
            self._out.end_signature()

    def _mark(self, item: LexborNode) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        number = _number(item, "value", self._lists[-1])
        self._lists[-1] = number + 1
        return f"{number}. "

    def _is_paragraph(self, element: LexborNode, tag: str) -> bool:
        """Is there space above and below? Not where mailers write each line as a paragraph."""
        if not _PARAGRAPH.fullmatch(tag) or self._lists:
            return False
        name, style = _attribute(element, "class"), _attribute(element, "style")
        return tag != "p" or not (name.startswith("Mso") or _CLOSE.search(style))

    def _is_hidden(self, element: LexborNode) -> bool:
        attributes = element.attributes
        if "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
            return True
        if not self._hidden:
            return False
        names = {f".{one}" for one in (attributes.get("class") or "").split()}
        names.add(f"#{attributes.get('id') or ''}")
        return not self._hidden.isdisjoint(names)


def _attribute(element: LexborNode, name: str) -> str:
    return element.attributes.get(name) or ""


def _number(element: LexborNode, name: str, otherwise: int) -> int:
    written = _attribute(element, name).strip()
    return int(written) if re.fullmatch(r"-?[0-9]{1,6}", written) else otherwise


def _is_as_typed(element: LexborNode, tag: str) -> bool:
    return tag in ("pre", "xmp", "listing", "plaintext", "textarea") or bool(
        _AS_TYPED.search(_attribute(element, "style"))
    )


def _bullet_of_word(element: LexborNode) -> str:
    """The bullet or number of an item of a list as Word writes it: a letter of a typeface of signs."""
    if element.tag != "span" or "mso-list:ignore" not in _attribute(element, "style").lower():
        return ""
    written = (element.text() or "").replace("\xa0", " ").strip()
    return "- " if written in _BULLETS else f"{written} "


def _emoji(picture: LexborNode) -> str:
    """What a picture stands for, where that is a sign and no description."""
    alt = _attribute(picture, "alt").strip()
    return alt if len(alt) <= 12 and not any(one.isalnum() or one < "\x80" for one in alt) else ""
