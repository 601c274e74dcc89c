"""Case 42: a disk with no byte left, and several processes that go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from .full_disk import NotMounted, small_disk, start_full, survive


@pytest.mark.parametrize("kind", ["tmpfs", "ext4"])
def test_case_42_with_a_full_disk_every_process_goes_on_and_reads_answer(
    tmp_path: Path, kind: str
) -> None:
    try:
        with small_disk(tmp_path, kind) as disk:
            survive(disk, tmp_path, workers=2, seconds=3)
    except NotMounted as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("kind", ["tmpfs", "ext4"])
def test_a_market_starts_on_a_full_disk_and_goes_on_once_there_is_room(
    tmp_path: Path, kind: str
) -> None:
    try:
        with small_disk(tmp_path, kind) as disk:
            start_full(disk, tmp_path)
    except NotMounted as error:
        pytest.skip(str(error))
