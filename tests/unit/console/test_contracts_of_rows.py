"""Who may look past the wall between organisations: named places, and no others."""

import re
from pathlib import Path
from typing import Final

from console.app import served
from console.page_table import PAGES
from console.routing import Door
from console.settings import ConsoleSettings

CONSOLE: Final = Path(__file__).parents[3] / "console"
HOUSE: Final = {
    "api/proving.py",  # Sign-in: whose an account is comes of it.
    "audit.py",  # Rows about accounts, and of those who are not let in.
    "audit_sign_in.py",  # Whose account was tried is not known before.
    "browsers.py",  # Whose browser it is has to be known before a password is looked at.
    "doors.py",  # Who a session is.
    "parts.py",  # Where it is made.
    "tries.py",  # A failure stays counted, whatever becomes of the request.
}
POOL: Final = {
    "api/held.py",  # A letter that is replayed is taken in as ingest takes it.
    "desk/letters.py",
    "parts.py",
}
OPEN: Final = re.compile(
    r"/api/v1/(login|enrolments|sms/\w+|openapi\.json|readings)|/api/v1"
    r"|/static/.*|/csp-reports|/sign-in(/.*)?|/my/pulse|/invitation(/.*)?"
)
"""Where nobody is signed in yet, or a secret of its own is asked for."""
OF_ACCOUNTS: Final = re.compile(
    r"/sign-out|/account(/.*)?|/api/v1/(logout|me|account|sessions)(/.*)?"
)


def using(pattern: str) -> set[str]:
    return {
        str(file.relative_to(CONSOLE))
        for file in CONSOLE.rglob("*.py")
        if re.search(pattern, file.read_text(encoding="utf-8"))
    }


def test_only_named_places_take_connections_of_the_house() -> None:
    assert using(r"\.house\(\)") <= HOUSE


def test_only_named_places_use_the_pool_of_the_house() -> None:
    assert using(r"parts\.pool|PARTS\]\.pool|self\.pool") <= POOL


def test_only_doors_say_for_whom_something_is_done() -> None:
    assert using(r"\bwithin\(") == {"audit.py", "doors.py", "tenancy.py"}


def test_routes_that_see_every_organisation_are_about_signing_in_and_accounts() -> None:
    for route in (*served(ConsoleSettings()), *PAGES):
        if route.house:
            assert OF_ACCOUNTS.fullmatch(route.path), route.path
        if route.door in {Door.OPEN, Door.PUBLIC, Door.SOURCE}:
            assert OPEN.fullmatch(route.path), route.path
