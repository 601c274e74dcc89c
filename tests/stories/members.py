"""Members: people with an account, who sell, write, save searches, and leave."""

from __future__ import annotations

from typing import Any, Self

import pyotp

from tests.media.picture_files import a_photo

from .mailbox import Mailbox
from .pages import Page
from .people import Boat, Conversation, Declined, Visitor

DOLLAR = 100


class Member(Visitor):
    """Somebody with an account. Asked to sign in again, they do so, as people do."""

    signs_in_when_asked = True
    """A story about a session that ends sets it to False."""
    _token = ""

    @classmethod
    def of(cls, visitor: Visitor) -> Self:
        """The same person, at the same browser, with the account."""
        member = cls.__new__(cls)
        member.__dict__.update(visitor.__dict__)
        return member

    def elsewhere(self, name: str) -> Self:
        """The same person at another device, not signed in there."""
        other = type(self).of(self)
        other.browser, other._token = self.market.client(name), ""
        return other

    # -- Signing in --------------------------------------------------------------------------------

    def _credentials(self, how: dict[str, Any]) -> dict[str, Any]:
        if not self._token:
            return how
        headers = {"Authorization": f"Bearer {self._token}", **how.get("headers", {})}
        return {**how, "headers": headers}

    def _introduction(self) -> dict[str, str]:
        return {}

    async def signs_in(self, *, password: str | None = None, code: str | None = None) -> None:
        """Sign in, with a code if the account asks for one. Raises Declined."""
        self._token = ""
        account = self.account
        payload = {"email": account.email, "password": password or account.password}
        answer = await self.call("POST", "/auth/login", json=payload)
        if "secondFactor" in answer:
            challenge = answer["secondFactor"]["challenge"]
            code = code or self.code()
            payload = {"challenge": challenge, "code": code}
            answer = await self.call("POST", "/auth/login/second-factor", json=payload)
        self.is_in(answer)

    def is_in(self, answer: dict[str, Any]) -> None:
        self._token = answer["session"]["token"]

    async def signs_in_again(self) -> bool:
        if not self._token or not self.signs_in_when_asked:
            return False
        try:
            await self.signs_in()
        except Declined:
            return False
        return True

    async def advert(self, boat: Boat) -> dict[str, Any]:
        """As anybody's, but who must be signed in to see it does so."""
        if not await self.is_signed_in():
            await self.signs_in_again()
        return await super().advert(boat)

    async def signs_out(self) -> None:
        await self.call("POST", "/auth/logout")
        self._token = ""

    async def is_signed_in(self) -> bool:
        """Does the market still know this browser?"""
        how = self._credentials({})
        return (await self.browser.get("/api/v1/me", **how)).is_success

    def code(self) -> str:
        """What the authenticator shows now."""
        return pyotp.TOTP(self.account.authenticator).at(self.market.clock() // 1000)

    async def turns_on_second_factor(self) -> None:
        payload = {"password": self.account.password}
        offer = await self.call("POST", "/me/second-factor", json=payload)
        self.account.authenticator = offer["secret"]
        enabled = await self.call("POST", "/me/second-factor", json={"code": self.code()})
        self.account.recovery_codes = enabled["recoveryCodes"]
        self.is_in(enabled)

    async def changes_email(self, email: str) -> None:
        """Ask for another address; it counts once `confirms_address` has used its letter."""
        payload = {"email": email, "password": self.account.password}
        await self.call("PUT", "/me/email", json=payload)
        self.mailbox.addresses.append(email)

    async def moves_to(self, email: str) -> None:
        """Change the address, and confirm it."""
        await self.changes_email(email)
        await self.confirms_address(Mailbox(self.market.mail, email).latest)
        self.account.email = email

    async def changes_password(self, password: str) -> None:
        payload = {"password": self.account.password, "newPassword": password}
        self.is_in(await self.call("PUT", "/me/password", json=payload))
        self.account.password = password

    async def me(self) -> dict[str, Any]:
        shown: dict[str, Any] = await self.call("GET", "/me")
        return shown

    async def leaves(self) -> None:
        """Delete the account."""
        payload = {"password": self.account.password}
        await self.call("DELETE", "/me", json=payload)
        self._token = ""

    # -- Selling -----------------------------------------------------------------------------------

    async def lists(
        self, title: str = "2010 Beneteau Oceanis 40", *, photos: int = 1, **words: Any
    ) -> Boat:
        """Offer a boat. `words` are the API's fields; `price` is in dollars, `boat` its boatDetails."""
        draft = await self.drafts(title, **words)
        if photos:
            await self.adds_photos(draft, photos)
        await self.puts_back(draft)
        return draft

    async def drafts(self, title: str = "2010 Beneteau Oceanis 40", **words: Any) -> Boat:
        """Describe a boat without offering it yet."""
        details = {
            "type": "sailboat",
            "manufacturer": "Beneteau",
            "model": "Oceanis 40",
            "year": 2010,
            "length": 40,
            "condition": "Good",
        } | words.pop("boat", {})
        advert = {
            "title": title,
            "description": f"{title}. Well kept by {self.name}, and sailed every summer.",
            "location": {"country": "US", "state": "FL", "city": "Stuart"},
            "boatDetails": details,
            "price": round(words.pop("price", 90_000) * DOLLAR),
        } | words
        made = await self.call("POST", "/listings", json=advert)
        return Boat(made["id"], made["title"])

    async def adds_photos(
        self, boat: Boat, *seeds_or_count: int, seeds: tuple[int, ...] = ()
    ) -> None:
        """Add so many photos of this boat alone; or, by `seeds`, pictures that others may show, too."""
        [count] = seeds_or_count or (0,)
        chosen = seeds or tuple(1000 + next(self.market.chance) for _ in range(count))
        files = [("images", (f"{seed}.jpg", a_photo(seed, (300, 200)))) for seed in chosen]
        await self.call("POST", f"/listings/{boat.id}/images", files=files)

    async def edits(self, boat: Boat, **changes: Any) -> None:
        """Change an advert in its present version; `changes` are the API's, `price` in dollars."""
        if "price" in changes:
            changes["price"] = round(changes["price"] * DOLLAR)
        await self._versioned("PATCH", boat, "", json=changes)

    async def reprices(self, boat: Boat, dollars: float) -> None:
        await self.edits(boat, price=dollars)

    async def withdraws(self, boat: Boat) -> None:
        await self._versioned("DELETE", boat, "/publication")

    async def puts_back(self, boat: Boat) -> None:
        await self._versioned("POST", boat, "/publication")

    async def sells(self, boat: Boat, dollars: int | None = None) -> None:
        price = {} if dollars is None else {"price": dollars * DOLLAR}
        await self._versioned("POST", boat, "/sale", json=price)

    async def deletes(self, boat: Boat) -> None:
        await self._versioned("DELETE", boat, "")

    async def _versioned(self, method: str, boat: Boat, path: str, **how: Any) -> Any:
        """Act on an advert as it is now."""
        version = (await self.advert(boat))["updatedAt"]
        headers = {"If-Match": f'"{version}"'}
        return await self.call(method, f"/listings/{boat.id}{path}", headers=headers, **how)

    async def changes_prices(self, boats: list[Boat], by: str, how: str = "percent") -> Page:
        """Change the prices of many boats on the page of one's boats; the page with the result."""
        desk = await self.opens("/account/boats")
        asked = await self.submits(desk, "Change prices…", boat=[boat.id for boat in boats])
        shown = await self.submits(asked, "Show new prices", by=by, how=how)
        return await self.submits(shown, "Change these prices")

    async def does_to_many(self, boats: list[Boat], button: str) -> Page:
        """Tick boats on the page of one's boats, and press a button below them."""
        desk = await self.opens("/account/boats")
        return await self.submits(desk, button, boat=[boat.id for boat in boats])

    async def imports(self, file: str, format: str = "csv", page: Page | None = None) -> Page:
        """Send a file of boats, as brokers do, on a page that is open already or a new one; the page
        with its report.
        """
        path = "/account/boats/import"
        form, _ = (page or await self.opens(path)).form(path)
        files = {"file": ("boats.csv", file.encode(), "text/csv")}
        answer = await self.browser.post(
            path, data=form.filled({"format": format}), files=files, follow_redirects=True
        )
        await self.market.a_moment()
        return Page(answer)

    async def sells_for_a_living(self) -> None:
        """Call oneself a broker in the profile."""
        await self.call("PATCH", "/me", json={"sellerKind": "broker"})

    async def own_boats(self) -> dict[str, dict[str, Any]]:
        """All one's adverts, by their titles."""
        page = await self.call("GET", "/me/listings?limit=100")
        return {boat["title"]: boat for boat in page["results"]}

    async def confirms_if_asked(self) -> int:
        """Answer the latest new letter that asks whether a boat is still for sale; how many asked."""
        asked = [letter for letter in self.mailbox.new() if "/still-for-sale/" in letter.text]
        if asked:
            await self.sends(asked[-1].link("/still-for-sale/"))
        return len(asked)

    # -- Conversations -----------------------------------------------------------------------------

    async def inbox(self) -> list[dict[str, Any]]:
        page = await self.call("GET", "/me/inquiries")
        conversations: list[dict[str, Any]] = page["results"]
        return conversations

    async def hears(self, conversation: Conversation) -> list[str]:
        """What this side can read of a conversation, oldest first."""
        whole = await self.call("GET", f"/me/inquiries/{conversation.id}")
        return [message["text"] for message in whole["messages"]]

    async def replies(self, conversation: Conversation, words: str) -> Conversation:
        path = f"/me/inquiries/{conversation.id}/messages"
        whole = await self.call("POST", path, json={"message": words})
        return Conversation(conversation.id, whole["messages"][-1]["state"])

    async def blocks(self, conversation: Conversation) -> None:
        await self._presses(conversation, "block")

    async def ends(self, conversation: Conversation) -> None:
        await self._presses(conversation, "end")

    async def reopens(self, conversation: Conversation) -> None:
        """Go on with a conversation that one has ended; it also lifts one's block."""
        await self._presses(conversation, "reopening")

    async def _presses(self, conversation: Conversation, button: str) -> None:
        page = f"/account/messages/{conversation.id}"
        await self.sends(page, f"{page}/{button}")

    # -- Waiting for boats -------------------------------------------------------------------------

    async def saves_search(self, name: str, frequency: str = "daily", **filters: Any) -> str:
        """Save a search, whose filters are the API's; its id."""
        payload = {"name": name, "frequency": frequency, "filters": filters}
        made = await self.call("POST", "/me/saved-searches", json=payload)
        return str(made["id"])

    async def changes_search(self, search: str, **changes: Any) -> None:
        await self.call("PATCH", f"/me/saved-searches/{search}", json=changes)

    async def deletes_search(self, search: str) -> None:
        await self.call("DELETE", f"/me/saved-searches/{search}")

    async def watches(self, boat: Boat, note: str = "") -> None:
        how = {"json": {"note": note}} if note else {}
        await self.call("PUT", f"/me/watchlist/{boat.id}", **how)

    async def watchlist(self) -> dict[str, dict[str, Any]]:
        """The boats one watches, by their ids."""
        page = await self.call("GET", "/me/watchlist")
        return {boat["listingId"]: boat for boat in page["results"]}
