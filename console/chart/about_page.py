"""About the patient: the plan in words, team, consents, orders, episodes, devices and hub."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from aiohttp import web

from care.consents import list_consents
from care.episodes import list_episodes
from care.orders import list_orders
from care.plans import in_force, list_plans
from care.rules import RANK
from care.teams import list_team
from console.chart.banner import QUERIES
from console.chart.opened import Opened, opened
from console.chart.reading_words import drift_in_words
from console.parts import PARTS
from console.web.consent_words import CONSENT_KINDS, METHODS
from console.web.formats import ago
from console.web.page import render
from console.web.rule_words import label_of, labels_of, measure_words, rule_words
from store.pool import Connection
from vitals.kinds import PANELS

BATTERY_LOW_PERCENT: Final = 20
QUIET: Final = dt.timedelta(hours=1)
"""A hub that has said nothing for so long is not taken to be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    id: UUID
    name: str
    address: str
    profile: str
    slot: int | None
    since: dt.datetime
    until: dt.datetime | None
    gateway: str | None
    read: str
    """How long ago it last measured this patient."""
    seen: str
    battery: str
    battery_low: bool
    drift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRow:
    id: str
    label: str
    state: str
    good: bool
    heard: str
    version: str
    trouble: str


async def about(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, "/about")
        whose = (chart.organisation_id, chart.patient_id)
        plans = await list_plans(conn, *whose)
        context = {
            "team": [each for each in await list_team(conn, *whose) if _holds(each, chart.now)],
            "consents": await list_consents(conn, *whose),
            "consent_words": dict(CONSENT_KINDS),
            "method_words": dict(METHODS),
            "orders": await list_orders(conn, *whose),
            "episodes": await list_episodes(conn, *whose),
            **await _equipment(conn, chart),
        }
    plan = in_force(plans, at=chart.now)
    measures = plan.measures if plan else ()
    rules = sorted(plan.rules, key=lambda rule: -RANK[rule.severity]) if plan else []
    labels = labels_of(rules)
    return render(
        request,
        "chart/about.html",
        chart.context(
            plan=plan,
            measures=[(PANELS[each.kind].label, measure_words(each)) for each in measures],
            rules=[
                (rule, label_of(rule), rule_words(rule, chart.banner.units, labels))
                for rule in rules
            ],
            versions=len(plans),
            **context,
        ),
    )


def _holds(member: Any, now: dt.datetime) -> bool:
    return bool(member.ends_at is None or member.ends_at > now)


async def _equipment(conn: Connection, chart: Opened) -> dict[str, Any]:
    devices = await conn.fetch(
        QUERIES["their_devices"], chart.organisation_id, chart.patient_id, chart.now
    )
    ids = sorted({row["gateway_id"] for row in devices if row["gateway_id"]})
    hubs = await conn.fetch(QUERIES["hubs"], chart.organisation_id, ids, chart.now)
    said = reports([row["devices"] for row in hubs])
    return {
        "devices": [device_row(dict(row), said, now=chart.now) for row in devices],
        "hubs": [hub_row(dict(row), now=chart.now) for row in hubs],
    }


def reports(told: list[str | None]) -> dict[str, dict[str, Any]]:
    """What hubs said last of each device, by address."""
    found: dict[str, dict[str, Any]] = {}
    for text in told:
        for each in msgspec.json.decode(text) if text else []:
            found[str(each.get("device", "")).upper()] = each
    return found


def device_row(
    row: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]], *, now: dt.datetime
) -> DeviceRow:
    """Pure. What nobody has said is "Not known"."""
    report = said.get(row["address"], {})
    battery = report.get("battery")
    seen = report.get("last_seen")
    return DeviceRow(
        id=row["device"],
        name=row["label"] or row["address"],
        address=row["address"],
        profile=row["profile"],
        slot=row["user_slot"],
        since=row["starts_at"],
        until=row["ends_at"],
        gateway=row["gateway_id"],
        read=_ago(row["read_at"], now, "No reading yet"),
        seen=_ago(dt.datetime.fromisoformat(seen) if seen else None, now, "Not known"),
        battery="Not known" if battery is None else f"{battery} %",
        battery_low=battery is not None and battery <= BATTERY_LOW_PERCENT,
        drift=drift_in_words(report["clock_drift_s"]) if "clock_drift_s" in report else "Not known",
    )


def hub_row(row: Mapping[str, Any], *, now: dt.datetime) -> HubRow:
    """Pure."""
    heard = row["received_at"]
    online = row["state"] == "online" and heard is not None and now - heard < QUIET
    state = "Online" if online else "Offline" if heard else "Not heard of yet"
    return HubRow(
        id=row["id"],
        label=row["label"] or row["id"],
        state="Shut out" if row["revoked_at"] else state,
        good=online and not row["revoked_at"] and not row["trouble"],
        heard=_ago(heard, now, "Never"),
        version=row["version"] or "Not known",
        trouble=row["trouble"] or "",
    )


def _ago(at: dt.datetime | None, now: dt.datetime, otherwise: str) -> str:
    if at is None:
        return otherwise
    said = ago(at, now=now)
    return said if said == "now" else f"{said} ago"
