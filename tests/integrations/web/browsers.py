"""What tests in a real browser share: Debian's Chromium, headless, and the service it looks at."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from assistant.app import App
from integrations.web.api import create_web

CHROMIUM = Path("/usr/bin/chromium")
DRIVER = Path("/usr/bin/chromedriver")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)
PATIENCE = 20


def browser_tests() -> list[pytest.MarkDecorator]:
    """The marks of a file of such tests."""
    absent = not (CHROMIUM.exists() and DRIVER.exists())
    reason = "chromium and chromedriver are absent"
    return [pytest.mark.browser, pytest.mark.skipif(absent, reason=reason)]


@contextmanager
def served(app: App) -> Iterator[str]:
    """Where the service answers meanwhile."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_web(app), log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE)


@contextmanager
def started(profile: Path) -> Iterator[Any]:
    """A fresh headless browser that keeps what its console says."""
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for switch in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.implicitly_wait(PATIENCE)
    yield driver
    driver.quit()
