"""People and their accounts: lost phones, other addresses, thieves, and staff who leave."""

from __future__ import annotations

import pytest

from tests.accounts.soft_passkey import SoftPasskey

from .market import SITE, StoryMarket
from .members import Member
from .people import declined

pytestmark = pytest.mark.anyio

NEW = "cobalt lantern drift seven"


async def test_a_phone_is_lost_with_the_second_factor_on_it(market: StoryMarket) -> None:
    """Ann's phone falls overboard. At her desk she gets in by a recovery code, ends the session on the
    phone, and sets up the new one. Neither the used code nor the old phone is of any use then.
    """
    phone = await market.member("Ann")
    await phone.turns_on_second_factor()
    old, codes = phone.account.authenticator, [*phone.account.recovery_codes]
    await market.passes(days=1)
    desk = phone.elsewhere("Ann's desk")
    with declined(401):
        await desk.signs_in(code="123456")
    await desk.signs_in(code=codes[0])
    desk.mailbox.new()
    await desk.call("DELETE", "/me/second-factor", json={"password": desk.account.password})
    assert [letter.subject for letter in desk.mailbox.new()]
    phone.signs_in_when_asked = False
    assert not await phone.is_signed_in()

    await desk.signs_in()
    await desk.turns_on_second_factor()
    assert desk.account.authenticator != old
    await market.passes(minutes=10)
    for useless in (codes[0], codes[1]):
        with declined(401):
            await desk.elsewhere("a finder").signs_in(code=useless)
    await desk.elsewhere("Ann's new phone").signs_in()


async def test_an_address_changes_in_the_middle_of_a_conversation(market: StoryMarket) -> None:
    """Ann and Ben write in their mail programs. Ben moves to another address, then Ann does. Letters
    follow them; answers to old letters arrive from the new addresses, and from the old ones no more.
    """
    ann, ben = await market.member("Ann"), await market.member("Ben")
    boat = await ann.lists()
    await ben.asks(boat, "Is she dry below?")
    question = ann.mailbox.latest
    await ann.answers_by_email(question, "Bone dry.")
    answer = ben.mailbox.latest
    assert answer.mentions("Bone dry.")

    was = ben.email
    await ben.moves_to("ben@sea.example")
    assert await ben.answers_by_email(answer, "May I come on Sunday?") == "PASSED_ON"
    assert ann.mailbox.latest.mentions("May I come on Sunday?")
    assert await ben.answers_by_email(answer, "Or on Monday?", sender=was) != "PASSED_ON"
    assert not ann.mailbox.latest.mentions("Or on Monday?")

    await ann.moves_to("ann@sea.example")
    assert await ann.answers_by_email(question, "Sunday is fine.") == "PASSED_ON"
    latest = ben.mailbox.latest
    assert latest.mentions("Sunday is fine.")
    assert latest.to == "ben@sea.example"
    for letter in (question, answer, latest):
        others = {"ann@mail.example", "ann@sea.example", "ben@mail.example", "ben@sea.example"}
        for address in others - {letter.to}:
            assert address not in letter.message.as_string()


async def test_a_thief_in_an_old_mailbox_does_not_get_the_account(market: StoryMarket) -> None:
    """Ann has left her old provider. Whoever has her old mailbox now finds a link for a new password in
    it, asked for before she moved, and asks for another one: both lead nowhere.
    """
    ann = await market.member("Ann")
    await ann.forgets_password()
    early = ann.mailbox.latest.link("/account/reset")
    await ann.moves_to("ann@sea.example")
    thief = market.visitor("Tom", email="ann@mail.example")
    with declined(422):
        await thief.sets_password(early, NEW)
    known = len(thief.mailbox.letters)
    await thief.forgets_password()
    assert not [one for one in thief.mailbox.letters[known:] if "/account/reset" in one.text]
    with declined(401):
        await Member.of(thief).signs_in(password=NEW)
    await ann.elsewhere("Ann's phone").signs_in()


