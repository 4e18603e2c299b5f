"""The pages of this room."""

from typing import Final

from console.routing import Route

PAGES: Final[tuple[Route, ...]] = ()
