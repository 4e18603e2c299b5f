"""The pages of this room."""

from typing import Final

from console.access import READERS, SELF
from console.account import letting_in, own, sign_in
from console.routing import Door, Route

EVERYBODY: Final = READERS | SELF

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/sign-in", handler=sign_in.page, about="Sign in.",
          door=Door.PUBLIC),
    Route(method="POST", path="/sign-in", handler=sign_in.send, about="Sign in.",
          door=Door.PUBLIC),
    Route(method="POST", path="/sign-out", handler=letting_in.leave, about="End the session.",
          door=Door.PAGE, roles=EVERYBODY),
    Route(method="GET", path="/account", handler=own.page, about="One's own account.",
          door=Door.PAGE, roles=EVERYBODY),
)  # fmt: skip
