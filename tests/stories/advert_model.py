"""What must become of one advert, whatever its owner, its readers and the moderators do, in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

ENOUGH_REPORTS = 3


@dataclass
class AdvertModel:
    """The rules, in memory. `waits` is whether the advert stands in the moderators' queue.

    The worker judges later, `judge`, and only by how things stand then.
    """

    status: str = "active"
    state: str = "approved"
    owner: str = "active"
    waits: bool = False
    is_suspect: bool = False
    """Was it reported as a fraud, or hidden, and not approved since?"""
    is_new: bool = False
    """Does it wait because it was put up anew, not because of what was said of it?"""
    sent_back: bool = False
    reporters: set[str] = field(default_factory=set)
    earlier: set[str] = field(default_factory=set)
    """Those who reported it before the last decision, or were mistaken about its owner's advert before."""
    is_faulted: bool = False
    """Has a moderator ever decided against it?"""
    is_in_order: bool = False
    """Has a moderator approved it at last?"""
    letters: int = 0
    """How many emails about it its owner must have got."""
    _touched: bool = False
    _reported: bool = False

    @property
    def is_there(self) -> bool:
        return self.status != "deleted"

    @property
    def is_public(self) -> bool:
        return (self.status, self.state, self.owner) == ("active", "approved", "active")

    # -- Its owner ---------------------------------------------------------------------------------

    def edit(self) -> None:
        self._touched |= self.status == "active"
        if self.status != "active" and self.state == "approved":
            self.state = "pending"

    def withdraw(self) -> None:
        self._touched |= self.status == "active"
        self.status = "inactive"

    def sell(self) -> None:
        self._touched |= self.status == "active"
        self.status = "sold"

    def put_back(self) -> None:
        self._touched |= self.status != "active" or self.state == "rejected"
        self.status = "active"
        if self.state == "rejected":
            self.state = "pending"

    def delete(self) -> None:
        self._touched, self.status = True, "deleted"

    def list_again(self) -> None:
        """A new advert of the same words and picture: what was suspected of the old one follows it."""
        is_suspect, letters = self.is_suspect, self.letters
        mistaken = self.earlier if self.is_in_order and not self.is_faulted else set()
        vars(self).update(vars(AdvertModel(letters=letters, earlier=mistaken)))
        if is_suspect:
            self.state, self.waits, self.is_new = "pending", True, True
        else:
            self._tell()

    def erase_owner(self) -> None:
        self.owner, self.status, self.waits = "erased", "deleted", False
        self._touched = self._reported = False

    # -- Readers and moderators --------------------------------------------------------------------

    def report(self, reader: str, reason: str) -> None:
        if reader not in self.reporters | self.earlier:
            self.reporters.add(reader)
            self._reported = True
        self.waits, self.is_new = True, False
        self.is_suspect |= reason == "scam"

    def decide(self, state: str) -> bool:
        """Whether the decision is possible: one that changes nothing closes no case that is closed."""
        if not self.waits and state == self.state == "approved":
            return False
        if state != self.state or state != "approved":
            self._tell()  # also with another reason than before
        self.state, self.waits, self.is_new = state, False, False
        self.is_suspect = state != "approved"
        self.sent_back = state != "approved"
        self.is_faulted |= state != "approved"
        self.is_in_order = state == "approved"
        self.earlier |= self.reporters
        self.reporters = set()
        self._reported = False
        return True

    # -- The worker --------------------------------------------------------------------------------

    def judge(self) -> None:
        """What the worker does once it has seen all this."""
        if self._touched and self.owner != "erased":
            self._look()
        is_offered = (self.status, self.state) == ("active", "approved")
        if self._reported and is_offered and len(self.reporters) >= ENOUGH_REPORTS:
            self.state, self.waits, self.is_suspect = "flagged", True, True
            self._tell()
        self._touched = self._reported = False

    def _look(self) -> None:
        if self.status != "active":
            stays = self.state == "flagged" or (self.is_suspect and not self.is_new)
            self.waits &= stays
        elif self.state == "flagged":
            self.waits = True
        elif self.state == "approved":
            self.waits |= bool(self.reporters)
        elif self.state == "pending":
            if self.sent_back or self.reporters:
                self.waits = self.is_new = True
            else:
                self.state = "approved"
                self._tell()

    def _tell(self) -> None:
        self.letters += self.owner == "active"
