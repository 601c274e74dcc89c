"""A client generated from the document does what a seller, a buyer and a moderator do."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pyotp
import pytest

from tests.media.picture_files import a_photo
from tests.servers import RunningMarket, command, wait_for

from .conformance import description
from .generated_client import Client, generate_client

PASSWORD = "tidal rudder walnut forty"
SELLER, MODERATOR = "sue@example.com", "mo@example.com"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = generate_client(description().document, tmp_path_factory.mktemp("client"))
    yield client
    client.close()


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    data = tmp_path_factory.mktemp("served") / "data"
    with RunningMarket(data, LIMIT_AUTH="off", REVIEW="all") as market:
        market.wait_until_ready()
        yield market


def emailed_token(market: RunningMarket, to: str) -> str:
    """The token of the link in the only email to an address."""
    found: list[str] = []

    def has_come() -> bool:
        for file in (market.data / "mail").glob("*.eml"):
            email = message_from_bytes(file.read_bytes(), policy=policy.default)
            if to in str(email["to"]):
                text = email.get_body(("plain",))
                assert text is not None
                found.extend(re.findall(r"[?&]token=([^\s&]+)", text.get_content()))
        return bool(found)

    wait_for(has_come)
    return unquote(found[0])


def a_seller(client: Client, market: RunningMarket) -> Any:
    """Somebody who has registered, confirmed their address and signed in."""
    models, nobody = client.models, client.anonymous(market.address)
    account = models.NewAccount(email=SELLER, name="Sue Sail", password=PASSWORD, terms=True)
    answer = client.ask("authentication.register", nobody, body=account)
    assert answer.status_code is HTTPStatus.ACCEPTED
    token = models.EmailToken(token=emailed_token(market, SELLER))
    confirmed = client.ask("authentication.verify_email", nobody, body=token)
    assert (confirmed.parsed.email, confirmed.parsed.status) == (SELLER, models.UserStatus.ACTIVE)
    credentials = models.Credentials(email=SELLER, password=PASSWORD)
    session = client.ask("authentication.login", nobody, body=credentials).parsed
    assert session.user.name == "Sue Sail"
    return client.signed_in(market.address, session.session.token)


def a_moderator(client: Client, market: RunningMarket) -> Any:
    """A member of staff who has chosen a password and set up the second factor."""
    models, nobody = client.models, client.anonymous(market.address)
    done, made = command(market.data, "staff", "create", MODERATOR, "--role", "moderator")
    assert done == 0, made
    token = unquote(re.findall(r"token=([^&]+)", made["link"])[0])
    chosen = models.NewPassword(token=token, password=PASSWORD)
    answer = client.ask("authentication.reset_password", nobody, body=chosen)
    assert answer.status_code is HTTPStatus.NO_CONTENT
    credentials = models.Credentials(email=MODERATOR, password=PASSWORD)
    session = client.ask("authentication.login", nobody, body=credentials).parsed
    moderator = client.signed_in(market.address, session.session.token)
    setup = models.SecondFactorSetup(password=PASSWORD)
    offer = client.ask("account.enable_second_factor", moderator, body=setup).parsed
    code = pyotp.TOTP(offer.secret).at(int(time.time()))
    enabled = client.ask(
        "account.enable_second_factor", moderator, body=models.SecondFactorSetup(code=code)
    ).parsed
    assert len(enabled.recovery_codes) == 10
    return client.signed_in(market.address, enabled.session.token)


def test_a_generated_client_registers_publishes_edits_uploads_and_searches(
    client: Client, market: RunningMarket
) -> None:
    models, nobody = client.models, client.anonymous(market.address)
    seller = a_seller(client, market)

    boat = models.NewListing(
        title="1998 Catalina 34 MkII",
        description="Kept on a mooring, and dry.",
        price=4_850_000,
        location=models.LocationInput(country="US", state="FL", city="Stuart"),
        boat_details=models.BoatDetailsInput(
            type_="sailboat", manufacturer="Catalina", model="34 MkII", year=1998, length=34.5,
            condition=models.Condition.GOOD,
        ),
        features=["Windlass"],
    )  # fmt: skip
    created = client.ask("listings.create_listing", seller, body=boat, idempotency_key="one")
    assert created.status_code is HTTPStatus.CREATED
    again = client.ask("listings.create_listing", seller, body=boat, idempotency_key="one")
    listing = created.parsed
    assert (again.parsed.id, listing.status) == (listing.id, models.Status.INACTIVE)
    assert created.headers["location"] == f"/api/v1/listings/{listing.id}"

    file = client.types.File(
        payload=BytesIO(a_photo(1)), file_name="saloon.jpg", mime_type="image/jpeg"
    )
    uploaded = client.ask(
        "images.add_images",
        seller,
        listing.id,
        body=models.AddImagesBody(images=[file]),
    )
    assert uploaded.status_code is HTTPStatus.CREATED
    assert len(uploaded.parsed.photos) == len(uploaded.parsed.images) == 1

    changes = models.ListingChanges(
        price=4_500_000, boat_details=models.BoatDetailsChanges(beam=11.75)
    )
    stale = client.ask("listings.update_listing", seller, listing.id, body=changes, if_match='"1"')
    assert stale.status_code is HTTPStatus.PRECONDITION_FAILED
    assert stale.parsed.current.price == 4_850_000
    edited = client.ask(
        "listings.update_listing", seller, listing.id, body=changes, if_match=stale.headers["etag"]
    )
    assert (edited.parsed.price, edited.parsed.boat_details.beam) == (4_500_000, 11.75)
    wrong = client.ask(
        "listings.update_listing",
        seller,
        listing.id,
        body=models.ListingChanges(price=1),
        if_match="*",
    )
    assert [error.field for error in wrong.parsed.errors] == ["price"]

    offered = client.ask(
        "listings.publish_listing", seller, listing.id, if_match=edited.headers["etag"]
    )
    assert offered.parsed.moderation.state is models.ModerationState.PENDING
    _approve(client, a_moderator(client, market), listing.id)

    found: list[Any] = []

    def is_found() -> bool:
        answer = client.ask("search.search_listings", nobody, body=models.Search(query="catalina"))
        found[:] = answer.parsed.results
        return bool(found)

    wait_for(is_found)
    assert [(one.id, one.price) for one in found] == [(listing.id, 4_500_000)]
    by_address = client.ask("search.list_listings", nobody, price_max=4_000_000, type_=["sailboat"])
    assert by_address.parsed.total == 0

    search = models.SavedSearchRequest(
        name="Catalinas", filters=models.SearchFiltersInput(query="catalina")
    )
    saved = client.ask("saved_searches.create_saved_search", seller, body=search)
    assert saved.parsed.filters.query == "catalina"
    exported = client.ask("account.export_me", seller)
    assert [one["id"] for one in exported.parsed.listings] == [str(listing.id)]


def _approve(client: Client, moderator: Any, listing_id: Any) -> None:
    """Approve a listing once it stands before the moderators."""
    models = client.models
    waiting: list[Any] = []

    def waits() -> bool:
        cases = client.ask("moderation.list_moderation_cases", moderator).parsed.results
        waiting[:] = [case.listing for case in cases if case.listing_id == listing_id]
        return bool(waiting)

    wait_for(waits)
    decided = client.ask(
        "moderation.moderate_listing",
        moderator,
        listing_id,
        body=models.Decision(state=models.Verdict.APPROVED),
        if_match=f'"{waiting[0].updated_at}"',
    )
    assert decided.parsed.listing.moderation.state is models.ModerationState.APPROVED
