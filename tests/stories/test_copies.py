"""Copies of adverts that were decided against, and honest boats that look like them."""

from __future__ import annotations

import pytest
from PIL import ImageOps

from tests.media.picture_files import a_file, a_scene

from .market import StoryMarket
from .members import Member
from .moderators import Moderator
from .people import Boat

pytestmark = pytest.mark.anyio

TEXT = (
    "Built for a doctor who sailed her to the Azores twice and kept her in a heated shed. The rig is new, "
    "the engine has run two hundred hours, and every sail was cut last spring. A trailer, a dinghy and "
    "two anchors go with her. The family moves abroad, so she must find a good home this month."
)
HIN = "ABC12045D010"
VIEW = 31


async def offers(
    seller: Member, title: str, *, hin: str = "", view: bytes = b"", **words: str
) -> Boat:
    """Offer a boat with this hull and this view of her."""
    boat = await seller.drafts(title, boat={"hin": hin} if hin else {}, **words)
    if view:
        files = [("images", ("view.jpg", view))]
        await seller.call("POST", f"/listings/{boat.id}/images", files=files)
    await seller.puts_back(boat)
    return boat


async def names(mo: Moderator, boat: Boat) -> set[str]:
    """The rules that flag a boat that waits."""
    return {flag["rule"] for flag in (await mo.queue())[boat.id]["flags"]}


async def test_a_fraud_comes_back_in_a_mirror_under_another_spelling_and_by_a_file(
    market: StoryMarket,
) -> None:
    """Eve's fraud is hidden, and she deletes it. A friend shows the boat in a mirror, another spells her
    hull with letters for figures, a third prepared his draft before, a fourth sends a file. All wait.
    So does what Eve offers after she has erased her account and begun again.
    """
    mo = await market.moderator()
    eve, ben = await market.member("Eve"), await market.member("Ben")
    fay = await market.member("Fay")
    draft = await fay.drafts("Prepared in time", description=TEXT)
    await fay.adds_photos(draft, 1)
    fraud = await offers(
        eve, "Rassy 39", hin=HIN, view=a_file(a_scene(VIEW), quality=88), description=TEXT
    )
    await mo.hides(fraud, "This advert is a fraud.")
    await eve.deletes(fraud)

    cal, cid, cyd = [await market.member(name) for name in ("Cal", "Cid", "Cyd")]
    mirror = a_file(ImageOps.mirror(a_scene(VIEW, (500, 333))), quality=60)
    mirrored = await offers(cal, "Sloop", view=mirror, description="Come and look.")
    assert await names(mo, mirrored) == {"earlier-pictures"}
    spelled = await offers(cid, "Cutter", hin="A8C1Z045D010", description="Ready.")
    assert "earlier-hull" in await names(mo, spelled)
    await fay.puts_back(draft)
    assert "earlier-text" in await names(mo, draft)
    await cyd.sells_for_a_living()
    await cyd.imports(
        "reference,title,price,description,location.country,location.state,location.city,"
        "boatDetails.type,boatDetails.year,boatDetails.length,boatDetails.condition\n"
        f'7,From a file,2000000,"{TEXT}",US,FL,Stuart,sailboat,1975,25,Good'
    )
    await eve.leaves()
    await market.passes(hours=2)
    eva = await market.member("Eva", email="eva@mail.example")
    again = await offers(eva, "Rassy again", description=TEXT)
    assert "erased" in await mo.case_page(again)
    for copy in (mirrored, spelled, draft, again):
        assert not await ben.sees(copy)
    assert await ben.finds() == []


async def test_a_boat_in_winter_storage_is_not_taken_for_its_own_copy_in_spring(
    market: StoryMarket,
) -> None:
    """Ann takes her advert down for the winter. Eve posts her boat, photos and words, is turned down, and
    deletes the copy. In spring Ann puts her boat back: she is public at once, and hears of nothing.
    """
    mo = await market.moderator()
    ann, eve, ben = [await market.member(name) for name in ("Ann", "Eve", "Ben")]
    view = a_file(a_scene(VIEW), quality=88)
    boat = await offers(ann, "Rassy 39", hin=HIN, view=view, description=TEXT)
    assert await ben.sees(boat)
    await ann.withdraws(boat)
    await market.passes(days=30)
    copy = await offers(eve, "A bargain", hin=HIN, view=view, description=TEXT)
    assert {"same-hull", "same-pictures"} <= await names(mo, copy)
    await mo.rejects(copy, "This boat is not yours to sell.")
    await eve.deletes(copy)
    await market.passes(days=60)
    ann.mailbox.new()
    await ann.puts_back(boat)
    assert await ben.sees(boat)
    assert not [letter for letter in ann.mailbox.new() if "hidden" in letter.subject]
    await ann.reprices(boat, 85_000)
    assert await ben.sees(boat)


async def test_three_rivals_do_not_follow_a_seller_from_advert_to_advert(
    market: StoryMarket,
) -> None:
    """Three rivals have Ann's boat hidden. She deletes the advert and makes it anew, and Mo finds it in
    order. They report the new one, and then her next boat: both stay, and Mo reads what they say. Of
    three others, who have not been wrong, the reports hide it.
    """
    mo, ann, ben = await market.moderator(), await market.member("Ann"), await market.member("Ben")
    rivals = [market.visitor(name) for name in ("Ray", "Rob", "Rex")]
    boat = await offers(ann, "Rassy 39", description=TEXT, view=a_file(a_scene(VIEW)))
    for rival in rivals:
        await rival.reports(boat, "scam", "A swindle.")
    await ann.deletes(boat)
    again = await offers(ann, "Rassy 39", description=TEXT, view=a_file(a_scene(VIEW)))
    assert "earlier-text" in await names(mo, again)
    await mo.approves(again)
    other = await ann.lists(
        "A dinghy", description="Oars, a rudder and a cover go with the dinghy."
    )
    for offered in (again, other):
        for rival in rivals:
            await rival.reports(offered, "scam", "Another swindle.")
        assert await ben.sees(offered)
        assert "Another swindle." in await mo.case_page(offered)
    for name in ("Vic", "Val", "Van"):
        await market.visitor(name).reports(other, "stolen", "That is my dinghy.")
    assert not await ben.sees(other)
