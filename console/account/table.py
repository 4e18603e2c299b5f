"""The pages of this room."""

from typing import Final

from console.access import READERS, SELF
from console.account import (
    code,
    enrolling,
    left,
    letting_in,
    new_password,
    oidc,
    own,
    password,
    preferences,
    second_factor,
    sessions,
    sign_in,
)
from console.routing import Door, Handler, Route

EVERYBODY: Final = READERS | SELF


def _public(method: str, path: str, handler: Handler, about: str) -> Route:
    return Route(method=method, path=path, handler=handler, about=about, door=Door.PUBLIC)


def _own(
    method: str, path: str, handler: Handler, about: str, roles: frozenset[str] = EVERYBODY
) -> Route:
    return Route(
        method=method,
        path=path,
        handler=handler,
        about=about,
        door=Door.PAGE,
        roles=roles,
        # Passwords and codes are no organisation's to read.
        house=True,
    )


PAGES: Final[tuple[Route, ...]] = (
    _public("GET", "/sign-in", sign_in.page, "Sign in."),
    _public("POST", "/sign-in", sign_in.send, "Sign in."),
    _public("GET", "/sign-in/code", code.page, "The second proof."),
    _public("POST", "/sign-in/code", code.send, "The second proof."),
    _public("GET", "/sign-in/second-factor", enrolling.page, "Set up a second factor."),
    _public("POST", "/sign-in/second-factor", enrolling.send, "Set up a second factor."),
    _public("GET", "/sign-in/new-password", new_password.page, "Set a password by a code."),
    _public("POST", "/sign-in/new-password", new_password.send, "Set a password by a code."),
    _public("GET", "/sign-in/oidc", oidc.leave, "To the clinic's own sign-in."),
    _public("GET", oidc.RETURN, oidc.come_back, "Back from there."),
    _public("GET", "/sign-in/left", left.left, "How long the session still holds."),
    _own("POST", "/sign-out", letting_in.leave, "End the session."),
    _own("GET", "/account", own.page, "One's own account."),
    _own("POST", "/account", own.send, "How others see one's name."),
    _own("GET", "/account/password", password.page, "Change the password."),
    _own("POST", "/account/password", password.send, "Change the password."),
    _own("GET", "/account/sessions", sessions.page, "Where one is signed in."),
    _own("POST", "/account/sessions/end-others", sessions.end_the_others, "End the others."),
    _own("POST", "/account/sessions/{session}/end", sessions.end, "End one of them."),
    Route(
        method="POST",
        path="/account/stay",
        handler=sessions.stay_signed_in,
        about="Stay signed in.",
        door=Door.PAGE,
        roles=EVERYBODY,
        polled=True,
    ),
    _own("GET", "/account/second-factor", second_factor.page, "One's own second factor."),
    _own("POST", "/account/second-factor", second_factor.confirm, "Confirm it by a code."),
    _own("POST", "/account/second-factor/begin", second_factor.begin, "Begin to set it up."),
    _own("POST", "/account/second-factor/spare-codes", second_factor.new_codes, "New codes."),
    _own("POST", "/account/second-factor/remove", second_factor.remove, "Remove it."),
    _own("GET", "/account/preferences", preferences.page, "How one works.", READERS),
    _own("POST", "/account/preferences", preferences.send, "How one works.", READERS),
)
