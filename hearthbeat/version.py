"""The version, from the installed package."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final


def _version() -> str:
    try:
        return version("hearthbeat")
    except PackageNotFoundError:
        return "0+unpackaged"


VERSION: Final = _version()
