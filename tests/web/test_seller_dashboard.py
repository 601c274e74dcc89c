"""The seller dashboard: activity, filters, bulk actions, file import; and attacks on it."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import openpyxl
import pytest

from marinemarket.accounts.records import add_user
from marinemarket.accounts.user import SellerKind, User
from marinemarket.composition import Market
from marinemarket.listings.lifecycle.editing import edit_listing
from marinemarket.listings.listing import Status
from marinemarket.listings.records import add_listing
from marinemarket.watchlist.tracking import watch
from marinemarket.web.security.cookies import session_name
from tests.builders import NOW, OWNER, ManualClock, a_listing, a_user, secret_of
from tests.conftest import TESTS
from tests.listings.importing.test_uploads import HEADER, row
from tests.listings.sellers import SELLER, another_seller, stands

from .conftest import Client
from .visitors import signed_in

pytestmark = pytest.mark.anyio

DAY = 24 * 60 * 60 * 1000
DESK = "/account/boats"


async def _boat(market: Market, name: str, **overrides: Any) -> str:
    boat = a_listing(name=name, title=f"Boat {name}", boat={"condition": "Good"}, **overrides)
    await add_listing(market.trail, TESTS, boat)
    return boat.id


async def _shown(client: Client, headers: dict[str, str], address: str = DESK) -> str:
    answer = await client.get(address, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.text


async def test_figures_expiry_and_reasons_stand_beside_each_boat(
    market: Market, client: Client, clock: ManualClock
) -> None:
    later = NOW + 31 * DAY
    me = await signed_in(market)
    boat = await _boat(market, "one")
    await _boat(market, "two", moderation={"state": "rejected", "reason": "No photos"})
    watcher = await another_seller(market)
    await watch(market.trail, market.listings, watcher.user_id, boat)
    views = client.app.state.views
    for n in range(3):
        views.look(boat, [f"device {n}"], "192.0.2.1")
    await views.write()
    page = await _shown(client, me)
    hers = page[page.index("Boat one") :]
    assert re.findall(r"<dd>(\d+)</dd>", hers)[:3] == ["3", "1", "0"]
    assert "Views by day: 3 in 30 days, at most 3 on one day, 3 today" in page
    assert "Confirmed on 1 January 2026. We will ask again on 31 January 2026." in page
    assert "Reason: No photos" in page
    clock.now = later
    await market.availability_check().run_once()
    me = await signed_in(market, a_user(name="later", id=OWNER), at=later)
    page = await _shown(client, me)
    assert "We asked on 1 February 2026. The advert will be hidden on" in page
    found = await client.get("/api/v1/me/listings", headers=me)
    [one] = [it for it in found.json()["results"] if it["id"] == boat]
    assert one["views"] == 3
    assert one["latest"] == {"days": 30, "views": 0, "saves": 0, "inquiries": 0}


async def test_filters_and_pages_reach_every_boat_once(market: Market, client: Client) -> None:
    me = await signed_in(market)
    for n in range(30):
        await _boat(market, f"up {n:02}", createdAt=NOW - n, updatedAt=NOW)
        await _boat(market, f"gone {n:02}", createdAt=NOW - n, updatedAt=NOW, status="sold")
    for show, many in (("active", 30), ("sold", 30), ("waiting", 0), ("", 60)):
        seen, address = [], f"{DESK}?show={show}"
        while address:
            page = await _shown(client, me, address)
            seen += re.findall(r'name="boat" value="([^"]+)"', page)
            more = re.search(r'<a href="(/account/boats\?[^"]*after=[^"]+)"', page)
            address = more[1].replace("&amp;", "&") if more else ""
        assert len(seen) == len(set(seen)) == many, show
    assert "You have no drafts" in await _shown(client, me, f"{DESK}?show=drafts")


async def test_many_boats_at_once_without_scripts(market: Market, client: Client) -> None:
    me = await signed_in(market)
    one, two = await _boat(market, "one"), await _boat(market, "two")
    [token] = re.findall(r'name="job" value="([^"]+)"', await _shown(client, me))
    ticked = {"boat": [one, two, "nothing"]}
    pressed = ticked | {"do": "withdraw", "job": token}
    pages = set()
    for _again in range(2):
        answer = await client.post(f"{DESK}/many", data=pressed, headers=me, follow_redirects=False)
        assert answer.status_code == 303
        pages.add(answer.headers["location"])
        assert "2 updated, 1 not updated" in await _shown(client, me, answer.headers["location"])
    assert len(pages) == 1
    assert (await stands(market, one)).status is Status.INACTIVE
    page = (await client.post(f"{DESK}/many", data=ticked | {"do": "price"}, headers=me)).text
    assert "Change by" in page
    for by in ("-5%", "−5"):
        page = (await client.post(
            f"{DESK}/prices", data=ticked | {"by": by, "how": "percent"}, headers=me
        )).text  # fmt: skip
        assert "<td>$120,000</td><td>$114,000</td>" in page
    assert (await stands(market, one)).price == 12_000_000
    [prepared] = re.findall(r'name="job" value="([^"]+)"', page)
    agreed = {"job": prepared, "agree": "yes"}
    answer = await client.post(f"{DESK}/prices", data=agreed, headers=me, follow_redirects=False)
    job = answer.headers["location"]
    assert "2 updated" in await _shown(client, me, job)
    assert (await stands(market, one)).price == 11_400_000
    # One is set back by hand, and then the page is loaded again, and the form sent again.
    await edit_listing(market.trail, SELLER, one, {"price": 12_000_000}, None)
    for _again in range(2):
        answer = await client.post(f"{DESK}/prices", data=agreed, headers=me)
        assert "2 updated" in answer.text
        assert (await stands(market, one)).price == 12_000_000
    for _again in range(2):
        answer = await client.post(f"{job}/reversal", headers=me)
        assert "1 updated, 1 not updated" in answer.text
    assert (await stands(market, two)).price == 12_000_000
    assert "This was taken back" in await _shown(client, me, job)
    assert (await _shown(client, me, "/account/jobs")).count("Change the prices of 2 boats") == 1
    # A preview of an earlier version names prices.
    named = {"price": [f"{two}:12000000:11000000", "nothing:1:2"], "agree": "yes"}
    for _again in range(2):
        answer = await client.post(f"{DESK}/prices", data=named, headers=me)
        assert "1 updated, 1 not updated" in answer.text
        await edit_listing(market.trail, SELLER, two, {"price": 12_000_000}, None)
    wrong = await client.post(f"{DESK}/prices", data=ticked | {"by": "a bit"}, headers=me)
    assert (wrong.status_code, "write a number" in wrong.text) == (422, True)
    for sent in ({"do": "sold"}, ticked | {"do": "burn"}, {"boat": [one] * 101, "do": "sold"}):
        answer = await client.post(f"{DESK}/many", data=sent, headers=me)
        assert (answer.status_code, "Nothing was changed" in answer.text) == (422, True)


async def test_all_boats_of_a_list_are_one_job_whose_progress_its_owner_sees_and_stops(
    market: Market, client: Client
) -> None:
    me = await signed_in(market)
    for n in range(40):
        await _boat(market, f"up {n:02}", createdAt=NOW - n)
    await _boat(market, "gone", status="sold")
    assert 'name="every" value="active"' in await _shown(client, me, f"{DESK}?show=active")
    chosen = {"every": "active"}
    page = await client.post(f"{DESK}/prices", data=chosen | {"by": "-10"}, headers=me)
    assert "40 prices would change" in page.text
    sent = chosen | {"do": "withdraw", "boat": "ignored"}
    page = await client.post(f"{DESK}/many", data=sent, headers=me)
    assert (page.text.count("Boat up"), "Boat gone" in page.text) == (40, False)
    [start] = re.findall(r'action="(/account/jobs/[^"]+/start)"', page.text)
    answer = await client.post(start, headers=me)
    assert "25 of 40 boats done" in answer.text
    assert '<progress class="job-progress" id="progress" value="25" max="40">' in answer.text
    assert "is not running at the moment" in answer.text
    api = start.replace("/account", "/api/v1/me").removesuffix("/start")
    [job] = (await client.get("/api/v1/me/jobs", headers=me)).json()["results"]
    assert (job["state"], job["done"], job["total"]) == ("running", 25, 40)
    assert "A change of several boats is being made" in await _shown(client, me)
    stopped = await client.post(f"{api}/cancellation", headers=me)
    assert stopped.json()["state"] == "cancelled"
    page = await client.get(start.removesuffix("/start"), headers=me)
    assert "25 updated, 15 not reached" in page.text
    assert "You stopped this" in page.text
    back = (await client.post(f"{api}/reversal", headers=me)).json()
    assert (back["kind"], back["total"], back["undoes"]) == ("take-back", 25, job["id"])
    while await market.jobs().run_once():
        pass
    done = (await client.get(f"/api/v1/me/jobs/{back['id']}", headers=me)).json()
    assert (done["state"], done["refused"], done["refusals"]) == ("done", 0, [])
    assert len(re.findall("Boat up", await _shown(client, me, f"{DESK}?show=active"))) >= 25
    eve = a_user(name="eve", email_verified=True)
    await add_user(market.trail, TESTS, eve)
    hers = await signed_in(market, eve)
    for address in (api, start.removesuffix("/start")):
        assert (await client.get(address, headers=hers)).status_code == 404
    for doing in ("start", "cancellation", "reversal"):
        answer = await client.post(start.removesuffix("start") + doing, headers=hers)
        assert answer.status_code == 404


async def test_18_nobody_does_anything_to_boats_of_others(market: Market, client: Client) -> None:
    boat = await _boat(market, "one")
    before = await stands(market, boat)
    eve = a_user(name="eve", email_verified=True)
    await add_user(market.trail, TESTS, eve)
    me = await signed_in(market, eve)
    for doing in ("withdraw", "sold", "still", "put-back"):
        answer = await client.post(f"{DESK}/many", data={"boat": boat, "do": doing}, headers=me)
        assert "0 updated, 1 not updated" in answer.text
        assert "Boat one" not in answer.text
    shown = await client.post(f"{DESK}/prices", data={"boat": boat, "by": "-5"}, headers=me)
    assert "Boat one" not in shown.text
    assert "/account/jobs/" not in shown.text
    named = {"price": f"{boat}:{before.price}:100000", "agree": "yes"}
    answer = await client.post(f"{DESK}/prices", data=named, headers=me)
    assert "0 updated, 1 not updated" in answer.text
    assert await stands(market, boat) == before


async def _broker(market: Market, name: str = "bea") -> tuple[User, dict[str, str]]:
    kind = {"seller_kind": SellerKind.BROKER, "trade_name": "Bea's Boats"}
    broker = a_user(name=name, email_verified=True, **kind)
    await add_user(market.trail, TESTS, broker)
    return broker, await signed_in(market, broker)


async def _send(
    client: Client, headers: dict[str, str], content: str | bytes, **fields: str
) -> Any:
    return await client.post(
        f"{DESK}/import", files={"file": ("=cmd|x.csv", content, "text/csv")},
        data={"format": "csv"} | fields, headers=headers, follow_redirects=False,
    )  # fmt: skip


async def test_a_broker_sends_a_file_and_takes_the_refused_rows_back(
    market: Market, client: Client
) -> None:
    _, me = await _broker(market)
    assert "CSV in UTF-8" in await _shown(client, me, f"{DESK}/import")
    answer = await _send(client, me, "\n".join([HEADER, row("A1"), row("A2", price="free")]))
    assert answer.status_code == 303
    report = answer.headers["location"]
    page = await _shown(client, me, report)
    assert "1 of 2 rows were imported" in page
    rejects = await client.get(f"{report}/rejects", headers=me)
    assert rejects.headers["content-disposition"].startswith("attachment")
    assert "A2" in rejects.text
    assert "1998 Catalina 34" in await _shown(client, me, f"{DESK}?show=waiting")
    other = await signed_in(market)  # case 18
    for address in (report, f"{report}/rejects"):
        assert (await client.get(address, headers=other)).status_code == 404
    assert "For brokers and dealers" in await _shown(client, other, f"{DESK}/import")
    assert (await _send(client, other, HEADER)).status_code == 403


async def test_what_is_no_file_is_told_in_words(market: Market, client: Client) -> None:
    _, me = await _broker(market)
    none = await client.post(f"{DESK}/import", data={"format": "csv"}, headers=me)
    assert (none.status_code, "Choose a file" in none.text) == (422, True)
    assert (await _send(client, me, b"x" * 5_000_001)).status_code == 413
    assert (await _send(client, me, b"x" * 6_000_000)).status_code == 413
    answer = await _send(client, me, b"PK\x03\x04" + b"\0" * 100)
    assert "save it as CSV" in await _shown(client, me, answer.headers["location"])


async def test_a_broker_is_told_how_a_file_was_read_and_can_name_its_encoding(
    market: Market, client: Client
) -> None:
    _, me = await _broker(market)
    content = "\n".join([HEADER, row("A1", title="Brodica Poreč")]).encode("cp1250")
    answer = await _send(client, me, content)
    assert "Windows-1250: “Poreč”" in await _shown(client, me, answer.headers["location"])
    answer = await _send(client, me, content, encoding="cp1250")
    page = await _shown(client, me, answer.headers["location"])
    assert "Read as Windows-1250, separated by commas." in page
    assert "Brodica Poreč" in await _shown(client, me, f"{DESK}?show=waiting")
    answer = await _send(client, me, content, encoding="klingon")
    assert (answer.status_code, "Choose an encoding" in answer.text) == (422, True)
    book = openpyxl.Workbook()
    for line in csv.reader([HEADER, row("A2", title="Sloop of a spreadsheet")]):
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    answer = await _send(client, me, file.getvalue())
    page = await _shown(client, me, answer.headers["location"])
    assert "1 of 1 rows were imported" in page
    assert "Read as a spreadsheet: Sheet." in page


async def test_19_no_other_site_presses_these_buttons(market: Market, client: Client) -> None:
    boat = await _boat(market, "one")
    await signed_in(market)
    client.cookies.set(session_name(market.settings), secret_of("Owner"))
    assert "Boat one" in (await client.get(DESK)).text
    for address, sent in (
        (f"{DESK}/many", {"boat": boat, "do": "sold"}),
        (f"{DESK}/prices", {"price": f"{boat}:12000000:100", "agree": "yes"}),
        *((f"/account/jobs/{boat}/{doing}", {}) for doing in ("start", "cancellation", "reversal")),
        (f"{DESK}/import", {"format": "csv"}),
    ):
        for token in ({}, {"csrf_token": "f" * 64}):
            answer = await client.post(address, data=sent | token)
            assert answer.status_code == 403
    assert (await stands(market, boat)).status is Status.ACTIVE
