"""Which rules hold, through when somebody has confirmed them, and the files that were taken in."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from billing.parties.rule_sets import (
    RuleSetRow,
    confirm,
    file_of,
    import_rules,
    list_rule_sets,
)
from care.errors import CareError, FaultsError
from care.faults import Fault
from console.billing import typed
from console.billing.faults import REFUSALS, said, sentence, status_of
from console.billing.fee_pages import FILE_MOST
from console.billing.tabs import tabs
from console.billing_access import SETTERS
from console.parts import CALLER, PARTS
from console.web.formats import day
from console.web.forms import Form, form_of
from console.web.page import render, see_other

HERE: Final = "/billing/rules"
TO_IMPORT: Final = ("file", "file_name", "reason", "replaces")
TO_CONFIRM: Final = ("set", "through", "reason")
CERTAINTY: Final = {
    "V+": "read on two pages or more",
    "V1": "read on one page",
    "K": "own knowledge, read nowhere",
    "P": "policy, for want of an authority",
    "C": "pages contradict each other",
}
"""How sure a row is, the surest first."""
NAMED: Final = re.compile(r"\S+: |[a-z0-9_]+-[a-z0-9]+ \(")
NO_FAULTS: Final[Mapping[str, str]] = {}


async def page(request: web.Request) -> web.Response:
    return await _page(request)


async def file(request: web.Request) -> web.Response:
    """As it was shipped or taken in: what the next one is written after."""
    name = request.match_info["name"]
    async with request.app[PARTS].connection() as conn:
        body = await file_of(conn, request[CALLER].organisation_id, name)
    return web.Response(
        text=body,
        content_type="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{name}.toml"'},
    )


async def send(request: web.Request) -> web.Response:
    """A file, all of it or nothing."""
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    try:
        async with parts.transaction() as conn:
            done = await import_rules(
                conn, caller.organisation_id, form.text("file"), file=form.text("file_name"),
                reason=form.text("reason"), replaces=form.text("replaces").split(","),
                actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except FaultsError as error:
        faults = {"file": "Has faults: see above."}
        return await _page(request, taken=form, faults=faults, places=error.faults, status=422)
    except REFUSALS as error:
        return await _page(request, taken=form, faults=_said(error), status=status_of(error))
    made = done.statements[0]
    return see_other(HERE, told=f"{made.name} version {made.version} is taken in.")


async def send_confirmation(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    try:
        through = typed.day(form, "through")
        async with parts.transaction() as conn:
            done = await confirm(
                conn, caller.organisation_id, form.text("set"), through=through,
                reason=form.text("reason"), actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        faults = said(error, names={"name": "set"})
        return await _page(request, confirming=form, unsure=faults, status=status_of(error))
    made = done.statements[0]
    return see_other(HERE, told=f"{made.name} is confirmed through {day(made.confirmed_through)}.")


def _said(error: Exception) -> dict[str, str]:
    """What is said of a file begins with a file's name or a set's, which stay as they are."""
    if isinstance(error, CareError) and NAMED.match(error.message):
        return {error.field: f"{error.message}."}
    return said(error)


async def _page(
    request: web.Request,
    *,
    taken: Form | None = None,
    faults: Mapping[str, str] = NO_FAULTS,
    places: Sequence[Fault] = (),
    confirming: Form | None = None,
    unsure: Mapping[str, str] = NO_FAULTS,
    status: int = 200,
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        rules = await list_rule_sets(conn, caller.organisation_id, now=parts.clock())
    context: dict[str, Any] = {
        "rules": rules,
        "notices": rules.notices,
        "certainty": CERTAINTY,
        "sets": caller.role in SETTERS,
        "open_sets": [(each.name, _offered(each)) for each in rules.items
                      if may_last_longer(each, rules.latest)],
        "taken": {name: taken.text(name) if taken else "" for name in TO_IMPORT},
        "faults": faults,
        "places": [(each.key, sentence(each.message)) for each in places],
        "confirming": {name: confirming.text(name) if confirming else "" for name in TO_CONFIRM},
        "unsure": unsure,
        "most": FILE_MOST,
        **tabs(caller, HERE),
    }  # fmt: skip
    return render(request, "billing/rules.html", context, status=status)


def may_last_longer(rules: RuleSetRow, latest: dt.date) -> bool:
    """A set that is confirmed to its end, or as far as anybody can know, is not asked about."""
    end = latest if rules.effective_to is None else min(latest, rules.effective_to)
    return rules.confirmed_through < end


def _offered(rules: RuleSetRow) -> str:
    return f"{rules.name}, now through {day(rules.confirmed_through)}"
