"""Who may do what: five roles, six permissions, one matrix. What it does not grant is denied.

A permission counts only with a second factor, since staff can do harm. It is read from the user on
every request, so a permission taken away is gone with the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .user import AdminPermission, User, UserRole

P = AdminPermission

MATRIX: Mapping[UserRole, frozenset[AdminPermission]] = MappingProxyType(
    {
        UserRole.USER: frozenset(),
        UserRole.SUPPORT: frozenset({P.USER_MANAGEMENT}),
        UserRole.MODERATOR: frozenset({P.CONTENT_MODERATION}),
        UserRole.ADMIN: frozenset(
            {P.USER_MANAGEMENT, P.CONTENT_MODERATION, P.ANALYTICS_VIEW, P.AUDIT_LOG_VIEW}
        ),
        UserRole.SUPER_ADMIN: frozenset(AdminPermission),
    }
)


def granted_to(user: User) -> frozenset[AdminPermission]:
    """The permissions of a user's role and their own ones, whether or not they may use them now."""
    return MATRIX[user.role] | frozenset(user.permissions)


def may(user: User, permission: AdminPermission) -> bool:
    """May this user use a permission now: active, granted, and with a second factor?"""
    return user.is_active and user.has_second_factor and permission in granted_to(user)


def may_grant(by: User) -> bool:
    """May this user give others roles and permissions? Only a super admin may."""
    return by.role is UserRole.SUPER_ADMIN and may(by, P.USER_MANAGEMENT)


def may_manage(by: User, whom: User) -> bool:
    """May this user change another's role and status? Never their own, nor those of a superior."""
    return by.id != whom.id and may(by, P.USER_MANAGEMENT) and granted_to(whom) <= granted_to(by)


def is_own(user_id: str, owner_id: str) -> bool:
    """Does this belong to the user? The one place where owners are compared."""
    return user_id == owner_id
