"""What a month is worked out from that is not one patient's: practice, payers, rules, fees."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from asyncpg import Record
from msgspec import Struct

from billing.eligibility.diary import Diary
from billing.eligibility.entry import TimeEntry
from billing.eligibility.payers import CodeRule, Payer
from billing.eligibility.policy import Policy
from billing.eligibility.rule_set import RuleBook
from billing.months.calendar import Month, month_named
from billing.months.entry_words import evaluators_entry
from billing.months.records import Address, ClaimForm, Practice, Provider
from billing.months.seal import digest
from billing.parties.localities import ALL, held
from billing.ranges import from_ranges
from billing.rule_books import book_of
from billing.stated_rules import stated_by
from care.errors import NotFoundError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "month_sources.sql")


class PayerOf(Struct, frozen=True, kw_only=True):
    """Who pays: for claims, and as the evaluator takes it. `rules` None: nobody has said."""

    id: UUID
    key: str
    name: str
    payer_id: str | None
    filing_code: str
    claim_form: ClaimForm
    corrects_by: str
    date_range: bool
    rules: Payer | None
    policy: Policy


class Fee(Struct, frozen=True, kw_only=True):
    amount: Decimal
    charge: Decimal


class FeeRow(Struct, frozen=True, kw_only=True):
    payer: UUID | None
    first: dt.date
    last: dt.date | None
    fee: Fee | None
    """None: the file has the code for other localities only than the practice's."""


class Sources(Struct, frozen=True, kw_only=True):
    month: Month
    practice: Practice
    payers: Mapping[UUID, PayerOf]
    practitioners: Mapping[UUID, Provider]
    fees: Mapping[tuple[str, str], Sequence[FeeRow]]
    """By code and modifier, what holds longest ago first."""
    book: RuleBook
    diary: Diary
    clashes: Mapping[str, str]
    """By patient: of the entries of other patients that theirs share time with."""
    rules_digest: str
    digest: str
    """Of all that is here: where it differs, every patient is worked out anew."""

    def fee(
        self, payer: UUID | None, code: str, modifiers: Sequence[str], on: dt.date
    ) -> Fee | None:
        """The payer's own schedule first, then the one for all; with the modifier first."""
        for modifier in (*modifiers, ""):
            rows = [
                each
                for each in self.fees.get((code, modifier), ())
                if each.first <= on and (each.last is None or on <= each.last)
            ]
            for whose in (payer, None):
                found = [each for each in rows if each.payer == whose]
                if found:
                    return found[-1].fee
        return None


async def practice_zone(conn: Connection, organisation_id: UUID) -> ZoneInfo:
    row = await conn.fetchrow(QUERIES["practice"], organisation_id)
    if row is None:
        raise NotFoundError("organisation", "there is no such organisation")
    return ZoneInfo(row["time_zone"])


async def find_month(conn: Connection, organisation_id: UUID, name: str) -> Month:
    return month_named(name, await practice_zone(conn, organisation_id))


async def sources_of(conn: Connection, organisation_id: UUID, name: str) -> Sources:
    row = await conn.fetchrow(QUERIES["practice"], organisation_id)
    if row is None:
        raise NotFoundError("organisation", "there is no such organisation")
    practice = _practice(organisation_id, row)
    month = month_named(name, ZoneInfo(practice.zone))
    rules = _by(await conn.fetch(QUERIES["payer_rules"], organisation_id), "payer")
    payers = {
        each["id"]: _payer(each, rules.get(each["id"], ()))
        for each in await conn.fetch(QUERIES["payers"], organisation_id)
    }
    people = await conn.fetch(QUERIES["practitioners"], organisation_id)
    fees = await conn.fetch(QUERIES["fees"], organisation_id, month.first, month.last)
    clashing = await conn.fetch(
        QUERIES["clashing"], organisation_id, month.begins_at, month.ends_at
    )
    entries = [_entry(each) for each in clashing]
    stated = await stated_by(conn, organisation_id)
    said = [(each.kind, each.name, each.version, each.sha256, each.confirmed_through)
            for each in stated]  # fmt: skip
    rules_digest = digest([_rule_files(), said, [payers[each] for each in sorted(payers)]])
    stated_locality = row["fee_locality"] or ALL
    told = [stated_locality, *([dict(each) for each in rows] for rows in (people, fees))]
    return Sources(
        month=month,
        practice=practice,
        payers=payers,
        practitioners={each["id"]: _provider(each) for each in people},
        fees=_fees(fees, stated_locality),
        book=book_of(stated),
        diary=Diary(entries),
        clashes=_clashes(entries),
        rules_digest=rules_digest,
        digest=digest([practice, rules_digest, told]),
    )


