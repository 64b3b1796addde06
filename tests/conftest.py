"""A real browser for the tests that need one, and a plain count of those that went without."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NO_CHROMIUM = "no Chromium; see README, Browser tests"

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# Without these Chromium looks for updates and for its maker's hosts at every start.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str | None:
    """Path of the first Chromium or Chrome on this machine."""
    on_path = (shutil.which(command) for command in COMMANDS)
    in_place = (place for place in PLACES if Path(place).is_file())
    return next((found for found in on_path if found), None) or next(in_place, None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of a browser; without one the test is skipped, or fails where CI is true."""
    found = find_chromium()
    if found is None and os.environ.get("CI", "").lower() == "true":
        pytest.fail(NO_CHROMIUM, pytrace=False)
    if found is None:
        pytest.skip(NO_CHROMIUM)
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One running browser with a profile of its own, new and empty."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def requests_made() -> list[str]:
    """Addresses that `page` has asked for so far, in order."""
    return []


@pytest.fixture
def page(browser: Browser, requests_made: list[str]) -> Iterator[Page]:
    """A blank page with no cookies or cache; every request of it is in `requests_made`."""
    context = browser.new_context()
    context.on("request", lambda request: requests_made.append(request.url))
    yield context.new_page()
    context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser, so that `-m browser` finds it without being told."""
    for item in items:
        if "chromium_path" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Count the browser tests skipped, just above pytest's own closing line."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    without = sum(NO_CHROMIUM in str(report.longrepr) for report in skipped)
    if without:
        tests = "test" if without == 1 else "tests"
        terminalreporter.write_line(f"{without} browser {tests} skipped: {NO_CHROMIUM}")
