"""One conversation through anything that its sides and the moderators may do, beside a model."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from marinemarket.accounts.user import UserRole
from marinemarket.audit.actions import Action
from marinemarket.audit.entry import LOCAL, Actor
from marinemarket.errors import Refused
from marinemarket.messages.inquiry import Message, Side, Thread
from marinemarket.messages.records import block_put, find_thread, messages_of
from marinemarket.messages.replies import block_other, close_thread, reopen

from .conversation_model import OTHER, SIDES, ConversationModel
from .members import Member
from .people import Conversation
from .state_machine import IN_ANY_ORDER, StoryMachine

LINKS = "http://a.example http://b.example http://c.example http://d.example"
sides = st.sampled_from(SIDES)


class AnyConversation(StoryMachine):
    """Ben asks Ann about her boat; Mo judges what is held, and bans."""

    def __init__(self) -> None:
        super().__init__()
        self.model = ConversationModel()
        self.talk = Conversation("", "")

    async def people_come(self) -> None:
        ann, ben = await self.market.member("Ann"), await self.market.member("Ben")
        self.people: dict[str, Member] = {"seller": ann, "buyer": ben}
        self.mo = await self.market.staff("Mo", UserRole.SUPER_ADMIN)
        self.boat = await ann.lists("2010 Beneteau Heron")
        self.ids = {side: (await one.me())["id"] for side, one in self.people.items()}

    # -- The two sides -----------------------------------------------------------------------------

    @precondition(lambda self: not self.model.has_reached_seller)
    @rule()
    def ben_asks(self) -> None:
        self.somebody_writes("buyer", is_held=False, by_email=False)

    @rule(side=sides, is_held=st.booleans(), by_email=st.booleans())
    def somebody_writes_or_answers(self, side: str, is_held: bool, by_email: bool) -> None:
        self.somebody_writes(side, is_held=is_held, by_email=by_email)

    @rule(side=sides, is_held=st.booleans())
    def somebody_writes_on_the_page(self, side: str, is_held: bool) -> None:
        self.somebody_writes(side, is_held=is_held, by_email=False)

    def somebody_writes(self, side: str, *, is_held: bool, by_email: bool) -> None:
        model, number = self.model, len(self.model.words)
        text = f"Message {number} of {side}. {LINKS if is_held else ''}".strip()
        if by_email:
            letters = self.people[side].mailbox.about(f"of {OTHER[side]}.")
            if not letters:
                return
            came = self.run(self.people[side].answers_by_email(letters[-1], text))
            is_taken = came == "PASSED_ON"
        else:
            is_taken = self._is_taken(side, text)
        assert is_taken is model.may_write(side), (side, model)
        if is_taken:
            model.write(side, text, is_held=is_held)

    def _is_taken(self, side: str, text: str) -> bool:
        if side == "seller" and not self.talk.id:
            return False
        written = self._asks(text) if side == "buyer" else self._replies(text)
        refusal = self.refusal_of(written)
        assert refusal in (0, 401, 403, 404, 409, 410)
        return not refusal

    async def _replies(self, text: str) -> None:
        await self.people["seller"].replies(self.talk, text)

    async def _asks(self, text: str) -> None:
        """As a member: who is not signed in would be asked for a name and an address instead."""
        ben = self.people["buyer"]
        if not await ben.is_signed_in():
            await ben.signs_in()
        self.talk = await ben.asks(self.boat, text)

    def _thread(self) -> Thread:
        thread = self.run(find_thread(self.market.inside.store, self.talk.id))
        assert thread is not None
        return thread

    def _can_act(self, side: str) -> bool:
        """Has this side an account and a conversation to act in, and the other not left?"""
        has_begun = self.model.is_begun if side == "buyer" else self.model.has_reached_seller
        others_are_there = "erased" not in self.model.standing.values()
        return has_begun and others_are_there and self.model.standing[side] == "active"

    def _actor(self, side: str) -> Actor:
        return Actor(self.ids[side], self.people[side].email, LOCAL, "Mozilla/5.0", "a session")

    @rule(side=sides, deed=st.sampled_from(["end", "block", "reopen"]))
    def somebody_ends_or_reopens_it(self, side: str, deed: str) -> None:
        if not self._can_act(side):
            return
        is_allowed = deed != "reopen" or self.model.may_reopen(side)
        page = self.run(self.people[side].opens(f"/account/messages/{self.talk.id}"))
        self.model.read_by(side)
        button = f"{page.address}/{deed if deed != 'reopen' else 'reopening'}"
        if any(form.action == button for form in page.forms):
            assert is_allowed, (deed, side, self.model)
            done = self.run(self.people[side].submits(page, button))
            assert done.status == 200, done.words
        else:
            # Somebody else's program asks for what the page does not offer.
            acts = {"end": close_thread, "block": block_other, "reopen": reopen}[deed]
            desk = self.market.inside.messaging()
            act = acts(desk, self._actor(side), self._thread(), Side(side))
            if not is_allowed:
                with pytest.raises(Refused, match="closed by the other side"):
                    self.run(act)
                return
            self.run(act)
            self.run(self.market.a_moment())
        getattr(self.model, deed)(side)

    @rule(side=sides)
    def somebody_blocks_the_other_elsewhere(self, side: str) -> None:
        """In a conversation about another boat: this one stays open."""
        if not self._can_act(side):
            return
        inside, actor = self.market.inside, self._actor(side)
        entry = actor.entry(Action.SENDER_BLOCKED, "thread", "another", self.market.clock())
        block = block_put(self.ids[side], self.ids[OTHER[side]])
        self.run(inside.trail.commit(entry, block))
        self.model.blocks.add(side)

    @precondition(lambda self: self.model.is_begun and len(self.model.words) > 2)
    @rule(side=sides)
    def somebody_leaves(self, side: str) -> None:
        if self.model.standing[side] != "active" or not self.is_working:
            return
        self.run(self.people[side].leaves())
        self.run(self.market.a_moment())
        self.model.leave(side)

    # -- Moderators ----------------------------------------------------------------

    @precondition(lambda self: self.model.held)
    @rule(is_released=st.booleans(), data=st.data())
    def mo_judges_what_is_held(self, is_released: bool, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.model.held))
        fate = self.model.fate(message) if is_released else "refused"
        [sent_at] = [one.sent_at for one in self.run(self._messages()) if one.text == message.text]
        path = f"/admin/messages/{self.talk.id}"
        fields = {"decision": "release" if is_released else "refuse"}
        page = self.run(self.mo.opens("/admin/messages"))
        [form] = [
            one
            for one in page.forms
            if one.action == path and (sent_at in dict(one.fields).values())
        ]
        answer = self.run(
            self.mo.browser.post(path, data=form.filled(fields), follow_redirects=True)
        )
        self.run(self.market.a_moment())
        assert answer.status_code == (200 if fate in ("sent", "refused") else 409), answer.text
        if is_released:
            self.model.release(message)
        else:
            message.state = "refused"

    async def _messages(self) -> list[Message]:
        return [*await messages_of(self.market.inside.store, self.talk.id)]

    @rule(side=sides, status=st.sampled_from(["suspended", "banned", "active", "active"]))
    def mo_sets_an_account(self, side: str, status: str) -> None:
        standing = self.model.standing
        if standing[side] in (status, "erased") or not self.model.has_reached_seller:
            return
        # One at a time: while somebody is shut out, little else can happen.
        if status != "active" and set(standing.values()) != {"active"}:
            return
        sets = {
            "suspended": self.mo.suspends,
            "banned": self.mo.bans,
            "active": self.mo.lets_in_again,
        }
        self.run(sets[status](self.people[side]))
        if status == "active":
            self.run(self.people[side].signs_in())
        self.model.standing[side] = status

    # -- What people see ---------------------------------------------------------------------------

    @invariant()
    def each_side_reads_what_it_must(self) -> None:
        if not hasattr(self, "people"):
            return
        if self.is_working:
            self.run(self.market.passes(minutes=10))
            self.model.send_emails()
        self.next_step()
        for number, side in enumerate(SIDES):
            if self._can_act(side) and self.is_turn_of(number, among=2):
                self.run(self._reads(side))
        for message in self.model.words:
            about = self.people[OTHER[message.by]].mailbox.about(message.text.split(".")[0] + ".")
            found = [one for one in about if "not passed on" not in one.subject]
            assert len(found) == message.has_come, (message, [str(one) for one in found])
        if self.talk.id:
            kept = {one.text: one.state for one in self.run(self._messages())}
            for message in self.model.words:
                assert kept.get(message.text, "gone") == message.state, message
        if self.is_turn_of(0, among=4):
            self._mo_reads_what_is_held()

    def _mo_reads_what_is_held(self) -> None:
        held = self.run(self.mo.held())
        for message in self.model.words:
            begins = message.text.split(".")[0] + "."
            assert (begins in held) is (message.state == "held"), (message, held)

    async def _reads(self, side: str) -> None:
        model = self.model
        [entry] = await self.people[side].inbox()
        assert entry["unread"] == model.unread[side], (side, model)
        whole = await self.people[side].call("GET", f"/me/inquiries/{self.talk.id}")
        assert [one["text"] for one in whole["messages"]] == model.heard_by(side), model
        assert whole["canWrite"] is model.may_write(side), (side, model, whole["whyNot"])


AnyConversation.TestCase.settings = IN_ANY_ORDER
TestAnyConversation = AnyConversation.TestCase
