"""After the lock: where a patient's records say of a locked line's claim something else by now,
that is found with who changed it, and waits for a person: what each has changed by itself, so that
in a practice of two either decides about what the other has changed.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct

from billing.months.details import (
    OF_COVER,
    WORDS,
    Difference,
    Left,
    another_payer,
    asked_of,
    differing,
    key_of,
)
from billing.months.records import PatientMonth, Practice, Status
from billing.months.seal import canonical, digest_of_stored
from billing.months.views import ChangedDetail
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "adjustments.sql")
DETAILS: Final = "details"
AGAIN: Final = "the details have changed again"
GONE: Final = frozenset({Status.VOID, Status.CORRECTED})
"""Of lines that are billed no more nothing is said to anybody."""
COVERED: Final = ("coverage added", "coverage corrected", "coverage ended")
ENROLLED: Final = ("enrolled for billing", "billing enrolment changed", "billing enrolment ended")
ORDERED: Final = ("order added", "order corrected", "order ended")
CHANGES: Final[dict[str, dict[str, frozenset[str]]]] = {
    "patient_name": {"patient changed": frozenset({"family_name", "given_name"})},
    "birth_date": {"patient changed": frozenset({"birth_date"})},
    "sex": {"patient changed": frozenset({"sex"})},
    "address": {"billing address set": frozenset()},
    "payer": {**dict.fromkeys(COVERED, frozenset()), "payer changed": frozenset({"name"})},
    "payer_id": {**dict.fromkeys(COVERED, frozenset()), "payer changed": frozenset({"payer_id"})},
    "member_id": dict.fromkeys(COVERED, frozenset()),
    "prior_auth": dict.fromkeys((*COVERED, "authorisation added"), frozenset()),
    "filing_code": {
        **dict.fromkeys(COVERED, frozenset()), "payer changed": frozenset({"filing_code"}),
    },
    "claim_form": {
        **dict.fromkeys(COVERED, frozenset()), "payer changed": frozenset({"claim_form"}),
    },
    "date_range": {
        **dict.fromkeys(COVERED, frozenset()), "payer changed": frozenset({"date_range"}),
    },
    "billing_name": {"practice changed": frozenset({"legal_name"})},
    "billing_npi": {"practice changed": frozenset({"npi"})},
    "tax_id": {"practice changed": frozenset({"tax_id"})},
    "taxonomy": {"practice changed": frozenset({"taxonomy"})},
    "billing_address": {"practice changed": frozenset({"address"})},
    "rendering": {
        **dict.fromkeys(ENROLLED, frozenset()),
        "practitioner changed": frozenset({"family_name", "given_name", "npi"}),
    },
    "ordering": dict.fromkeys(ORDERED, frozenset()),
    "supervising": dict.fromkeys(ENROLLED, frozenset()),
    "diagnoses": dict.fromkeys(ORDERED, frozenset()),
    "place_of_service": {"practice changed": frozenset({"place_of_service"})},
    "modifiers": {"what the payer asks of a code changed": frozenset()},
    "charge": {"fees imported": frozenset()},
}  # fmt: skip
"""By detail: which changes may have made it, and of those that name what they changed, which field.
None: whatever it names."""


class Sides(Struct, frozen=True, kw_only=True):
    """One patient of a locked month: as frozen, and as it is."""

    patient_id: UUID
    frozen: Record
    """With `practice` as it was then, and `locked_since`."""
    lines: Sequence[Record]
    now: PatientMonth
    practice: Practice
    left: Collection[Left] = frozenset()
    """What somebody has left as it was locked."""


class Found(Struct, frozen=True, kw_only=True):
    locked: PatientMonth
    practice: Practice
    """As it was locked."""
    differences: tuple[Difference, ...]
    asked: tuple[Difference, ...]
    """Those that nobody has left as they were locked."""


class Waiting(Struct, frozen=True, kw_only=True):
    """What has been found of a patient and is not decided yet."""

    id: UUID
    details: tuple[ChangedDetail, ...]
    causes: list[dict[str, Any]]

    @property
    def may_be_of_several(self) -> bool:
        """Found before what each has changed was decided about by itself."""
        return len(self.details) > 1 and len({each.get("by") for each in self.causes}) > 1


def left_of(so_far: Record | None) -> frozenset[Left]:
    """`so_far`: as `details so far` has it."""
    if so_far is None:
        return frozenset()
    return frozenset(msgspec.json.decode(so_far["kept"], type=list[Left]))


def waiting_in(so_far: Record | None) -> list[Waiting]:
    return [] if so_far is None else msgspec.json.decode(so_far["waiting"], type=list[Waiting])


def found_of(sides: Sides) -> Found:
    """Pure."""
    locked = msgspec.json.decode(sides.frozen["body"], type=PatientMonth)
    practice = msgspec.json.decode(sides.frozen["practice"], type=Practice)
    differences = differing(
        locked,
        sides.now,
        (practice, sides.practice),
        [row["id"] for row in sides.lines if Status(row["status"]) not in GONE],
    )
    other = another_payer(locked, sides.now)
    return Found(
        locked=locked,
        practice=practice,
        differences=differences,
        asked=asked_of(differences, sides.left, other_payer=other),
    )


async def find_details(
    conn: Connection,
    organisation_id: UUID,
    month: Record,
    sides: Sides,
    so_far: Record | None,
    *,
    now: dt.datetime,
) -> None:
    """`so_far`: what was found of this patient's details before."""
    found, waiting = found_of(sides), waiting_in(so_far)
    if _known(found.asked, waiting):
        return
    changes = await _changes(conn, organisation_id, sides) if found.asked else []
    looked = await conn.fetch(
        QUERIES["looked through"], organisation_id, month["id"], sides.patient_id
    )
    made_by = {each.key: _of(each, changes, _since(each, sides, looked)) for each in found.asked}
    whole = another_payer(found.locked, sides.now)
    wanted = [
        _one_of(those, sides, changes, made_by)
        for those in by_person(found.asked, made_by, other_payer=whole)
    ]
    stays = [each for each in waiting if (each.details, each.causes) in _said(wanted)]
    for each in waiting:
        if each not in stays:
            await conn.fetchval(
                QUERIES["decide"], each.id, organisation_id, "superseded", AGAIN, None, now, None
            )
    waits_on = [(each.details, each.causes) for each in stays]
    for one, said in zip(wanted, _said(wanted), strict=True):
        if said not in waits_on:
            await conn.fetchval(
                QUERIES["add"], organisation_id, month["id"], sides.patient_id, month["version"],
                DETAILS, "[]", "[]", digest_of_stored(sides.frozen["body"]), key_of(one.asked),
                "null", canonical(one.causes).decode(), now, None, None,
                canonical(one.details).decode(),
            )  # fmt: skip