def _practice(organisation_id: UUID, row: Record) -> Practice:
    address = row["address"]
    return Practice(
        organisation_id=organisation_id,
        name=row["legal_name"] or row["name"],
        zone=row["time_zone"],
        npi=row["npi"],
        tax_id=row["tax_id"],
        taxonomy=row["taxonomy"],
        address=None if address is None else msgspec.json.decode(address, type=Address),
        contact_name=row["contact_name"] or "",
        phone=row["phone"] or row["clinic_phone"],
        submitter_id=row["submitter_id"],
        receiver_id=row["receiver_id"],
        receiver_name=row["receiver_name"] or "",
        place_of_service=row["place_of_service"] or "11",
    )


def _payer(row: Record, rules: Sequence[Record]) -> PayerOf:
    policy = msgspec.json.decode(row["policy"], type=Policy)
    known = None
    if row["authority"]:
        known = Payer(
            id=row["key"],
            authority=row["authority"],
            name=row["name"],
            policy=policy,
            codes=tuple(map(_code_rule, rules)),
        )
    return PayerOf(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        payer_id=row["payer_id"],
        filing_code=row["filing_code"],
        claim_form=ClaimForm(row["claim_form"]),
        corrects_by=row["corrects_by"],
        date_range=row["date_range"],
        rules=known,
        policy=policy,
    )


def _code_rule(row: Record) -> CodeRule:
    told = {
        "code": row["code"],
        "effective_from": row["effective_from"],
        "effective_to": row["effective_to"],
        "source": row["source"],
        "source_read_on": row["source_read_on"],
    }
    return msgspec.convert({**msgspec.json.decode(row["rule"]), **told}, CodeRule)


def _provider(row: Record) -> Provider:
    return Provider(
        family_name=row["family_name"],
        given_name=row["given_name"],
        npi=row["npi"],
        credential=row["credential"],
    )


def _fees(rows: Sequence[Record], stated: str) -> dict[tuple[str, str], list[FeeRow]]:
    """Of each file what holds in the practice's locality."""
    there: dict[UUID, set[str]] = {}
    for row in rows:
        there.setdefault(row["schedule"], set()).add(row["locality"])
    which = {schedule: held(names, stated) for schedule, names in there.items()}
    chosen: dict[tuple[str, str], dict[UUID, FeeRow]] = {}
    for row in rows:
        of_file = chosen.setdefault((row["code"], row["modifier"]), {})
        schedule, locality = row["schedule"], row["locality"]
        known = of_file.get(schedule)
        if locality == which[schedule] or (
            locality == ALL and (known is None or known.fee is None)
        ):
            of_file[schedule] = _fee_row(row, Fee(amount=row["amount"], charge=_charge(row)))
        elif known is None:
            of_file[schedule] = _fee_row(row, None)
    return {code: list(files.values()) for code, files in chosen.items()}


def _fee_row(row: Record, fee: Fee | None) -> FeeRow:
    return FeeRow(
        payer=row["payer"], first=row["effective_from"], last=row["effective_to"], fee=fee
    )


def _charge(row: Record) -> Decimal:
    charge: Decimal | None = row["charge"]
    return row["amount"] if charge is None else charge


def _entry(row: Record) -> TimeEntry:
    return evaluators_entry(dict(row), from_ranges(row["spans"]))


def _clashes(entries: Sequence[TimeEntry]) -> dict[str, str]:
    """Whoever shares a person with others is worked out anew as soon as those change."""
    of_staff: dict[str, list[TimeEntry]] = {}
    for each in entries:
        of_staff.setdefault(each.staff, []).append(each)
    whose: dict[str, set[str]] = {}
    for each in entries:
        whose.setdefault(each.patient, set()).add(each.staff)
    said = {staff: digest(those) for staff, those in of_staff.items()}
    return {
        patient: digest(sorted(said[each] for each in staff)) for patient, staff in whose.items()
    }


def _rule_files() -> list[tuple[str, str]]:
    return [
        (each.name, each.read_text(encoding="utf-8"))
        for each in sorted((files("billing") / "rule_sets").iterdir(), key=lambda one: one.name)
        if each.name.endswith(".toml")
    ]


def _by(rows: Sequence[Record], name: str) -> dict[Any, list[Record]]:
    found: dict[Any, list[Record]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
