"""Routes of one's own account."""

from typing import Final

from console.access import READERS, SELF
from console.api import me, sign_in
from console.routing import API, Door, Route

EVERYBODY: Final = READERS | SELF

ACCOUNT_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="POST", path=f"{API}/login", handler=sign_in.login, about="Sign in.",
          door=Door.OPEN, body=sign_in.Login, answer=sign_in.Token),
    Route(method="POST", path=f"{API}/logout", handler=sign_in.logout, about="End the session.",
          roles=EVERYBODY, status=204),
    Route(method="GET", path=f"{API}/me", handler=me.get_me, about="Who is asking.",
          roles=EVERYBODY, answer=me.MyAccount),
    Route(method="PATCH", path=f"{API}/me", handler=me.change_me,
          about="Change how others see one's name, and how one likes to work.",
          roles=EVERYBODY, remembers=True, body=me.MyChanges, answer=me.MyAccount),
)  # fmt: skip
