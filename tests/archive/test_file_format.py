"""Files of an archive open for whoever holds the identity, and say why they do not open for others."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyrage import x25519

from marinemarket.archive.file_format import Seal
from marinemarket.errors import Damaged, Invalid

LINES = [b'{"id":"a"}', b'{"id":"b"}']


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    file = tmp_path / "identity.txt"
    made = x25519.Identity.generate()
    file.write_text(f"# public key: {made.to_public()}\n{made}\n")
    return file


def seal_of(identity: Path, *, opens: bool) -> Seal:
    public = identity.read_text().splitlines()[0].removeprefix("# public key: ")
    return Seal.of(public, identity if opens else None)


def test_what_was_packed_openly_is_unpacked_by_anybody() -> None:
    assert Seal().is_open
    assert Seal().unpack("base", Seal().pack(LINES), sealed=False) == LINES


def test_what_was_sealed_opens_with_the_identity_alone(identity: Path, tmp_path: Path) -> None:
    packed = seal_of(identity, opens=False).pack(LINES)
    assert seal_of(identity, opens=True).unpack("base", packed, sealed=True) == LINES
    with pytest.raises(Invalid, match="base is encrypted"):
        seal_of(identity, opens=False).unpack("base", packed, sealed=True)
    other = tmp_path / "other.txt"
    other.write_text(str(x25519.Identity.generate()))
    with pytest.raises(Invalid, match="does not open with this identity"):
        Seal.of(identity=other).unpack("base", packed, sealed=True)


@pytest.mark.parametrize("keep", [0, 10, -4])
def test_a_file_that_was_cut_off_is_damaged(keep: int) -> None:
    with pytest.raises(Damaged, match="is incomplete"):
        Seal().unpack("base", Seal().pack(LINES)[:keep] or b"\x1f\x8b", sealed=False)


@pytest.mark.parametrize("content", [b"no key at all", b"\xff\xfe", None])
def test_a_file_that_holds_no_identity_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match="cannot be read as an age identity"):
        Seal.of(identity=file)


def test_a_recipient_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="must be an age recipient"):
        Seal.of("age1nonsense")
