"""Lines of an open month follow what was worked out; what people decided holds for what it was.

An approval is of exactly what the line said: where that changes, the line waits for another one.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from billing.months.records import LineOf, PatientMonth, Status
from billing.months.seal import digest
from billing.months.states import first_status, lacks_of
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "lines.sql")
FOUND: Final = "worked out"
CHANGED: Final = "what it rests on has changed"
UNAPPROVED: Final = "what it says has changed since it was approved"
GONE: Final = "not eligible any more"
AGAIN: Final = "eligible again"


class _Changes:
    """What is to be written, statement by statement."""

    def __init__(self, organisation_id: UUID, month_id: UUID, now: dt.datetime) -> None:
        self.organisation_id, self.month_id, self.now = organisation_id, month_id, now
        self.rows: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in ("add", "rewrite", "gone", "note")
        }

    def appeared(self, line: LineOf, month: PatientMonth) -> None:
        status, content = first_status(lacks_of(line, month)), content_of(line, month)
        row = new_row(self.organisation_id, self.month_id, line, month, status, now=self.now)
        self.rows["add"].append(row)
        self._note(line.line_id, None, status, FOUND, content)

    def changed(self, row: Record, line: LineOf, month: PatientMonth) -> None:
        content, lacks = content_of(line, month), lacks_of(line, month)
        same = row["present"] and row["lacks"] == list(lacks)
        if same and row["content"] == content:
            return
        if same and row["content"] == digest(line):
            # As contents were made before they said who pays. What was approved so stays so.
            if row["status"] != Status.APPROVED:
                self._rewritten(line, content, row["status"], lacks)
            return
        status, why = _after_change(row, first_status(lacks))
        self._rewritten(line, content, status, lacks)
        self._note(line.line_id, row["status"], status, why, content)

    def _rewritten(self, line: LineOf, content: str, status: str, lacks: tuple[str, ...]) -> None:
        self.rows["rewrite"].append((
            self.organisation_id, line.line_id, line.units, line.dos_from, line.window_to, content,
            status, list(lacks), self.now,
        ))  # fmt: skip

    def vanished(self, row: Record) -> None:
        self.rows["gone"].append((self.organisation_id, row["id"], self.now))
        self._note(row["id"], row["status"], Status.VOID, GONE, row["content"])

    @property
    def touched(self) -> list[UUID]:
        return [row[1] for name in ("rewrite", "gone") for row in self.rows[name]]

    def _note(self, line_id: UUID, was: str | None, to: str, why: str, content: str) -> None:
        self.rows["note"].append(
            note_row(self.organisation_id, line_id, was, to, why, content, now=self.now)
        )


async def write_lines(
    conn: Connection,
    organisation_id: UUID,
    month: Record,
    made: Mapping[UUID, PatientMonth | None],
    *,
    now: dt.datetime,
) -> None:
    """Of these patients; None: there is nothing of them in this month any more."""
    rows = await conn.fetch(QUERIES["of_patients"], organisation_id, month["id"], list(made))
    there = {row["id"]: row for row in rows}
    changes = _Changes(organisation_id, month["id"], now)
    for of_patient in made.values():
        for line in () if of_patient is None else of_patient.lines:
            assert of_patient is not None  # noqa: S101 - it has a line
            row = there.pop(line.line_id, None)
            if row is None:
                changes.appeared(line, of_patient)
            else:
                changes.changed(row, line, of_patient)
    for row in there.values():
        if row["present"]:
            changes.vanished(row)
    # In the order in which people's own requests take them: nobody waits for each other.
    await conn.execute(QUERIES["hold still"], organisation_id, changes.touched)
    for name, rows_of in changes.rows.items():
        await conn.executemany(QUERIES[name], rows_of)


def content_of(line: LineOf, month: PatientMonth) -> str:
    """Of what was worked out, of whom it is said and who is to pay for it; where it stands by now
    is not part of it.
    """
    who, cover = month.who, month.cover
    person = (who.family_name, who.given_name, who.birth_date)
    pays = None
    if cover is not None:
        pays = (
            cover.payer, cover.payer_id, cover.member_id, cover.prior_auth, cover.filing_code,
            cover.claim_form,
        )  # fmt: skip
    return digest([line, person, pays])


def _after_change(row: Record, ready: Status) -> tuple[Status, str]:
    if row["held_because"] is not None:
        return Status.HELD, CHANGED
    if not row["present"]:
        return ready, AGAIN
    return ready, UNAPPROVED if row["status"] == Status.APPROVED else CHANGED


def new_row(
    organisation_id: UUID,
    month_id: UUID,
    line: LineOf,
    month: PatientMonth,
    status: Status,
    *,
    now: dt.datetime,
    replaces: UUID | None = None,
    original_claim: str | None = None,
) -> tuple[Any, ...]:
    return (
        line.line_id, organisation_id, month.who.patient_id, month_id, stretch_of(line, month),
        line.service, line.scope, line.code, line.units, line.dos_from, line.window_from,
        line.window_to, content_of(line, month), status, list(lacks_of(line, month)), now, replaces,
        original_claim,
    )  # fmt: skip


def stretch_of(line: LineOf, month: PatientMonth) -> UUID:
    """The stretch of the service that it belongs to; of several the last that had begun."""
    own = [
        each
        for each in month.episodes
        if each.service == line.service and each.started_on <= line.window_to
    ]
    return (own or list(month.episodes))[-1].episode_id


def note_row(  # noqa: PLR0913 - a row's fields
    organisation_id: UUID,
    line_id: UUID,
    was: str | None,
    to: str,
    reason: str,
    content: str,
    *,
    now: dt.datetime,
    actor: UUID | None = None,
    facts: str = "{}",
) -> tuple[Any, ...]:
    """An event, as the statement `note` takes it."""
    return (organisation_id, line_id, now, actor, was, to, reason, content, facts)