def by_person(
    asked: Sequence[Difference],
    made_by: Mapping[Left, Sequence[Mapping[str, Any]]],
    *,
    other_payer: bool,
) -> list[tuple[Difference, ...]]:
    """What the same people have changed is decided about at once, and what others have apart. Who
    pays is one thing as soon as it is another payer. Pure.
    """
    people = {
        each.key: frozenset(str(one["by"]) for one in made_by[each.key] if one["by"] is not None)
        for each in asked
    }
    if other_payer:
        of_cover = [each.key for each in asked if each.name in OF_COVER]
        all_of_them = frozenset().union(*(people[key] for key in of_cover))
        people |= dict.fromkeys(of_cover, all_of_them)
    groups: dict[frozenset[str], list[Difference]] = {}
    for each in asked:
        groups.setdefault(people[each.key], []).append(each)
    return [tuple(those) for those in groups.values()]


class _One(Struct, frozen=True, kw_only=True):
    """An adjustment as it is to be written down."""

    asked: tuple[Difference, ...]
    details: tuple[ChangedDetail, ...]
    causes: list[Mapping[str, Any]]


def _one_of(
    asked: tuple[Difference, ...],
    sides: Sides,
    changes: Sequence[Mapping[str, Any]],
    made_by: Mapping[Left, Sequence[Mapping[str, Any]]],
) -> _One:
    return _One(
        asked=asked,
        details=tuple(_told(each, sides.lines, made_by[each.key]) for each in asked),
        causes=[each for each in changes if any(each in made_by[one.key] for one in asked)],
    )


def _said(those: Sequence[_One]) -> list[tuple[tuple[ChangedDetail, ...], list[dict[str, Any]]]]:
    """As they are read again once they are written down."""
    return [
        (
            msgspec.json.decode(canonical(each.details), type=tuple[ChangedDetail, ...]),
            msgspec.json.decode(canonical(each.causes), type=list[dict[str, Any]]),
        )
        for each in those
    ]


def _known(asked: Sequence[Difference], waiting: Sequence[Waiting]) -> bool:
    """It waits as it is; or there is nothing to be asked."""
    if any(each.may_be_of_several for each in waiting):
        return False
    waits = sorted((one.name, one.was, one.now, one.lines) for x in waiting for one in x.details)
    return waits == sorted((*each.key, each.lines) for each in asked)


def _since(difference: Difference, sides: Sides, looked: Sequence[Record]) -> dt.datetime:
    """With an approval all was looked through, but for what waited on beside it. What was left as
    it was locked has been so ever since: whoever made it then has made it.
    """
    since: dt.datetime = sides.frozen["locked_since"]
    if difference.key in sides.left:
        return since
    for row in looked:
        if difference.name not in row["but"]:
            since = max(since, row["at"])
    return since


async def _changes(conn: Connection, organisation_id: UUID, sides: Sides) -> list[dict[str, Any]]:
    """What people have done since it was locked, the latest last."""
    rows = await conn.fetch(
        QUERIES["detail changes"], organisation_id, sides.patient_id,
        sides.frozen["locked_since"],
        sorted({kind for kinds in CHANGES.values() for kind in kinds}),
    )  # fmt: skip
    return [
        {
            "kind": row["what"],
            "fields": list(row["fields"]),
            "by": row["actor"],
            "by_name": row["actor_name"],
            "at": row["at"],
            "reason": row["reason"],
        }
        for row in rows
    ]


def _of(
    difference: Difference, changes: Sequence[Mapping[str, Any]], since: dt.datetime
) -> list[Mapping[str, Any]]:
    """Those that may have made it."""
    kinds = CHANGES[difference.name]
    return [
        each
        for each in changes
        if each["kind"] in kinds
        and each["at"] > since
        and (
            not kinds[each["kind"]]
            or not each["fields"]
            or not kinds[each["kind"]].isdisjoint(each["fields"])
        )
    ]


def _told(
    difference: Difference, lines: Sequence[Record], those: Sequence[Mapping[str, Any]]
) -> ChangedDetail:
    """`those`: changes that may have made it."""
    last: Mapping[str, Any] = those[-1] if those else {}
    codes = {row["id"]: row["code"] for row in lines}
    return ChangedDetail(
        name=difference.name,
        label=WORDS[difference.name],
        was=difference.was,
        now=difference.now,
        lines=difference.lines,
        codes=tuple(dict.fromkeys(sorted(codes[each] for each in difference.lines))),
        by=last.get("by"),
        by_name=last.get("by_name") or "",
        at=last.get("at"),
    )
