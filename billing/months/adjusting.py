"""After the lock: what changed is found, and waits for a person as an adjustment (L-1 to L-3).

Nothing that was locked or sent is changed by itself. What somebody has decided about one finding
holds until the facts change again.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct
from msgspec.structs import replace

from billing.eligibility.adjustment import RETURN_WITHIN, Sent, adjusted
from billing.eligibility.adjustment import Adjustment as Found
from billing.eligibility.result import Line, Window
from billing.eligibility.rule_set import RuleSet
from billing.months.causes import causes_of, changes_of
from billing.months.detail_finding import Sides, find_details, left_of
from billing.months.facts_digest import facts_digest
from billing.months.payer_has import paid_for
from billing.months.records import LineOf, PatientMonth, Status
from billing.months.repaid import less, part_of_line, part_of_row
from billing.months.seal import canonical, digest_of_stored
from billing.months.sources import Sources
from billing.months.standing import QUERIES as LINES
from billing.months.states import BILLED
from billing.months.views import SentLine
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "adjustments.sql")
NOTHING: Final = "no line changes: it is on record, and nothing is to be decided"
LEFT: Final = frozenset({Status.HELD, Status.DRAFT, Status.READY})
"""What is not billed yet, and may be: what it rests on may be gone by then."""


class _Sides(Struct, frozen=True, kw_only=True):
    """One patient: as it was frozen, and as it is."""

    patient_id: UUID
    frozen: Record | None
    lines: tuple[Record, ...]
    paid: frozenset[UUID]
    """Those for which the payer's money is here."""
    now: PatientMonth | None
    last: Record | None
    """What was found before."""

    @property
    def facts_sha256(self) -> str:
        return "" if self.now is None else facts_digest(self.now)

    @property
    def waited_since(self) -> dt.date | None:
        """The day on which what waits has found that something paid is to go back."""
        if self.last is None or self.last["decision"] is not None:
            return None
        found: dt.date | None = self.last["overpayment_identified_on"]
        return found

    @property
    def known(self) -> bool:
        """Nothing has happened since it was locked, or since it was found last."""
        base = "" if self.frozen is None else self.frozen["facts_sha256"]
        if self.last is not None and self.last["decision"] != "superseded":
            return bool(self.last["after_sha256"] == self.facts_sha256)
        return bool(base == self.facts_sha256)


async def find_adjustments(
    conn: Connection,
    organisation_id: UUID,
    month: Record,
    made: Mapping[UUID, PatientMonth | None],
    sources: Sources,
    *,
    now: dt.datetime,
) -> None:
    """Of these patients of a locked month; None: there is nothing of them any more."""
    wanted = (organisation_id, month["id"], list(made))
    details = {
        row["patient_id"]: row for row in await conn.fetch(QUERIES["details so far"], *wanted)
    }
    frozen = {row["patient_id"]: row for row in await conn.fetch(QUERIES["frozen"], *wanted)}
    last = {row["patient_id"]: row for row in await conn.fetch(QUERIES["latest"], *wanted)}
    lines: dict[UUID, list[Record]] = {}
    for row in await conn.fetch(LINES["of_patients"], *wanted):
        lines.setdefault(row["patient_id"], []).append(row)
    of_all = [row["id"] for rows in lines.values() for row in rows]
    paid = frozenset(
        row["line_id"] for row in await conn.fetch(LINES["paid"], organisation_id, of_all)
    )
    for patient_id, of_patient in made.items():
        sides = _Sides(
            patient_id=patient_id,
            frozen=frozen.get(patient_id),
            lines=tuple(lines.get(patient_id, ())),
            paid=paid,
            now=of_patient,
            last=last.get(patient_id),
        )
        if not sides.known:
            await _record(conn, organisation_id, month, sides, sources, now=now)
        if sides.frozen is not None and of_patient is not None:
            both = Sides(
                patient_id=patient_id,
                frozen=sides.frozen,
                lines=sides.lines,
                now=of_patient,
                practice=sources.practice,
                left=left_of(details.get(patient_id)),
            )
            await find_details(conn, organisation_id, month, both, details.get(patient_id), now=now)


