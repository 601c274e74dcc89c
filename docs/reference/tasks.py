"""The tasks of the page `tasks.md`: what clients of the API do, in the order of a boat's sale.

A step names its operation and what differs from the OpenAPI document's example: the document gives the
method, the path, the header fields and the body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Variable:
    """A value that comes from a former step or from the reader; `place` is where in an answer."""

    name: str
    place: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Step:
    """One request. `says` is what happens; `status` is that of the answer, unless it is the usual one.

    `body` replaces fields of the example, and `without` leaves some out. `typed` is a value that the
    reader types in, with its prompt; `keeps` is read from the answer's body, and `version` from its ETag.
    With `pages` the request is repeated until the last page.
    """

    operation: str
    says: str
    by: Variable | None = None
    status: int | None = None
    headers: dict[str, Variable] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    query: dict[str, Any] = field(default_factory=dict)
    file: str | None = None
    typed: tuple[Variable, str] | None = None
    keeps: tuple[Variable, ...] = ()
    version: Variable | None = None
    pages: bool = False


@dataclass(frozen=True)
class Task:
    title: str
    steps: tuple[Step, ...]


TOKEN = Variable("token", ("session", "token"))
STAFF = Variable("staff_token")
EMAILED = Variable("emailed_token")
SECRET = Variable("secret", ("secret",))
CODE = Variable("code")
CHALLENGE = Variable("challenge", ("secondFactor", "challenge"))
LISTING = Variable("listing_id", ("id",))
ETAG = Variable("etag")
VERSION_TO_DECIDE_ON = Variable("version", ("results", 0, "listing", "updatedAt"))

TASKS = (
    Task(
        "Register",
        (
            Step(
                "register",
                "Create an account. The market emails a link that confirms the address, or tells the "
                "owner of an account with this address that somebody tried.",
            ),
        ),
    ),
    Task(
        "Confirm the email address",
        (
            Step(
                "verifyEmail",
                "Send what follows `token=` in the emailed link; the account is active from then on.",
                body={"token": EMAILED},
                typed=(EMAILED, "The token of the emailed link: "),
            ),
        ),
    ),
    Task(
        "Sign in",
        (
            Step(
                "login",
                "Exchange the email address and the password for a session. Its token goes in the "
                "`Authorization` header of every later request.",
                keeps=(TOKEN,),
            ),
        ),
    ),
    Task(
        "Turn on the second factor",
        (
            Step(
                "enableSecondFactor",
                "Give the password again, and receive the secret for an authenticator app.",
                by=TOKEN,
                keeps=(SECRET,),
            ),
            Step(
                "enableSecondFactor",
                "Send a code from the app. All sessions end; the answer has a new one, and ten recovery "
                "codes that are shown this once.",
                by=TOKEN,
                body={"code": CODE},
                without=("password",),
                typed=(CODE, "A code from the app: "),
                keeps=(TOKEN,),
            ),
        ),
    ),
    Task(
        "Sign in with the second factor",
        (
            Step(
                "login",
                "With a second factor, email address and password lead to a challenge.",
                keeps=(CHALLENGE,),
            ),
            Step(
                "loginWithSecondFactor",
                "Answer the challenge with the app's next code (each is taken once) or a recovery code.",
                body={"challenge": CHALLENGE, "code": CODE},
                typed=(CODE, "The next code from the app: "),
                keeps=(TOKEN,),
            ),
        ),
    ),
    Task(
        "Create an advert",
        (
            Step(
                "createListing",
                "Create a draft. Sent again with the same `Idempotency-Key` within a day, for example "
                "after a timeout, the request creates nothing and answers the same advert.",
                by=TOKEN,
                without=("status",),
                keeps=(LISTING,),
            ),
        ),
    ),
    Task(
        "Upload a photo",
        (
            Step(
                "addImages",
                "Send one or more photos as a form; the `ETag` of the answer is the advert's new version.",
                by=TOKEN,
                file="saloon.jpg",
                version=ETAG,
            ),
        ),
    ),
    Task(
        "Publish",
        (
            Step(
                "publishListing",
                "Name the version that you mean to publish. Buyers see the advert as soon as it is "
                "approved.",
                by=TOKEN,
                headers={"If-Match": ETAG},
            ),
        ),
    ),
    Task(
        "Edit under `If-Match`",
        (
            Step(
                "updateListing",
                "Send only the fields that change. 412 means that the advert has changed since the "
                "version in `If-Match`, and nothing was written: the answer has the present version as "
                "`current`, and its `ETag`.",
                by=TOKEN,
                status=412,
                version=ETAG,
            ),
            Step(
                "updateListing",
                "Look at `current`, decide whether the change still makes sense, and send it with the "
                "new `ETag`.",
                by=TOKEN,
                headers={"If-Match": ETAG},
                version=ETAG,
            ),
        ),
    ),
    Task(
        "Moderate",
        (
            Step(
                "listModerationCases",
                "Staff with `content_moderation` read what waits. The advert's `updatedAt`, in quotes, "
                "is the version to decide on.",
                by=STAFF,
                typed=(STAFF, "The token of a session of staff: "),
                keeps=(VERSION_TO_DECIDE_ON,),
            ),
            Step(
                "moderateListing",
                "Approve the version that you have read; if the seller has changed it meanwhile, the "
                "answer is 412.",
                by=STAFF,
                headers={"If-Match": VERSION_TO_DECIDE_ON},
                body={"state": "approved"},
                without=("reason", "requestChanges"),
            ),
        ),
    ),
    Task(
        "Search, page by page",
        (
            Step(
                "searchListings",
                "`next` is the cursor of the next page, which goes into `after`; on the last page it is "
                "null.",
                body={"limit": 1},
                without=("query",),
                pages=True,
            ),
        ),
    ),
    Task(
        "Save a search",
        (
            Step(
                "createSavedSearch",
                "Be told by email about boats that match from now on.",
                by=TOKEN,
            ),
        ),
    ),
    Task(
        "Ask a seller",
        (
            Step(
                "createInquiry",
                "No account is needed: the seller's reply comes to the email address given.",
            ),
        ),
    ),
    Task(
        "Report an advert",
        (Step("reportListing", "Tell the moderators what is wrong with an advert."),),
    ),
    Task(
        "Read the audit trail",
        (
            Step(
                "listAuditLogs",
                "Staff with `audit_log_view` see who changed what, the latest change first.",
                by=STAFF,
                query={"resource": "listing", "limit": 20},
            ),
        ),
    ),
    Task(
        "Export your data",
        (
            Step(
                "exportMe",
                "Everything that the market stores about the person who asks, as one JSON document.",
                by=TOKEN,
            ),
        ),
    ),
)
