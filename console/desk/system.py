"""How the whole works, in plain words: what arrives, what waits, what is missing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from alerts.telling.oncall import schedule
from alerts.telling.oncall_gaps import Gap
from console.desk.words import Standing
from console.parts import CALLER, PARTS
from console.web.formats import ago, counted, since, span
from console.web.page import render
from ingest import progress, quarantine
from ingest.gaps import judge
from ingest.quarantine import organisations_seen_by
from store.queries import load

QUERIES: Final = load("console", "desk.sql")
LATELY: Final = dt.timedelta(hours=24)
SILENCE: Final = dt.timedelta(hours=12)
"""Even a small clinic measures in the morning and in the evening."""
EVALUATED_WITHIN: Final = dt.timedelta(seconds=30)
CARRIED_WITHIN_S: Final = 60.0


async def show(request: web.Request) -> web.Response:
    parts, organisation_id = request.app[PARTS], request[CALLER].organisation_id
    now = parts.clock()
    async with parts.connection() as conn:
        facts = dict(await conn.fetchrow(QUERIES["waiting"], organisation_id, now - LATELY) or {})
        holes = await progress.holes(conn, now=now, organisation=organisation_id)
        duty = await schedule(conn, organisation_id, now=now)
        doubtful = await quarantine.waiting(
            conn, await organisations_seen_by(conn, organisation_id)
        )
    gaps = [judge(known, now=now) for known, _ in holes]
    missing = sum(gap.count for gap in gaps if gap is not None and gap.visible(now))
    standings = [
        ("Readings arrive", readings(facts, now=now)),
        ("Nothing is missing", gaps_of_hubs(missing)),
        ("Alerts keep up", evaluation(facts, now=now)),
        ("Messages go out", messages(facts)),
        ("Somebody is on call", on_call(duty.gaps, now=now)),
        ("Everything can be read", letters(facts)),
        ("No reading is in doubt", doubts(doubtful)),
        ("Pages are what we made", reports(len(parts.reports))),
    ]
    return render(request, "desk/system.html", {"standings": standings})


def readings(facts: Mapping[str, Any], *, now: dt.datetime) -> Standing:
    last = facts["last_reading"]
    if last is None:
        return Standing(kind="medium", word="Quiet", about="No reading arrived in 24 hours.")
    carried = facts["carried_s"]
    told = f"{counted(facts['readings'], 'reading')} in 24 hours, the last {since(last, now=now)}"
    if carried is not None and carried > CARRIED_WITHIN_S:
        late = span(dt.timedelta(seconds=float(carried)))
        return Standing(kind="high", word="Slow", about=f"{told}. One in 20 took {late} or more.")
    if now - last > SILENCE:
        return Standing(kind="medium", word="Quiet", about=f"{told}.")
    speed = (
        "" if carried is None else f" 95 in 100 were here within {max(float(carried), 0.1):.1f} s."
    )
    return Standing(kind="good", word="Well", about=f"{told}.{speed}")


def gaps_of_hubs(missing: int) -> Standing:
    if not missing:
        return Standing(kind="good", word="Well", about="Every number that hubs gave out is here.")
    return Standing(
        kind="high",
        word="Missing",
        about=f"{counted(missing, 'reading')} did not come yet. They are asked for again.",
    )


def evaluation(facts: Mapping[str, Any], *, now: dt.datetime) -> Standing:
    waiting, since = facts["to_evaluate"], facts["since"]
    if waiting and since is not None and now - since > EVALUATED_WITHIN:
        told = f"{counted(waiting, 'reading')} wait to be judged, since {ago(since, now=now)}."
        return Standing(kind="critical", word="Behind", about=f"{told} Alerts come late.")
    speed = facts["alerted_s"]
    told = "Every reading has been judged."
    if speed is not None:
        told += f" Alerts stood within {max(float(speed), 0.1):.1f} s of their reading."
    return Standing(kind="good", word="Well", about=told)


def messages(facts: Mapping[str, Any]) -> Standing:
    if facts["not_sent"]:
        told = f"{counted(facts['not_sent'], 'message')} could not be sent in 24 hours."
        return Standing(kind="high", word="Failed", about=f"{told} See Notifications.")
    return Standing(
        kind="good", word="Well", about=f"{counted(facts['to_send'], 'message')} on the way."
    )


def on_call(gaps: Sequence[Gap], *, now: dt.datetime) -> Standing:
    if not gaps:
        return Standing(kind="good", word="Well", about="Within 14 days there is always somebody.")
    first = gaps[0]
    if first.starts_at <= now:
        return Standing(kind="medium", word="Nobody", about="Nobody is on call now.")
    away = span(first.starts_at - now)
    return Standing(kind="medium", word="A gap", about=f"Nobody is on call in {away}.")


def letters(facts: Mapping[str, Any]) -> Standing:
    if not facts["letters"]:
        return Standing(kind="good", word="Well", about="No unreadable message waits.")
    waits = "waits" if facts["letters"] == 1 else "wait"
    told = f"{counted(facts['letters'], 'message')} could not be read and {waits} for somebody."
    return Standing(kind="medium", word="Look", about=told)


def doubts(count: int) -> Standing:
    if not count:
        return Standing(kind="good", word="Well", about="No reading waits for somebody to look.")
    told = f"{counted(count, 'reading')} {'waits' if count == 1 else 'wait'} for somebody to look."
    return Standing(kind="medium", word="Look", about=f"{told} See Readings in doubt.")


def reports(count: int) -> Standing:
    if not count:
        return Standing(kind="good", word="Well", about="No browser had to stop anything.")
    return Standing(
        kind="high",
        word="Look",
        about=f"Browsers stopped something {counted(count, 'time')} since the console started.",
    )
