"""Pages of one timer: its time written into the log, or discarded; also without script."""

from typing import Any, Final

from aiohttp import web

from billing.logging_timers import Logged, log_timer
from billing.timers import discard, find_timer, open_timers, still_open
from care.errors import InvalidError, TakenError
from care.preferences import key_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.seen import seen
from console.timelog.forms import choices, fault_of, minutes_in, work_in
from console.timelog.unlogged import unlogged_of
from console.timelog.words import exact
from console.web.forms import form_of
from console.web.page import render, see_other

HERE: Final = "/time"


async def one(request: web.Request) -> web.Response:
    """The form to log it: a page, or with X-Fragment only the form, for a dialog."""
    return await _form(request, {}, {})


async def waiting(request: web.Request) -> web.Response:
    """What was left unlogged with other patients than the one on the page; for timer.js."""
    parts, caller = request.app[PARTS], request[CALLER]
    here, now = request.query.get("but"), parts.clock()
    async with parts.connection() as conn:
        found = await open_timers(conn, caller.organisation_id, caller.user_id)
        rows = await unlogged_of(conn, caller.organisation_id, found, now=now)
    shown = [each for each in rows if str(each.patient) != here and not each.counting]
    seen(request, *(each.patient for each in shown))
    key = "" if caller.preferences.get("shortcuts") is False else key_of(caller.preferences)["log"]
    return render(
        request,
        "timelog/waiting.html",
        {"waiting": shown, "key": key, "alone": here is None, **choices()},
    )


async def log_it(request: web.Request) -> web.Response:
    parts, caller, form = request.app[PARTS], request[CALLER], await form_of(request)
    try:
        async with parts.transaction() as conn:
            logged = await log_timer(
                conn,
                caller.organisation_id,
                caller.user_id,
                id_in_path(request, "timer"),
                work=work_in(form),
                minutes=minutes_in(form),
                reason=form.text("reason"),
                now=parts.clock(),
            )
    except InvalidError as error:
        return await _form(request, dict(form), fault_of(error), status=422)
    except TakenError:
        return see_other(HERE, told="That timer was logged or discarded already.")
    seen(request, logged.entry.patient_id)
    return see_other(HERE, told=_told(logged))


async def discard_it(request: web.Request) -> web.Response:
    parts, caller, form = request.app[PARTS], request[CALLER], await form_of(request)
    timer_id = id_in_path(request, "timer")
    try:
        async with parts.transaction() as conn:
            await discard(
                conn, caller.organisation_id, caller.user_id, timer_id,
                reason=form.text("discard_reason"), now=parts.clock(),
            )  # fmt: skip
    except InvalidError as error:
        fault = {"discard_reason": next(iter(fault_of(error).values()))}
        return await _form(request, dict(form), fault, status=422)
    except TakenError:
        return see_other(HERE, told="That timer was logged or discarded already.")
    return see_other(HERE, told="The timer is discarded. The reason is kept.")


async def _form(
    request: web.Request, typed: dict[str, Any], faults: dict[str, str], *, status: int = 200
) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    timer_id, now = id_in_path(request, "timer"), request.app[PARTS].clock()
    async with parts.connection() as conn:
        timer = await find_timer(conn, caller.organisation_id, caller.user_id, timer_id)
        still_open(timer)
        found = await open_timers(conn, caller.organisation_id, caller.user_id)
        waiting = await unlogged_of(conn, caller.organisation_id, found, now=now)
    shown = next((each for each in waiting if each.id == timer.id), None)
    if shown is None:
        raise TakenError("timer", "has counted nothing yet")
    seen(request, timer.patient_id)
    fragment = request.headers.get("X-Fragment") is not None
    return render(
        request,
        "timelog/timer_form.html" if fragment else "timelog/timer.html",
        {"timer": shown, "typed": typed, "faults": faults, **choices()},
        status=status,
    )


def _told(logged: Logged) -> str:
    amount = exact(logged.entry.seconds)
    if logged.clamped:
        return f"Logged {amount}: there was no more time than that since the timer began."
    return f"Logged {amount}."
