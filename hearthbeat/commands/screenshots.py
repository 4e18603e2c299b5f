"""`hearthbeat screenshots`: real pictures of the pages, taken of a demonstration in a browser."""

import asyncio
import tempfile
from importlib.util import find_spec
from pathlib import Path

import click

from hearthbeat.terminal import say


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--only", multiple=True, help="Of this name; as often as you like.")
def command(*, directory: Path, only: tuple[str, ...]) -> None:
    """Start a demonstration, and save pictures of its pages into DIRECTORY.

    For whoever develops Hearthbeat: it needs the package `playwright` and Chromium.
    """
    if find_spec("playwright") is None:
        raise click.ClickException("needs the package playwright: pip install playwright")
    from hearthbeat.demo import camera  # noqa: PLC0415 - It is there in development only.

    browser = camera.browser()
    if browser is None:
        raise click.ClickException(f"needs a browser: one of {', '.join(camera.BROWSERS)}")
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hearthbeat-screenshots-") as data:
        asyncio.run(camera.take(Path(data), browser, directory, only=frozenset(only), notice=say))