async def _record(
    conn: Connection,
    organisation_id: UUID,
    month: Record,
    sides: _Sides,
    sources: Sources,
    *,
    now: dt.datetime,
) -> None:
    if sides.last is not None and sides.last["decision"] is None:
        await conn.fetchval(
            QUERIES["decide"], sides.last["id"], organisation_id, "superseded",
            "the facts have changed again", None, now, None,
        )  # fmt: skip
    base = "" if sides.frozen is None else sides.frozen["facts_sha256"]
    if base == sides.facts_sha256:
        return
    before = None if sides.frozen is None else _decoded(sides.frozen["body"])
    sides_of = Compared(
        rows=sides.lines,
        paid=sides.paid,
        locked=frozenset() if before is None else frozenset(x.line_id for x in before.lines),
    )
    removed, added, found = compared(sides_of, sides.now, sources, now=now)
    if sides.waited_since is not None and found.overpayment_identified_on is not None:
        # It was identified with what waited until now, and the clock has gone on.
        found = _owed(found, min(sides.waited_since, found.overpayment_identified_on))
    since = month["locked_at"] if sides.frozen is None else sides.frozen["evaluated_at"]
    causes = [
        *await causes_of(conn, organisation_id, before, sides.now),
        *await changes_of(conn, organisation_id, sides.patient_id, since),
    ]
    body = b"null" if sides.now is None else canonical(sides.now)
    made = await conn.fetchval(
        QUERIES["add"], organisation_id, month["id"], sides.patient_id, month["version"],
        found.direction, _json(removed), _json(added),
        "" if sides.frozen is None else digest_of_stored(sides.frozen["body"]),
        sides.facts_sha256, body.decode(), _json(causes), now, found.overpayment_identified_on,
        found.report_and_return_by, "[]",
    )  # fmt: skip
    if found.direction == "none" and not removed and not added:
        await conn.fetchval(
            QUERIES["decide"], made, organisation_id, "dismissed", NOTHING, None, now, None
        )


class Compared(Struct, frozen=True, kw_only=True):
    """What there is of one patient."""

    rows: tuple[Record, ...]
    paid: frozenset[UUID]
    locked: frozenset[UUID]
    """Lines of what was frozen last."""

    def stands(self, row: Record) -> bool:
        """It is billed, or may be. Of which somebody has said by hand that it was corrected, the
        payer has it all the same: what an adjustment has removed is not frozen any more.
        """
        status = Status(row["status"])
        by_hand = status is Status.CORRECTED and row["exported"] and row["id"] in self.locked
        return status in BILLED | LEFT or by_hand


def compared(
    of: Compared, now_is: PatientMonth | None, sources: Sources, *, now: dt.datetime
) -> tuple[tuple[SentLine, ...], tuple[SentLine, ...], Found]:
    """Lines that were approved, went out or are held, against those that are worked out now."""
    of_patient = {row["id"]: row for row in of.rows}
    before = {
        row["id"]: SentLine(line_id=row["id"], code=row["code"], units=row["units"], dos=row["dos"])
        for row in of.rows
        if of.stands(row)
    }
    lines = () if now_is is None else now_is.lines
    after = {each.line_id: sent(each) for each in lines}
    removed = tuple(each for name, each in before.items() if after.get(name) != each)
    added = tuple(each for name, each in after.items() if before.get(name) != each)
    was = [Sent(code=each.code, units=each.units, dos=each.dos) for each in before.values()]
    rules, today = _rules(now_is, was, sources), now.astimezone(sources.month.zone).date()
    found = adjusted(was, [_line(each) for each in lines], rules, paid=False, on=today)
    gone = {each.line_id: part_of_row(of_patient[each.line_id]) for each in removed}
    come = [part_of_line(each) for each in lines if after[each.line_id] in added]
    owed = any(
        paid_for(of_patient[name], of_patient, of.paid)
        and less(part, tuple(gone.values()), come, rules)
        for name, part in gone.items()
    )
    return removed, added, _owed(found, today) if owed else found


def _owed(found: Found, on: dt.date) -> Found:
    """With the clock of L-3, from the day on which it is found."""
    return replace(found, overpayment_identified_on=on, report_and_return_by=on + RETURN_WITHIN)


def _rules(now_is: PatientMonth | None, was: list[Sent], sources: Sources) -> RuleSet | None:
    """By which up and down are told: of the payer, on the date of service."""
    day = max((each.dos for each in was), default=sources.month.last)
    key = None if now_is is None or now_is.cover is None else now_is.cover.payer
    payer = next((each for each in sources.payers.values() if each.key == key), None)
    if payer is None or payer.rules is None:
        return None
    return sources.book.of(payer.rules.authority, day)


def sent(line: LineOf) -> SentLine:
    return SentLine(line_id=line.line_id, code=line.code, units=line.units, dos=line.dos_from)


def _line(line: LineOf) -> Line:
    return Line(
        code=line.code,
        units=line.units,
        dos=line.dos_from,
        window=Window(first=line.window_from, last=line.window_to),
        rule_set=line.rule_set,
        rules=line.rules,
    )


def _decoded(body: str) -> PatientMonth:
    return msgspec.json.decode(body, type=PatientMonth)


def _json(value: Any) -> str:
    return canonical(value).decode()
