"""Other details of a claim, approved: lines carry them from now on, and what had gone out goes
again as a replacement; under a new version of the month, beside what was locked before.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct
from msgspec.structs import replace

from billing.months.acting import Settling
from billing.months.adjusting import QUERIES
from billing.months.closing import seal
from billing.months.detail_finding import Found, Sides, found_of, left_of, waiting_in
from billing.months.details import WORDS, Difference, another_payer, key_of
from billing.months.facts_digest import facts_digest
from billing.months.keeping import QUERIES as MONTHS
from billing.months.merging import practice_with, with_details
from billing.months.payer_has import has_of, stood_before, way_back
from billing.months.records import LineOf, MonthHead, PatientMonth, Status
from billing.months.seal import canonical, digest_of
from billing.months.standing import QUERIES as LINES
from billing.months.standing import content_of, note_row
from billing.months.states import BILLED, LACKS_WORDS, first_status, lacks_of
from billing.months.time_rows import staff_behind
from billing.months.views import ChangedDetail
from care.errors import InvalidError, RefusedError, TakenError

SENT: Final = BILLED - {Status.APPROVED}


class Fate(Struct, frozen=True, kw_only=True):
    """How a line stands afterwards."""

    status: Status
    exported: bool
    """Whether the payer has a claim with it."""
    original_claim: str | None = None
    claim_number: str | None = None


async def settle_details(doing: Settling, rows: Sequence[Record]) -> dict[UUID, int]:
    """By adjustment, the version of the month that came of it: one for all of them, where they were
    frozen under the same one. Raises RefusedError, TakenError, InvalidError.
    """
    conn, organisation_id, kept = doing.conn, doing.organisation_id, doing.kept
    whose = [row["patient_id"] for row in rows]
    frozen = {
        each["patient_id"]: each
        for each in await conn.fetch(QUERIES["frozen"], organisation_id, kept.id, whose)
    }
    so_far = {
        each["patient_id"]: each
        for each in await conn.fetch(QUERIES["details so far"], organisation_id, kept.id, whose)
    }
    by_version: dict[int, list[Record]] = {}
    for row in rows:
        by_version.setdefault(frozen[row["patient_id"]]["version"], []).append(row)
    done: dict[UUID, int] = {}
    for base, those in sorted(by_version.items()):
        version = kept.version + len(set(done.values())) + 1
        names: set[str] = set()
        for row in those:
            whose_row = row["patient_id"]
            names |= await _of_patient(
                doing, row, frozen[whose_row], so_far.get(whose_row), version
            )
            done[row["id"]] = version
        await _seal(doing, base, version, those, names)
    return done


def fate_of(row: Any, *, answer: str | None, other_payer: bool, before: str | None = None) -> Fate:
    """Of a line of which its claim says something else now. `answer`: what was said last of it, of
    those that have gone out; `before`: the code in the place of which it stands, and that the payer
    might pay. Pure. Raises TakenError.

    What the payer has denied without a number is no claim of theirs: it goes as a new one. So does
    what one payer has denied and another is to pay. Where it stands by now changes none of that.
    """
    status = Status(str(row["status"]))
    number, original = _text(row["claim_number"]), _text(row["original_claim"])
    if other_payer:
        _check_other(row, answer, before)
    denied, claim = answer == Status.DENIED, number or original
    to = Status.APPROVED if status in BILLED else status
    if not row["exported"] or (denied and (other_payer or claim is None)):
        kept = None if other_payer or row["exported"] else original
        return Fate(status=to, exported=False, original_claim=kept)
    return Fate(status=to, exported=True, original_claim=claim, claim_number=claim)


def _check_other(row: Any, answer: str | None, before: str | None) -> None:
    """We send no claim for what two payers might pay."""
    code = row["code"]
    if row["exported"] and answer != Status.DENIED:
        raise TakenError(
            "adjustment",
            f"{code} has gone to another payer, who has not denied it: have it taken back there"
            f" first, and {way_back(row)}",
        )
    if before is not None:
        raise TakenError(
            "adjustment",
            f"{code} stands in the place of {before}, which has gone to another payer, who has not"
            f" denied it: have it taken back there first, and say at {before} that it is void",
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


async def _of_patient(
    doing: Settling, row: Record, frozen: Record, so_far: Record | None, version: int
) -> set[str]:
    """Names of the details that are as they are known now."""
    conn, whose = doing.conn, doing.organisation_id
    today = await conn.fetchrow(QUERIES["now"], whose, doing.kept.id, row["patient_id"])
    if today is None:
        raise TakenError("adjustment", "there is nothing of this patient in the month any more")
    now = msgspec.json.decode(today["body"], type=PatientMonth)
    of_patient = await conn.fetch(LINES["of_patients"], whose, doing.kept.id, [row["patient_id"]])
    lines = await conn.fetch(LINES["lock"], whose, [each["id"] for each in of_patient])
    sides = Sides(
        patient_id=row["patient_id"], frozen=frozen, lines=lines, now=now,
        practice=doing.kept.sources.practice, left=left_of(so_far),
    )  # fmt: skip
    found = found_of(sides)
    asked = _as_looked_at(found, row, so_far)
    touched = frozenset(each for one in asked for each in one.lines)
    body = with_details(found.locked, now, asked)
    _check_time(body, lines, touched, doing.actor)
    await _carry(doing, row, found.locked, body, lines, asked)
    said = canonical(body)
    await conn.execute(
        MONTHS["freeze one"], whose, doing.kept.id, row["patient_id"], version, frozen["sorts_by"],
        said.decode(), digest_of(said), today["fingerprint"], facts_digest(body),
        frozen["evaluated_at"],
    )  # fmt: skip
    return {each.name for each in asked}


def _as_looked_at(found: Found, row: Record, so_far: Record | None) -> tuple[Difference, ...]:
    """What the adjustment tells of; raises TakenError where that is not what differs by now. What
    somebody else has changed waits beside it, and stays as it was locked.
    """
    told = msgspec.json.decode(row["details"], type=tuple[ChangedDetail, ...])
    keys = {(each.name, each.was, each.now) for each in told}
    beside = {
        (one.name, one.was, one.now) for each in waiting_in(so_far) for one in each.details
    } | keys
    asked = tuple(each for each in found.differences if each.key in keys)
    if key_of(asked) != row["after_sha256"] or any(each.key not in beside for each in found.asked):
        raise TakenError("adjustment", "has changed since you looked: look again")
    return asked


def _check_time(
    body: PatientMonth, lines: Sequence[Record], touched: Collection[UUID], actor: UUID
) -> None:
    """L-5: to answer for what a line's claim says is to answer for the line."""
    billed = {each["id"] for each in lines if Status(each["status"]) in BILLED} & set(touched)
    for line in body.lines:
        if line.line_id in billed and actor in staff_behind(line, body.time):
            raise RefusedError(
                "adjustment", f"{line.code} rests on time of your own: somebody else approves it"
            )


