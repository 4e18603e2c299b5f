"""Who pays, whose rules they follow, and what they ask otherwise, by date."""

import datetime as dt
import re
from typing import Final, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from billing.eligibility.policy import Policy
from billing.eligibility.rule_set import RuleBook
from billing.months.records import ClaimForm
from billing.parties import checks
from billing.parties.record_changes import fields_changed, note_record_change
from billing.stated_rules import book_of_practice
from care.errors import InvalidError, NotFoundError, TakenError
from care.fields import one_of, text
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
CORRECTS_BY: Final = ("reopening", "replacement")


class PayerTerms(Struct, frozen=True, kw_only=True):
    """What is said of a payer."""

    name: str
    payer_id: str | None = None
    authority: str | None = None
    """Whose rules it follows; None: nobody has said, and nothing is eligible (R-4)."""
    filing_code: str = "MB"
    claim_form: str = ClaimForm.PROFESSIONAL
    corrects_by: str = "reopening"
    date_range: bool = False
    policy: Policy = Policy()


class PayerRow(Struct, frozen=True, kw_only=True):
    id: UUID
    key: str
    terms: PayerTerms
    retired_at: dt.datetime | None


class RuleTerms(Struct, frozen=True, kw_only=True):
    """What a payer asks of one code between two dates: as billing.eligibility.payers.CodeRule."""

    code: str
    effective_from: dt.date
    effective_to: dt.date | None = None
    accepted: bool = True
    min_days: int | None = None
    max_units: int | None = None
    diagnoses: tuple[str, ...] = ()
    prior_authorisation: bool = False
    modifiers: tuple[str, ...] = ()
    source: str = ""
    source_read_on: dt.date | None = None


class RuleRow(Struct, frozen=True, kw_only=True):
    id: UUID
    terms: RuleTerms
    version: int
    recorded_at: dt.datetime


async def list_payers(conn: Connection, organisation_id: UUID) -> list[PayerRow]:
    """By name."""
    rows = await conn.fetch(QUERIES["payers"], organisation_id)
    return [
        PayerRow(
            id=row["id"],
            key=row["key"],
            terms=PayerTerms(
                **{name: row[name] for name in _PLAIN},
                policy=msgspec.json.decode(row["policy"], type=Policy),
            ),
            retired_at=row["retired_at"],
        )
        for row in rows
    ]


_PLAIN: Final = (
    "name", "payer_id", "authority", "filing_code", "claim_form", "corrects_by", "date_range",
)  # fmt: skip


async def find_payer(conn: Connection, organisation_id: UUID, payer_id: UUID) -> PayerRow:
    rows = await list_payers(conn, organisation_id)
    found = next((each for each in rows if each.id == payer_id), None)
    if found is None:
        raise NotFoundError("payer", "there is no such payer")
    return found


