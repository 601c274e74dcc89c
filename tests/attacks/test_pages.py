"""Cases 21, 22, 27 and 40: hostile text and requests on pages."""

from __future__ import annotations

import json

import pytest

from marinemarket.composition import Market
from marinemarket.web.pages.boat.structured_data import structured_data
from tests.builders import a_listing
from tests.web.conftest import Client, data_of, offer, without_our_script

pytestmark = pytest.mark.anyio

SCRIPT = "<script>alert(1)</script>"


async def test_case_21_a_script_in_an_advert_is_shown_as_text(
    market: Market, client: Client
) -> None:
    boat = a_listing(
        title=f'Boat {SCRIPT} " onmouseover="x',
        description=f"Kept {SCRIPT} well\n\n<img src=x onerror=alert(1)>",
        features=[f"Deck {SCRIPT}"],
        boat={"model": SCRIPT, "manufacturer": "&lt;script&gt;alert(2)"},
    )
    await offer(market, boat)
    for address in (f"/boats/{boat.id}/{boat.slug}", "/boats", "/", f"/boats?q={SCRIPT}"):
        page = without_our_script((await client.get(address)).text)
        assert "alert(1)" in page or address == "/", address
        for live in ("<script", "<img src=x", '" onmouseover="'):
            assert live not in page, (address, live)


async def test_case_21_even_a_script_that_got_in_would_not_run(client: Client) -> None:
    """The nonce is new with each answer, and nothing else opens the policy."""
    nonces = set()
    for _ in range(3):
        policy = (await client.get("/")).headers["content-security-policy"]
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert scripts.startswith("script-src 'nonce-")
        assert "unsafe" not in policy
        nonces.add(scripts)
    assert len(nonces) == 3


@pytest.mark.parametrize(
    "name",
    [
        "../app.py", "..%2f..%2fapp.py", "%2e%2e/%2e%2e/settings.py", "..\\app.py", "..%5capp.py",
        "%00", "site.css%00.html", "%2fetc%2fpasswd", "/etc/passwd", "C:%5cboot.ini", "a" * 5000,
        "%ff%fe", "CON", ".", "file:///etc/passwd", "%252e%252e%252fapp.py",
    ],
)  # fmt: skip
async def test_case_27_an_odd_file_name_leads_nowhere(client: Client, name: str) -> None:
    for folder in ("/static/", "/pictures/trawler/", "/pictures/"):
        answer = await client.get(folder + name)
        assert answer.status_code in (400, 404), folder
        assert "root:" not in answer.text
        assert "import annotations" not in answer.text


HOSTILE = ["(a+)+$", "%", "_", "'", '"', "[[[", "((((", "a" * 500, "\\", "*:*", "title:/(a+)+/",
           "' OR 1=1 --", "{{7*7}}", "${jndi:x}", "AND OR NOT", "~9999", "^999", "-" * 500, "\u202e"]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
async def test_case_40_signs_in_a_query_are_words(
    market: Market, client: Client, words: str
) -> None:
    await offer(market, a_listing())
    for answer in (
        await client.get("/boats", params={"q": words}),
        await client.get("/api/v1/listings", params={"q": words}),
        await client.post("/api/v1/search", json={"query": words}),
    ):
        assert answer.status_code == 200
        assert "{{7*7}}" in answer.text or "49</" not in answer.text


async def test_case_40_a_page_beyond_all_pages_is_no_error(market: Market, client: Client) -> None:
    await offer(market, a_listing())
    for query in ("after=1000000000", "limit=1000000000", "page=1000000000", "after=" + "A" * 2000):
        page = await client.get(f"/boats?{query}")
        assert page.status_code == 200, query
        assert a_listing().title in page.text
    for query in ("after=1000000000", "limit=1000000000", "page=1000000000"):
        assert (await client.get(f"/api/v1/listings?{query}")).status_code == 422


async def test_case_22_what_a_seller_writes_cannot_end_the_data_that_programs_read(
    market: Market, client: Client
) -> None:
    hostile = "</script><script>alert(1)</script><!-- \u2028"
    boat = a_listing(
        title=f"Boat {hostile}",
        description=hostile,
        boat={"model": "]]></ScRiPt >", "manufacturer": "<!--"},
    )
    await offer(market, boat)
    page = (await client.get(f"/boats/{boat.id}/{boat.slug}")).text
    thing, *_ = data_of(page)
    assert thing["name"] == boat.title
    assert thing["description"] == boat.description
    assert page.lower().count("</script") == page.count("<script")
    assert "<script" not in without_our_script(page)


def test_case_22_no_sign_of_markup_is_left_in_the_data_even_of_what_was_never_cleaned() -> None:
    hostile = "</script><script>alert(1)</script><!-- & \u2028"
    # As if a listing had come past its own rules, which drop these signs already.
    boat = a_listing().model_copy(update={"title": hostile, "description": hostile})
    written = str(structured_data(boat, None, [], "https://boats.example"))
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written)["@graph"][0]["name"] == hostile
