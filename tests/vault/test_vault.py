"""Secrets at rest open where they belong, under a key that is at hand, and nowhere else."""

from __future__ import annotations

import boto3
import pytest

from marinemarket.config.settings import load
from marinemarket.errors import Invalid, Unreadable
from marinemarket.vault.kms import kms_keys
from marinemarket.vault.vault import CurrentKeys, Vault
from tests.store.engines.dynamodb import REGION
from tests.store.engines.moto_server import moto_endpoint

pytestmark = pytest.mark.anyio

ONE, OTHER = b"1" * 32, b"2" * 32
SECRET = "JBSWY3DPEHPK3PXP"


def vault(**keys: bytes) -> Vault:
    return Vault(CurrentKeys(keys))


async def test_a_secret_opens_in_another_process_and_shows_nothing_of_itself() -> None:
    sealed = await vault(one=ONE).seal(SECRET, bound_to="user ann")
    assert SECRET not in sealed
    assert await vault(one=ONE).open(sealed, bound_to="user ann") == SECRET


async def test_the_same_secret_never_looks_the_same() -> None:
    one = vault(one=ONE)
    assert len({await one.seal(SECRET, bound_to="user ann") for _ in range(50)}) == 50


async def test_it_opens_nowhere_but_where_it_belongs() -> None:
    one = vault(one=ONE)
    sealed = await one.seal(SECRET, bound_to="user ann")
    with pytest.raises(Unreadable, match="belongs elsewhere"):
        await one.open(sealed, bound_to="user bob")


@pytest.mark.parametrize("part", range(4))
async def test_a_sign_that_was_altered_is_noticed(part: int) -> None:
    one = vault(one=ONE)
    parts = (await one.seal(SECRET, bound_to="user ann")).split(".")
    parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
    with pytest.raises(Unreadable):
        await one.open(".".join(parts), bound_to="user ann")


@pytest.mark.parametrize("nothing", ["", "x", "a.b.c.d", "s1.one..", "ß", "." * 9])
async def test_what_was_never_sealed_is_refused(nothing: str) -> None:
    with pytest.raises(Unreadable):
        await vault(one=ONE).open(nothing, bound_to="user ann")


async def test_keys_rotate_the_first_seals_and_all_open() -> None:
    old = await vault(one=ONE).seal(SECRET, bound_to="user ann")
    rotated = vault(other=OTHER, one=ONE)
    assert await rotated.open(old, bound_to="user ann") == SECRET
    new = await rotated.seal(SECRET, bound_to="user ann")
    assert [rotated.is_current(text) for text in (old, new)] == [False, True]
    with pytest.raises(Unreadable, match="not among the settings"):
        await vault(one=ONE).open(new, bound_to="user ann")


async def test_another_key_under_an_old_name_is_noticed() -> None:
    sealed = await vault(one=ONE).seal(SECRET, bound_to="user ann")
    with pytest.raises(Unreadable, match="differs from the one"):
        await vault(one=OTHER).open(sealed, bound_to="user ann")


async def test_a_key_may_stay_in_kms(anyio_backend: str) -> None:
    endpoint = moto_endpoint()
    client = boto3.client("kms", endpoint_url=endpoint, region_name=REGION)
    key = client.create_key()["KeyMetadata"]["KeyId"]
    async with kms_keys(key, endpoint=endpoint, region=REGION) as keys:
        sealed = await Vault(keys).seal(SECRET, bound_to="user ann")
        assert await Vault(keys).open(sealed, bound_to="user ann") == SECRET
        other = await vault(one=ONE).seal(SECRET, bound_to="user ann")
        with pytest.raises(Unreadable, match="not in KMS"):
            await Vault(keys).open(other, bound_to="user ann")
        damaged = sealed.split(".")
        damaged[2] = "A" * len(damaged[2])
        with pytest.raises(Unreadable, match="KMS cannot decrypt"):
            await Vault(keys).open(".".join(damaged), bound_to="user ann")
    client.close()


def test_master_keys_that_are_none_are_refused_by_name() -> None:
    for unfit in ("short", "AAAA", "not base64!", f"{'A' * 43}=,AAAA"):
        with pytest.raises(Invalid, match="MARINEMARKET_MASTER_KEYS"):
            load({"MARINEMARKET_MASTER_KEYS": unfit})
    assert load({"MARINEMARKET_MASTER_KEYS": "A" * 43 + "="}).given_master_keys() == [bytes(32)]