async def test_a_passkey_on_a_stolen_laptop_is_removed(market: StoryMarket) -> None:
    """Ann's laptop is stolen, and her only passkey is on it. At her phone she gets in by a recovery code,
    and removes it: the thief's session has ended and the passkey is useless, and Ann needs no more than
    her password again.
    """
    laptop = await market.member("Ann")
    passkey = SoftPasskey("boats.example", SITE, "laptop")
    options = await laptop.call(
        "POST", "/auth/passkeys/options", json={"password": laptop.account.password}
    )
    made = {"credential": passkey.made(options), "name": "Laptop"}
    added = await laptop.call("POST", "/auth/passkeys", json=made)
    laptop.is_in(added)

    thief = laptop.elsewhere("the thief")
    await _enters_with(thief, passkey)
    assert await thief.is_signed_in()

    phone = laptop.elsewhere("Ann's phone")
    await phone.signs_in(code=added["recoveryCodes"][0])
    password = {"password": phone.account.password}
    [known] = (await phone.call("GET", "/auth/passkeys"))["results"]
    await phone.call("DELETE", f"/auth/passkeys/{known['id']}", json=password)
    thief.signs_in_when_asked = laptop.signs_in_when_asked = False
    assert not await thief.is_signed_in()
    assert not await laptop.is_signed_in()
    with declined(401):
        await _enters_with(thief, passkey)
    await phone.signs_in()


async def _enters_with(somebody: Member, passkey: SoftPasskey) -> None:
    """Sign in with a passkey."""
    options = await somebody.call("POST", "/auth/passkeys/login/options")
    answer = await somebody.call(
        "POST", "/auth/passkeys/login", json={"credential": passkey.used(options)}
    )
    somebody.is_in(answer)


@pytest.mark.market(review="all")
async def test_a_moderator_leaves_the_staff_with_a_case_open_on_the_screen(
    market: StoryMarket,
) -> None:
    """Mo is let go while he looks at Ann's advert. His next click does nothing, and what he decided
    before stays.
    """
    ada, mo, ann = await market.admin(), await market.moderator(), await market.member("Ann")
    kept, open_case = await ann.lists("Approved Dehler 34"), await ann.lists("Waiting Dehler 34")
    await mo.approves(kept)
    page = await mo.opens(f"/admin/moderation/{open_case.id}")
    await ada.gives_role(mo, "user")
    mo.signs_in_when_asked = False
    assert "Sign in" in (await mo.submits(page, "Approve")).words
    assert not await market.visitor("Rita").sees(open_case)
    assert await market.visitor("Rita").sees(kept)
    mo.signs_in_when_asked = True
    with declined(403):
        await mo.queue()
    assert "Waiting Dehler" in str(await ada.queue())


async def test_a_hijacked_account_comes_back_to_its_owner(market: StoryMarket) -> None:
    """A thief who knows Ann's password turns her boat into a fraud and asks for the money. The rules hide
    the advert, and Ann is told of a new sign-in and of the hiding. She sets a new password, which throws
    him out, writes the advert as it was, and after a look it is public.
    """
    mo, ann = await market.moderator(), await market.member("Ann")
    boat = await ann.lists()
    text = (await ann.advert(boat))["description"]
    await market.passes(days=20)
    ann.mailbox.new()
    thief = ann.elsewhere("somewhere else")
    thief.signs_in_when_asked = False
    await thief.signs_in()
    await thief.edits(
        boat, description="Pay by Western Union or gift cards, and I ship her to you."
    )
    assert not await market.visitor("Rita").sees(boat)
    subjects = " ".join(letter.subject for letter in ann.mailbox.new())
    assert "sign-in" in subjects
    assert "hidden" in subjects

    await ann.forgets_password()
    await ann.sets_password(ann.mailbox.latest.link("/account/reset"), NEW)
    assert not await thief.is_signed_in()
    with declined(401):
        await thief.signs_in(password="tidal rudder walnut forty")
    await ann.signs_in()
    await ann.edits(boat, description=text)
    assert not await market.visitor("Rita").sees(boat)
    await mo.approves(boat)
    assert await market.visitor("Rita").sees(boat)


@pytest.mark.on_both_engines
async def test_a_marriage_of_two_accounts(market: StoryMarket) -> None:
    """Ann and Ben marry and share one account. Ben deletes his, and Ann takes over his address, since
    everybody knows it. She gets his mail from then on, but nothing of what he wrote before.
    """
    ann, ben, sue = [await market.member(name) for name in ("Ann", "Ben", "Sue")]
    boat = await sue.lists()
    talk = await ben.asks(boat, "I am thinking of a present for Ann.")
    await sue.replies(talk, "What a lovely idea.")
    await ben.saves_search("A present", "daily")
    await ben.leaves()
    await market.passes(days=1)
    await ann.moves_to(ben.email)
    assert await ann.inbox() == []
    with declined(404):
        await ann.hears(talk)
    assert (await ann.me())["email"] == "ben@mail.example"
    assert "present" not in str(await ann.call("GET", "/me/export"))
    ann.mailbox.new()
    await sue.lists("Another Sadler 34")
    await market.passes(days=2)
    assert ann.mailbox.new() == []
    with declined(409):
        await sue.replies(talk, "Did she like it?")
