"""Losing a race is one mechanism: reasons on the write, and `Trail.retrying`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import marinemarket

SOURCE = Path(marinemarket.__file__).parent
THE_MECHANISM = ("store/", "audit/trail.py")
"""The engines, and the trail above them, are what tells a lost race, and what tries again."""

GIVING_WAY = {
    "accounts/erasure.py": "another run has brought the erasure further",
    "accounts/login_throttle.py": "who has proved meanwhile who they are is not locked out",
    "accounts/password_reset.py": "the account is being changed: its owner can ask again",
    "accounts/records.py": "of two requests that move a session's last activity, one is enough",
    "accounts/registration.py": "the account is being changed: its owner is there, and asks again",
    "accounts/secret_rotation.py": "it was sealed anew by whoever was faster, or is by the next run",
    "accounts/sessions.py": "the session has ended already",
    "archive/repair.py": "another repair has brought the item back",
    "demo/seeder.py": "another run has added the boat",
    "listings/lifecycle/availability_check.py": "the next round sees how the boat stands",
    "listings/media/cleanup.py": "an advert has come to hold the files",
    "mail/delivery.py": "another worker has taken the email",
    "messages/ban_warnings.py": "they have been warned already",
    "messages/replies.py": "something came at this moment, and is still to be read",
    "saved_searches/alert_mailer.py": "the next round sees how the search stands",
}
"""Where whoever loses has nothing left to do: no retry, and nothing that anybody must be told."""

RETRY = """
{place} catches Conflict in a loop. Losing a race is no business of its own: make one attempt, which
reads, decides and commits, and let the trail try it again, with pauses and an end:

    async def attempt() -> Listing:
        old = await find_listing(trail.store, id)
        ...
        await replace_listing(trail, actor, old, new)
        return new

    return await trail.retrying(attempt)

In a round over many things, put one thing's part into a function of its own.
"""

REASON = """
{place} catches Conflict. If its caller is to be told why, put the reason on the write, and the commit
raises it, whichever place the write has:

    Check(USERS, (id,), when=IS_ACTIVE, otherwise=Refused("the account is not active"))
    Put(LISTINGS, item, when=..., otherwise=lambda stands: Outdated(...))
    await trail.commit(entry, *writes, otherwise=Refused("please try again"))

If it is to be tried again, use `trail.retrying`. If there is nothing left to do, and nobody to be told,
say so in GIVING_WAY.
"""


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(THE_MECHANISM):
            yield name, ast.parse(path.read_text())


def _catching(tree: ast.AST, *, in_loop: bool = False) -> Iterator[tuple[int, bool]]:
    """The lines where Conflict is caught, or suppressed, and whether it is within a loop."""
    for node in ast.iter_child_nodes(tree):
        inside = in_loop
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            inside = True
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside = False
        if isinstance(node, ast.ExceptHandler) and node.type and _names_conflict(node.type):
            yield node.lineno, in_loop
        if isinstance(node, ast.Call) and _suppresses_conflict(node):
            yield node.lineno, in_loop
        yield from _catching(node, in_loop=inside)


def _suppresses_conflict(call: ast.Call) -> bool:
    is_suppressing = ast.unparse(call.func).endswith("suppress")
    return is_suppressing and any(map(_names_conflict, call.args))


def _names_conflict(caught: ast.expr) -> bool:
    names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(caught)}
    return bool(names & {"Conflict", "Contended"})


def test_no_module_tries_again_by_hand() -> None:
    """Bounded or not, a loop around `except Conflict` is what `Trail.retrying` is for."""
    for name, tree in _modules():
        for line, in_loop in _catching(tree):
            assert not in_loop, RETRY.format(place=f"{name}:{line}")


def test_whoever_catches_a_conflict_has_nothing_left_to_do() -> None:
    """A reason belongs on the write. What remains is declared, with why."""
    catching = {}
    for name, tree in _modules():
        for line, _ in _catching(tree):
            catching[name] = f"{name}:{line}"
    for name, place in catching.items():
        assert name in GIVING_WAY, REASON.format(place=place)
    assert catching.keys() == GIVING_WAY.keys(), "GIVING_WAY names a module that catches none"


def test_nobody_reads_which_write_has_lost() -> None:
    """What a Conflict holds is for the store and the trail: put the reason on the write instead."""
    for name, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and node.type and _names_conflict(node.type):
                assert node.name is None, REASON.format(place=f"{name}:{node.lineno}")
            if isinstance(node, ast.arg) and node.annotation and _names_conflict(node.annotation):
                raise AssertionError(REASON.format(place=f"{name}:{node.lineno}"))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("while here:\n  try: go()\n  except Conflict: continue", [(3, True)]),
        ("for n in range(5):\n  with suppress(Conflict): go()", [(2, True)]),
        ("async def f():\n  async for x in y:\n    try: go()\n    except (A, Conflict): pass", [(4, True)]),
        ("while here:\n  try: go()\n  except errors.Conflict as lost: pass", [(3, True)]),
        ("while here:\n  def f():\n    try: go()\n    except Conflict: return", [(4, False)]),
        ("try:\n  while here: go()\nexcept Conflict: pass", [(3, False)]),
        ("while here:\n  try: go()\n  except Refused: continue", []),
    ],
)  # fmt: skip
def test_the_rule_finds_what_it_is_for(code: str, found: list[tuple[int, bool]]) -> None:
    assert [*_catching(ast.parse(code))] == found
