"""Who must reach whom in one conversation, whatever its two sides and the moderators do, in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

SIDES = ("buyer", "seller")
OTHER = {"buyer": "seller", "seller": "buyer"}


@dataclass
class Words:
    """A message. Its email is `due` until the worker has sent or dropped it."""

    by: str
    text: str
    state: str
    is_due: bool = False
    has_come: bool = False


@dataclass
class ConversationModel:
    """The rules, in memory: a buyer's conversation with the seller of a boat."""

    is_begun: bool = False
    closed_by: str = ""
    blocks: set[str] = field(default_factory=set)
    """The sides that take nothing from the other."""
    standing: dict[str, str] = field(default_factory=lambda: dict.fromkeys(SIDES, "active"))
    words: list[Words] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    has_reached_seller: bool = False

    def may_write(self, side: str) -> bool:
        are_active = set(self.standing.values()) == {"active"}
        return are_active and not self.blocks and not self.closed_by and self._has_begun_for(side)

    def _has_begun_for(self, side: str) -> bool:
        return side == "buyer" or self.has_reached_seller

    def write(self, side: str, text: str, *, is_held: bool) -> None:
        self.is_begun = True
        self.unread[side] = 0
        message = Words(side, text, "held" if is_held else "sent")
        self.words.append(message)
        if not is_held:
            self._pass_on(message)

    def _pass_on(self, message: Words) -> None:
        message.state, message.is_due = "sent", True
        self.unread[OTHER[message.by]] += 1
        self.has_reached_seller |= message.by == "buyer"

    # -- The two sides -----------------------------------------------------------------------------

    def end(self, side: str) -> None:
        if not self.closed_by:
            self.closed_by, self.unread[side] = side, 0

    def block(self, side: str) -> None:
        self.blocks.add(side)
        self.closed_by, self.unread[side] = self.closed_by or side, 0

    def read_by(self, side: str) -> None:
        self.unread[side] = 0

    def may_reopen(self, side: str) -> bool:
        return not self.closed_by or self.closed_by == side or side in self.blocks

    def reopen(self, side: str) -> None:
        self.blocks.discard(side)
        if self.closed_by == side:
            self.closed_by = ""

    def leave(self, side: str) -> None:
        """Whoever leaves takes along what nobody has got; what is held for them reaches nobody. When the
        other one has left already, or has got nothing, the whole conversation goes.
        """
        self.standing[side] = "erased"
        is_unseen = side == "buyer" and not self.has_reached_seller
        is_empty = is_unseen or set(self.standing.values()) == {"erased"}
        for message in self.words:
            if is_empty or (message.by == side and message.state != "sent"):
                message.state = "gone"
            elif message.state == "held":
                message.state = "undelivered"

    # -- Moderators --------------------------------------------------------------------------------

    @property
    def held(self) -> list[Words]:
        return [one for one in self.words if one.state == "held"]

    def fate(self, message: Words) -> str:
        """Whether what was written may still reach its reader: `sent`, `held` (for now), or `undelivered`."""
        if "erased" in self.standing.values():
            return "undelivered"
        if set(self.standing.values()) != {"active"}:
            return "held"
        reader = OTHER[message.by]
        return "undelivered" if reader in self.blocks or self.closed_by == reader else "sent"

    def release(self, message: Words) -> None:
        match self.fate(message):
            case "sent":
                self._pass_on(message)
            case "undelivered":
                message.state = "undelivered"

    # -- The worker --------------------------------------------------------------------------------

    def send_emails(self) -> None:
        for message in self.words:
            if message.is_due:
                fate = self.fate(message)
                message.is_due = fate == "held"
                message.has_come |= fate == "sent"

    # -- What is seen ------------------------------------------------------------------------------

    def heard_by(self, side: str) -> list[str]:
        return [one.text for one in self.words if one.by == side or one.state == "sent"]
