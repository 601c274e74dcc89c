"""What is shown of a user to themselves and to staff. A new field is private until listed here.

What the public sees of a seller is `PublicSeller`.
"""

from __future__ import annotations

from typing import Any

from .permissions import granted_to
from .secrets import handle_of
from .session import AuthSession
from .user import User

SEEN_BY_SELF = (
    "id", "email", "pendingEmail", "emailBouncedAt", "emailBounceReason", "name", "phone",
    "location", "sellerKind", "tradeName", "role",
    "status", "emailVerified", "phoneVerified", "mfaEnabled", "lastLogin", "consents", "termsAnswers",
    "createdAt", "updatedAt",
)  # fmt: skip

SEEN_BY_STAFF = (
    "id", "email", "name", "phone", "location", "sellerKind", "tradeName", "role", "status",
    "emailVerified", "emailBouncedAt", "emailBounceReason", "phoneVerified", "mfaEnabled",
    "lastLogin", "loginAttempts", "lockedUntil", "erasingSince",
    "createdAt", "updatedAt",
)  # fmt: skip


def seen_by_self(user: User) -> dict[str, Any]:
    """What people see of their own account."""
    return _only(user, SEEN_BY_SELF) | {
        "permissions": sorted(granted_to(user)),
        "recoveryCodesLeft": len(user.recovery_codes),
        "passkeys": [
            {
                "id": handle_of(key.id),
                "name": key.name,
                "createdAt": key.created_at,
                "lastUsed": key.last_used,
            }
            for key in user.passkeys
        ],
    }


def seen_by_staff(user: User) -> dict[str, Any]:
    """What staff who manage users see of one."""
    return _only(user, SEEN_BY_STAFF) | {"permissions": sorted(granted_to(user))}


def _only(user: User, names: tuple[str, ...]) -> dict[str, Any]:
    wire = user.to_wire()
    return {name: wire[name] for name in names if name in wire}


def seen_session(session: AuthSession, *, current: str = "") -> dict[str, Any]:
    """A session as its owner and staff see it; `current` is the id of the caller's session."""
    return {
        "id": handle_of(session.session_id),
        "ipAddress": session.ip_address,
        "userAgent": session.user_agent,
        "issuedAt": session.issued_at,
        "expiresAt": session.expires_at,
        "lastActivity": session.last_activity,
        "current": session.session_id == current,
    }
