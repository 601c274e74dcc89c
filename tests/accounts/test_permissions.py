"""Who may do what: a permission counts for an active person with a second factor, and for no other."""

from __future__ import annotations

import pytest

from marinemarket.accounts.permissions import granted_to, is_own, may, may_grant, may_manage
from marinemarket.accounts.user import AdminPermission, User, UserRole, UserStatus
from tests.builders import a_user

P, R = AdminPermission, UserRole


def staff(role: UserRole, **fields: object) -> User:
    protected = {"status": UserStatus.ACTIVE, "mfaEnabled": True, "mfaSecret": "sealed"}
    return a_user(name=role.value.replace("_", "-"), role=role, **(protected | fields))


@pytest.mark.parametrize(
    ("role", "granted"),
    [
        (R.USER, set()),
        (R.SUPPORT, {P.USER_MANAGEMENT}),
        (R.MODERATOR, {P.CONTENT_MODERATION}),
        (R.ADMIN, {P.USER_MANAGEMENT, P.CONTENT_MODERATION, P.ANALYTICS_VIEW, P.AUDIT_LOG_VIEW}),
        (R.SUPER_ADMIN, set(P)),
    ],
)
def test_each_role_may_use_its_own_permissions_and_no_others(
    role: UserRole, granted: set[AdminPermission]
) -> None:
    assert {permission for permission in P if may(staff(role), permission)} == granted


def test_a_permission_of_ones_own_adds_to_those_of_the_role() -> None:
    auditor = staff(R.SUPPORT, permissions=[P.AUDIT_LOG_VIEW])
    assert granted_to(auditor) == {P.USER_MANAGEMENT, P.AUDIT_LOG_VIEW}
    assert may(auditor, P.AUDIT_LOG_VIEW)
    assert not may(auditor, P.SYSTEM_CONFIG)


def test_no_permission_may_be_used_without_a_second_factor() -> None:
    chief = a_user(role=R.SUPER_ADMIN)
    assert granted_to(chief) == set(P)
    assert not any(may(chief, permission) for permission in P)
    assert not may_grant(chief)


@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.BANNED])
def test_an_inactive_user_may_use_no_permission(status: UserStatus) -> None:
    chief = staff(R.SUPER_ADMIN, status=status)
    assert not any(may(chief, permission) for permission in P)
    assert not may_grant(chief)
    assert not may_manage(chief, a_user())


def test_only_a_super_admin_grants() -> None:
    assert {role for role in R if may_grant(staff(role))} == {R.SUPER_ADMIN}
    assert not may_grant(staff(R.ADMIN, permissions=list(P)))


def test_staff_manage_only_users_with_no_more_permissions() -> None:
    admin, support, moderator = staff(R.ADMIN), staff(R.SUPPORT), staff(R.MODERATOR)
    chief = staff(R.SUPER_ADMIN)
    assert may_manage(support, a_user())
    assert may_manage(admin, support)
    assert may_manage(chief, admin)
    assert not may_manage(support, admin)
    assert not may_manage(admin, chief)
    assert not may_manage(support, moderator), "what a moderator may, support may not"
    assert not may_manage(moderator, a_user()), "without the permission to manage users"
    assert not may_manage(chief, chief), "never their own standing"


def test_something_belongs_to_the_user_with_its_owner_id() -> None:
    ann, eve = a_user(), a_user(name="eve")
    assert is_own(ann.id, ann.id)
    assert not is_own(ann.id, eve.id)