async def _carry(
    doing: Settling,
    row: Record,
    locked: PatientMonth,
    body: PatientMonth,
    lines: Sequence[Record],
    asked: Sequence[Difference],
) -> None:
    has = await has_of(doing.conn, doing.organisation_id, [each["id"] for each in lines])
    other = locked.cover is not None and another_payer(locked, body)
    made = {each.line_id: each for each in body.lines}
    for each in lines:
        names = [one.name for one in asked if each["id"] in one.lines]
        if not names:
            continue
        fate = fate_of(
            each, answer=has.answer(each["id"]), other_payer=other,
            before=stood_before(each, lines, has),
        )  # fmt: skip
        why = f"Other details: {', '.join(WORDS[name].lower() for name in dict.fromkeys(names))}"
        facts: dict[str, Any] = {"adjustment": row["id"]}
        if other:
            facts["other_payer"] = True
        await _carry_one(doing, each, made[each["id"]], body, fate, why, facts)


async def _carry_one(
    doing: Settling,
    row: Record,
    line: LineOf,
    body: PatientMonth,
    fate: Fate,
    why: str,
    facts: Mapping[str, Any],
) -> None:
    conn, whose, content = doing.conn, doing.organisation_id, content_of(line, body)
    lacks = lacks_of(line, body)
    status = fate.status
    if status is Status.APPROVED and lacks:
        said = "; ".join(LACKS_WORDS[each] for each in lacks)
        raise InvalidError("adjustment", f"{line.code} cannot be approved with this: {said}")
    if status in {Status.DRAFT, Status.READY}:
        status = first_status(lacks)
    await conn.execute(
        LINES["carry"], whose, line.line_id, content, list(lacks), status, fate.exported,
        fate.original_claim, fate.claim_number, doing.now, "other_payer" in facts,
    )  # fmt: skip
    steps = [(row["status"], status)]
    if Status(row["status"]) in SENT:
        steps = [(row["status"], Status.CORRECTED), (Status.CORRECTED, status)]
    told = canonical(facts).decode()
    for was, to in steps:
        await conn.execute(
            LINES["note"],
            *note_row(
                whose, line.line_id, was, to, why, content, now=doing.now, actor=doing.actor,
                facts=told,
            ),
        )  # fmt: skip
    if status is Status.APPROVED:
        await conn.execute(LINES["approve"], whose, line.line_id, content, doing.actor, doing.now)


async def _seal(
    doing: Settling, base: int, version: int, rows: Sequence[Record], names: Collection[str]
) -> None:
    """By the rules by which they were locked, for the practice as it was, but for these details."""
    (was,) = await doing.conn.fetch(
        MONTHS["seals of versions"], doing.organisation_id, doing.kept.id, [base]
    )
    locked = msgspec.json.decode(was["head"], type=MonthHead)
    head = replace(
        locked,
        version=version,
        practice=practice_with(locked.practice, doing.kept.sources.practice, names),
        first_locked_at=doing.kept.locked_at,
        first_locked_by=doing.kept.locked_by_name or "",
    )
    few = f"adjustment {rows[0]['id']}"
    why = few if len(rows) == 1 else f"{few} and {len(rows) - 1} more"
    await seal(
        doing.conn, doing.organisation_id, doing.kept, head, why=why, actor=doing.actor,
        now=doing.now,
    )  # fmt: skip
