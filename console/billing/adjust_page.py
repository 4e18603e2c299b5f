"""What came after a month was locked: looked at, approved, or left as it was locked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from billing.months.adjustment_list import adjustments_of, newer_than, several_alike
from billing.months.calendar import month_named
from billing.months.keeping import up_to_date
from billing.months.settling import decide, decide_alike
from billing.months.views import Adjustment
from billing.months.what_follows import touched_by
from care.errors import InvalidError, TakenError
from console.api.billing_adjustments import after_in, more_of
from console.billing import words
from console.billing.adjust_entry import entry_of
from console.billing.causes import cause_words
from console.billing.claim_words import as_read
from console.billing.faults import REFUSALS, said, status_of
from console.billing_access import RUNNERS
from console.paging import encode_cursor
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.seen import seen
from console.web.forms import Form, form_of
from console.web.page import render, see_other

DIRECTIONS: Final = {
    "up": ("More than was locked", "low", "up"),
    "down": ("Less than was locked", "high", "down"),
    "code_change": ("Another code", "medium", "undo"),
    "none": ("The same lines", "", "minus"),
    "details": ("Other details of the claim", "medium", "note"),
}
PER_PAGE: Final = 25
NAMED_MOST: Final = 200
"""Of those who are decided about at once."""
EACH: Final = "each"
"""Asks for every one by itself, though several say the same."""
DECISIONS: Final = {
    "approved": ("Approved", "good", "check"),
    "dismissed": ("Left as locked", "", "cross"),
    "superseded": ("Overtaken by a later one", "", "undo"),
}


async def page(request: web.Request) -> web.Response:
    return await _page(request, {}, {})


async def send(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    month = month_named(request.match_info["month"], caller.clinic.zone).name
    adjustment = id_in_path(request, "adjustment")
    try:
        if form.text("do") not in {"approve", "dismiss"}:
            raise InvalidError("do", "choose what is to be done")
        async with parts.transaction() as conn:
            decided = await decide(
                conn, caller.organisation_id, adjustment, approve=form.text("do") == "approve",
                reason=form.text("reason"), actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
        seen(request, decided.patient_id)
    except REFUSALS as error:
        typed = {**form, "id": str(adjustment)}
        return await _page(request, typed, said(error), status=status_of(error))
    approved = form.text("do") == "approve"
    told = "The adjustment is approved." if approved else "The month stays as it was locked."
    return see_other(_back_to(month, form), told=told)


def _back_to(month: str, form: Form) -> str:
    """The page on which it stood."""
    asked = {name: form.text(name) for name in (EACH, "cursor") if form.text(name)}
    return f"/billing/{month}/adjustments" + (f"?{urlencode(asked)}" if asked else "")


async def send_alike(request: web.Request) -> web.Response:
    """All that wait and say the same of a claim, as many as were looked at."""
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    month = month_named(request.match_info["month"], caller.clinic.zone).name
    alike, approve = form.text("alike"), form.text("do") == "approve"
    try:
        if form.text("do") not in {"approve", "dismiss"}:
            raise InvalidError("do", "choose what is to be done")
        async with parts.transaction() as conn:
            those = await adjustments_of(conn, caller.organisation_id, month, alike=[alike])
            if not alike or form.text("of") != str(len(those)):
                raise TakenError("adjustment", "are others by now: look again")
            seen(request, *(each.patient_id for each in those))
            await decide_alike(
                conn, caller.organisation_id, [each.id for each in those], approve=approve,
                reason=form.text("reason"), actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        typed = {**form, "id": alike}
        return await _page(request, typed, said(error), status=status_of(error))
    patients = f"{len(those)} patients"
    told = f"Approved for {patients}." if approve else f"Left as locked for {patients}."
    return see_other(f"/billing/{month}/adjustments", told=told)


def groups_of(found: Sequence[Adjustment]) -> list[list[Adjustment]]:
    """Those that wait and say the same of a claim, where there are several."""
    groups: dict[str, list[Adjustment]] = {}
    for each in found:
        if each.alike and each.decision is None:
            groups.setdefault(each.alike, []).append(each)
    return [sorted(each, key=_by_name) for each in groups.values() if len(each) > 1]


def _by_name(adjustment: Adjustment) -> tuple[str, str, str]:
    return (
        adjustment.family_name.casefold(),
        adjustment.given_name.casefold(),
        adjustment.mrn.casefold(),
    )


def _subject(shown: Sequence[Adjustment], groups: Sequence[Sequence[Adjustment]], id_: str) -> str:
    """Of whom somebody wanted to decide."""
    for each in shown:
        if str(each.id) == id_:
            return f"{each.family_name}, {each.given_name}"
    return next((f"{len(group)} patients" for group in groups if group[0].alike == id_), "")


async def _page(
    request: web.Request, typed: Mapping[str, str], faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    month = month_named(request.match_info["month"], caller.clinic.zone)
    whose, one_by_one = caller.organisation_id, EACH in request.query or bool(typed.get(EACH))
    cursor = request.query.get("cursor") or typed.get("cursor") or None
    after = after_in(cursor)
    async with parts.transaction() as conn:
        await up_to_date(conn, whose, month.name, now=parts.clock())
        shared = [] if one_by_one else await several_alike(conn, whose, month.name)
        # They are decided about at once, so they stand whole before the first page of the others.
        several = (
            await adjustments_of(conn, whose, month.name, alike=shared)
            if shared and after is None
            else []
        )
        found = await adjustments_of(
            conn, whose, month.name, after=after, limit=PER_PAGE + 1, but=shared
        )
        lines = await touched_by(conn, whose, [*several, *found[:PER_PAGE]])
        newer = (
            await newer_than(conn, whose, month.name, after, limit=PER_PAGE, but=shared)
            if after is not None
            else None
        )
    alone, zone = found[:PER_PAGE], caller.clinic.zone
    groups = groups_of(several)
    seen(request, *(each.patient_id for group in groups for each in group[:NAMED_MOST]))
    seen(request, *(each.patient_id for each in alone))
    context: dict[str, Any] = {
        "month": month.name,
        "groups": groups,
        "still_with": lambda group: [one for each in group for one in each.first_payer_has],
        "adjustments": alone,
        "named_most": NAMED_MOST,
        "as_read": as_read,
        "entry_of": lambda those: entry_of(those, lines, caller.user_id),
        "cursor": cursor or "",
        "newer": encode_cursor(*newer) if newer is not None else "",
        "refused_of": _subject(alone, groups, typed.get("id", "")),
        "one_by_one": one_by_one,
        "next": more_of(found, PER_PAGE),
        "directions": DIRECTIONS,
        "decisions": DECISIONS,
        "cause_words": lambda cause: cause_words(cause, zone),
        "may_decide": caller.role in RUNNERS,
        "typed": typed,
        "faults": faults,
        "refused": " ".join(each for field, each in faults.items() if field != "reason"),
        "words": words,
    }
    return render(request, "billing/adjustments.html", context, status=status)
