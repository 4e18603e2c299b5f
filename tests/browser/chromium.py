"""A real Chromium: one process for a worker's tests, a fresh profile within it for each of them."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STARTS_WITHIN_S = 120.0
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--remote-debugging-port=0",
    # Processes made in advance, for the next page and for parts of a window that nobody sees.
    "--disable-features=SpareRendererForSitePerProcess,PreloadTopChromeWebUI",
)


def found() -> str | None:
    """Where it is on this machine; None where it is not installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running(program: str) -> Iterator[str]:
    """The address at which it is driven."""
    profile = Path(tempfile.mkdtemp(prefix="hb-chromium-"))
    # Its own sandbox needs rights that root in a container does not have.
    sandbox = ("--no-sandbox",) if os.getuid() == 0 else ()
    process = subprocess.Popen(
        [program, *FLAGS, *sandbox, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{_port(process, profile / 'DevToolsActivePort')}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(profile, ignore_errors=True)


def _port(process: subprocess.Popen[bytes], file: Path) -> int:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        if process.poll() is not None:
            raise RuntimeError(f"Chromium ended with status {process.returncode}")
        time.sleep(0.05)
    raise RuntimeError("Chromium did not start in time")
