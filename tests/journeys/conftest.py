"""Chromium, and a demonstration market for it to visit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.servers import RunningMarket

_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Of a module and no longer: while it runs, no other test can have an event loop.
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip("no Chromium on this machine, so no browser test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


def keep_complaints(page: Page, complaints: list[str], *kinds: str) -> None:
    """Note every error of the page's scripts, and what is written of these kinds on its console."""

    def note(message: ConsoleMessage) -> None:
        if message.type in kinds:
            complaints.append(f"{page.url}: {message.text}")

    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", note)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    """The market of ``serve --demo``."""
    data: Path = tmp_path_factory.mktemp("demo") / "data"
    with RunningMarket(data, "--demo") as market:
        market.wait_until_ready()
        yield market
