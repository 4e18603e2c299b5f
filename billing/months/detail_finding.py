"""After the lock: where a patient's records say of a locked line's claim something else by now,
that is found with who changed it, and waits for a person.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct

from billing.months.details import (
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
    """With `practice` as it was then, `details_since` and `locked_since`."""
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


def left_of(last: Record | None) -> frozenset[Left]:
    """`last`: as `latest details` has it."""
    if last is None:
        return frozenset()
    return frozenset(msgspec.json.decode(last["kept"], type=list[Left]))


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
    last: Record | None,
    *,
    now: dt.datetime,
) -> None:
    """`last`: what was found of this patient's details before."""
    asked = found_of(sides).asked
    if _known(asked, last):
        return
    if last is not None and last["decision"] is None:
        await conn.fetchval(
            QUERIES["decide"], last["id"], organisation_id, "superseded", AGAIN, None, now, None
        )
    if not asked:
        return
    changes = await _changes(conn, organisation_id, sides)
    made_by = {each.key: _of(each, changes, _since(each, sides)) for each in asked}
    details = [_told(each, sides.lines, made_by[each.key]) for each in asked]
    causes = [each for each in changes if any(each in those for those in made_by.values())]
    await conn.fetchval(
        QUERIES["add"], organisation_id, month["id"], sides.patient_id, month["version"], DETAILS,
        "[]", "[]", digest_of_stored(sides.frozen["body"]), key_of(asked),
        "null", canonical(causes).decode(), now, None, None,
        canonical(details).decode(),
    )  # fmt: skip


def _known(asked: Sequence[Difference], last: Record | None) -> bool:
    """It waits as it is; or there is nothing to be asked."""
    if last is None or last["decision"] is not None:
        return not asked
    told = msgspec.json.decode(last["details"], type=tuple[ChangedDetail, ...])
    waits = [(each.name, each.was, each.now, each.lines) for each in told]
    return waits == [(*each.key, each.lines) for each in asked]


def _since(difference: Difference, sides: Sides) -> dt.datetime:
    """Of what was left as it was locked, and is asked about again with the payer that it goes with,
    whoever made it then has made it.
    """
    left = difference.key in sides.left
    found: dt.datetime = sides.frozen["locked_since" if left else "details_since"]
    return found


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
