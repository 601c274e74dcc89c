"""HTML is read as a browser shows it."""

from __future__ import annotations

import pytest

from marinemarket.markup import is_markup, text_of


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<html><head><meta charset=utf-8><body><p>The mast.</p></body></html>", "The mast."),
        ("<p>One<p>two<br>three", "One\n\ntwo\nthree"),
        ("<div>One</div><div><br></div><div>two</div>", "One\n\ntwo"),
        ("<p class=MsoNormal>One<p class=MsoNormal>&nbsp;<p class=MsoNormal>two", "One\n\ntwo"),
        ("Yes,&nbsp;&quot;fine&quot; &#8211; 45&euro;", 'Yes, "fine" – 45€'),
        (
            "<table><tr><td>Engine</td> <td>Yanmar</td></tr><tr><td>Sails<td>new</table>",
            "Engine  Yanmar\nSails  new",
        ),
        ("<ul><li>one<ul><li>two</ul><li><p>three</ul>", "- one\n  - two\n- three"),
        ("<ol start=3><li>a<li>b</ol>end", "3. a\n4. b\n\nend"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p style='white-space:pre-wrap'>a\nb</p>", "a\nb"),
        ("a <b>bold</b> <i>word</i>\n  and\n more", "a bold word and more"),
        ("<style>p{}</style><script>x()</script><!-- note --><p>Seen", "Seen"),
        ("<div style='display: none'>no</div><span hidden>no</span>Seen", "Seen"),
        ("<style>.pre, .x {display:none!important}</style><div class=pre>no</div>Seen", "Seen"),
        ("<style>@media (max-width:9px){.pre{display:none}}</style><p class=pre>Seen", "Seen"),
        ("<!--[if mso]><p>no</p><![endif]--><![if !mso]><p>Seen</p><![endif]>", "Seen"),
        ("<xml><o:x>96</o:x></xml><p>Seen<o:p></o:p></p>", "Seen"),
        ("Yes <img src=x alt='😀'><img src=y alt='Logo'>", "Yes 😀"),
        (
            "<p class=MsoListParagraph><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>one",
            "- one",
        ),
        ("<title>The mast.", "The mast."),
        ("draws &lt;2 m<br>&gt; 9 m", "draws <2 m\n› 9 m"),
        ("", ""),
    ],
)
def test_a_page_is_read_as_it_is_seen(page: str, text: str) -> None:
    assert text_of(page) == text


HOSTILE = {
    "depth": "<div>" * 400_000,
    "inline depth": "<b></p>" * 300_000,
    "tables": "<table><td>" * 200_000,
    "comments": "<!--" * 500_000,
    "attributes": "<a href='" * 200_000,
    "style": "<p style='" + "x:" * 900_000,
    "rules": "<style>" + "a{" * 50_000,
    "entities": "&" * 2_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_written_to_hold_a_reader_up_does_not(kind: str) -> None:
    assert text_of("<p>Seen</p>" + HOSTILE[kind]).startswith("Seen")


def test_markup_is_told_from_signs_of_comparison() -> None:
    for page in ("a<br>b", "<P>x", "Bob &amp; Ann", "<div class='x'>", "</span>", "5 &#8364;"):
        assert is_markup(page)
    for text in ("draws <2 m", "a < b > c", "<3", "AT&T; fine", "R&D", "<bob@example.com>", "x<y"):
        assert not is_markup(text)