async def add_payer(
    conn: Connection,
    organisation_id: UUID,
    key: str,
    terms: PayerTerms,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> PayerRow:
    """Raises InvalidError with the field; TakenError for a key that is used."""
    if KEY.fullmatch(key) is None:
        raise InvalidError("key", "is small letters, digits and _, beginning with a letter")
    book = await book_of_practice(conn, organisation_id)
    made = await conn.fetchval(
        QUERIES["add payer"], organisation_id, key, *_values(checked_terms(terms, book)), now, actor
    )
    if made is None:
        raise TakenError("key", "names another payer already")
    return await find_payer(conn, organisation_id, made)


async def change_payer(
    conn: Connection,
    organisation_id: UUID,
    payer_id: UUID,
    terms: PayerTerms,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> PayerRow:
    """Its key stays: months that are locked name it. Locked lines keep what they were locked with,
    until somebody else has approved that.
    """
    before = await find_payer(conn, organisation_id, payer_id)
    book = await book_of_practice(conn, organisation_id)
    found = await conn.fetchval(
        QUERIES["change payer"], organisation_id, payer_id, *_values(checked_terms(terms, book)),
        now, actor,
    )  # fmt: skip
    if found is None:
        raise NotFoundError("payer", "there is no such payer")
    after = await find_payer(conn, organisation_id, payer_id)
    await note_record_change(
        conn, organisation_id, "payer", payer_id, fields_changed(before.terms, after.terms),
        actor=actor, now=now,
    )  # fmt: skip
    return after


def checked_terms(typed: PayerTerms, book: RuleBook) -> PayerTerms:
    authority = checks.named("authority", typed.authority)
    if authority is not None and not book.knows(authority):
        raise InvalidError("authority", f"there are no rules of {authority!r} here")
    return PayerTerms(
        name=text("name", typed.name),
        payer_id=checks.named("payer_id", typed.payer_id),
        authority=authority,
        filing_code=checks.filing_code(typed.filing_code),
        claim_form=one_of("claim_form", typed.claim_form, tuple(ClaimForm)),
        corrects_by=one_of("corrects_by", typed.corrects_by, CORRECTS_BY),
        date_range=typed.date_range,
        policy=typed.policy,
    )


def _values(terms: PayerTerms) -> tuple[object, ...]:
    policy = msgspec.to_builtins(terms.policy)
    usual = msgspec.to_builtins(Policy())
    # What is not decided otherwise follows our defaults when those change.
    own = {name: value for name, value in policy.items() if value != usual[name]}
    return (*(getattr(terms, name) for name in _PLAIN), msgspec.json.encode(own).decode())


async def list_rules(conn: Connection, organisation_id: UUID, payer_id: UUID) -> list[RuleRow]:
    """Those that hold: the latest version of each code and date, not withdrawn."""
    rows = await conn.fetch(QUERIES["payer rules"], organisation_id, payer_id)
    return [
        RuleRow(
            id=row["id"],
            terms=msgspec.convert(
                {
                    **msgspec.json.decode(row["rule"]),
                    **{name: row[name] for name in _DATED},
                },
                RuleTerms,
            ),
            version=row["version"],
            recorded_at=row["recorded_at"],
        )
        for row in rows
        if not row["withdrawn"]
    ]


_DATED: Final = ("code", "effective_from", "effective_to", "source", "source_read_on")


async def add_rule(
    conn: Connection,
    organisation_id: UUID,
    payer_id: UUID,
    terms: RuleTerms,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> UUID:
    """Stands in place of an earlier one of the same code and first day; refuses one whose dates
    meet another's, for then nobody could say which of them holds.
    """
    kept = checked_rule(terms)
    await _lock(conn, organisation_id, payer_id)
    for other in await list_rules(conn, organisation_id, payer_id):
        if _clashes(kept, other.terms):
            until = other.terms.effective_to
            raise InvalidError(
                "effective_from",
                f"{other.terms.code} has a rule from {other.terms.effective_from}"
                f"{f' to {until}' if until else ' on'} already: end or withdraw that one first",
            )
    return await _write(conn, organisation_id, payer_id, kept, False, actor, now)


async def withdraw_rule(
    conn: Connection,
    organisation_id: UUID,
    payer_id: UUID,
    rule_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """A new version that says so; what was decided by it stays decided where it is locked."""
    await _lock(conn, organisation_id, payer_id)
    rows = await list_rules(conn, organisation_id, payer_id)
    found = next((each for each in rows if each.id == rule_id), None)
    if found is None:
        raise NotFoundError("rule", "there is no such rule, or it is withdrawn")
    await _write(conn, organisation_id, payer_id, found.terms, True, actor, now)


def checked_rule(typed: RuleTerms) -> RuleTerms:
    checks.day("effective_from", typed.effective_from)
    checks.span(typed.effective_from, typed.effective_to, "effective_to")
    if typed.min_days is not None and not 1 <= typed.min_days <= 30:  # noqa: PLR2004 - a period
        raise InvalidError("min_days", "is from 1 to 30")
    if typed.max_units is not None and not 0 <= typed.max_units <= 99:  # noqa: PLR2004 - two digits
        raise InvalidError("max_units", "is from 0 to 99")
    return msgspec.structs.replace(
        typed,
        code=checks.code(typed.code),
        diagnoses=tuple(_diagnosis(each) for each in typed.diagnoses),
        modifiers=tuple(checks.modifier(each) for each in typed.modifiers),
        source=text("source", typed.source, needed=False),
    )


def _diagnosis(typed: str) -> str:
    """The beginning of a code will do: I1 takes all of them."""
    found = typed.strip().upper().replace(".", "")
    if re.fullmatch(r"[A-Z][0-9][0-9A-Z]{0,5}", found) is None:
        raise InvalidError("diagnoses", f"{typed!r} does not begin an ICD-10 code")
    return found


def _clashes(one: RuleTerms, other: RuleTerms) -> bool:
    if one.code != other.code or one.effective_from == other.effective_from:
        return False
    later, earlier = sorted((one, other), key=lambda each: each.effective_from, reverse=True)
    return earlier.effective_to is None or earlier.effective_to >= later.effective_from


async def _lock(conn: Connection, organisation_id: UUID, payer_id: UUID) -> None:
    if await conn.fetchval(QUERIES["lock payer"], organisation_id, payer_id) is None:
        raise NotFoundError("payer", "there is no such payer")


async def _write(
    conn: Connection,
    organisation_id: UUID,
    payer_id: UUID,
    terms: RuleTerms,
    withdrawn: bool,  # noqa: FBT001 - a column
    actor: UUID | None,
    now: dt.datetime,
) -> UUID:
    told = msgspec.to_builtins(terms)
    rule = {name: value for name, value in told.items() if name not in _DATED}
    made = await conn.fetchval(
        QUERIES["add payer rule"], organisation_id, payer_id, terms.code, terms.effective_from,
        terms.effective_to, msgspec.json.encode(rule).decode(), withdrawn, terms.source,
        terms.source_read_on, None, actor, now,
    )  # fmt: skip
    return cast("UUID", made)
