"""Rules of billing over the API: which sets hold, files of rules, and what is confirmed (R-3)."""

import datetime as dt
from typing import Final

from aiohttp import web
from msgspec import Struct

from billing.parties.rule_file import BODY_MAX
from billing.parties.rule_sets import RuleSets, confirm, import_rules, list_rule_sets
from care.errors import FaultsError
from care.faults import Fault
from console.billing_access import LOOKERS, SETTERS
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import reply
from console.routing import API, Route

BODY_MOST: Final = 2 * BODY_MAX
"""Of bytes: quotation marks and ends of lines take two each."""
HERE: Final = f"{API}/billing/rule-sets"


class RuleFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    """TOML with one set, as the files that come with Hearthbeat."""
    reason: str
    """Where the file comes from, and why it is imported."""
    replaces: list[str] = []
    """Names of sets of which it takes days that are confirmed; without them that is refused."""
    file: str = ""
    """Its name, for what is said of it."""


class Confirmation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    through: dt.date
    """The last day for which somebody has checked the rules."""
    reason: str


async def get_rule_sets(request: web.Request) -> web.Response:
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        found = await list_rule_sets(conn, request[CALLER].organisation_id, now=parts.clock())
    return reply(found)


async def post_rule_set(request: web.Request) -> web.Response:
    """All of a file or none of it; each fault is told with its place in the file."""
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, RuleFile, bytes_max=BODY_MOST)
    try:
        async with parts.transaction() as conn:
            made = await import_rules(
                conn, caller.organisation_id, typed.text, file=typed.file, reason=typed.reason,
                replaces=typed.replaces, actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except FaultsError as error:
        raise FaultsError([_in_text(each) for each in error.faults]) from error
    return reply(made, status=201)


async def post_confirmation(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, Confirmation)
    async with parts.transaction() as conn:
        made = await confirm(
            conn, caller.organisation_id, request.match_info["name"], through=typed.through,
            reason=typed.reason, actor=caller.user_id, now=parts.clock(),
        )  # fmt: skip
    return reply(made)


def _in_text(fault: Fault) -> Fault:
    """A place in the file is no place in the body: it is said in words."""
    said = ": ".join(part for part in (fault.key, fault.message) if part)
    return Fault(path=("text",), message=said)


BILLING_RULE_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=HERE, handler=get_rule_sets,
          about="Which rules hold, from when to when, and through when they are confirmed.",
          roles=LOOKERS, answer=RuleSets),
    Route(method="POST", path=HERE, handler=post_rule_set, about="Import a file of rules.",
          roles=SETTERS, remembers=True, body=RuleFile, body_bytes_max=BODY_MOST, answer=RuleSets,
          status=201),
    Route(method="POST", path=f"{HERE}/{{name}}/confirm", handler=post_confirmation,
          about="Confirm a set of rules for longer.", roles=SETTERS, remembers=True,
          body=Confirmation, answer=RuleSets),
)  # fmt: skip
