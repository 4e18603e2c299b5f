"""R-3: the rules that a practice works by: looked at, imported as files, confirmed for longer.

Whatever is stated stays: a set is never edited and a confirmation never taken back. Months that are
locked keep what they were locked with; open ones are worked out anew.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from billing.eligibility.rule_set import RuleSet
from billing.months.sources import practice_zone
from billing.parties.rule_file import check_added, check_taken, given
from billing.rule_books import Stated, book_of
from billing.rule_files import authority_of, shipped_text
from billing.rule_notice import Notice, horizon, named, notices
from billing.stated_rules import QUERIES, stated_by
from care.errors import InvalidError, NotFoundError
from care.fields import text as checked_text
from store.pool import Connection

UNNAMED: Final = "The file"


class RuleSetRow(Struct, frozen=True, kw_only=True):
    """One set, and where it comes from."""

    name: str
    authority: str
    authority_name: str
    effective_from: dt.date
    effective_to: dt.date | None
    """The last day on which it holds; None: until another one follows."""
    confirmed_through: dt.date
    version: int
    origin: Literal["shipped", "imported"]
    file: str
    source_read_on: dt.date | None
    sources: tuple[str, ...]
    """Short names of the pages that its rows were read from."""
    certainty: dict[str, int]
    """How many rows are how sure: V+, V1, K, P, C."""
    codes: int


class StatementRow(Struct, frozen=True, kw_only=True):
    """What somebody has stated: a file imported, or a set confirmed."""

    id: int
    kind: Literal["imported", "confirmed"]
    name: str
    version: int
    file: str
    sha256: str
    confirmed_through: dt.date
    reason: str
    recorded_by: str
    recorded_at: dt.datetime
    replaces: tuple[str, ...] = ()
    """Sets of which it takes days that were confirmed."""


class RuleSets(Struct, frozen=True, kw_only=True):
    items: tuple[RuleSetRow, ...]
    """By authority, the latest first."""
    statements: tuple[StatementRow, ...]
    """The latest first."""
    notices: tuple[Notice, ...]
    """Of rules that end within 60 days, or have ended."""
    latest: dt.date
    """No set can be confirmed for longer today."""


async def list_rule_sets(conn: Connection, organisation_id: UUID, *, now: dt.datetime) -> RuleSets:
    today = await _today(conn, organisation_id, now)
    return told(await stated_by(conn, organisation_id), today)


async def file_of(conn: Connection, organisation_id: UUID, name: str) -> str:
    """The file that has a set, as it was shipped or imported. Raises NotFoundError."""
    stated = await stated_by(conn, organisation_id)
    book = book_of(stated)
    if not any(each.name == name for each in book.sets()):
        raise NotFoundError("name", f"there is no rule set {name!r}")
    bodies = {(each.name, each.version): each.body for each in stated if each.body is not None}
    own = [body for (whose, _), body in sorted(bodies.items()) if whose == name]
    return own[-1] if own else shipped_text(book.file_of(name))


async def import_rules(
    conn: Connection,
    organisation_id: UUID,
    text: str,
    *,
    file: str = "",
    reason: str,
    replaces: Iterable[str] = (),
    actor: UUID | None,
    now: dt.datetime,
) -> RuleSets:
    """All of the file or nothing, in the transaction that it is called in. Days for which another
    set is confirmed are taken only from those that are named in `replaces`. Raises FaultsError with
    every fault of the file, TakenError for a set that is there, InvalidError where dates do not
    fit.
    """
    where = checked_text("file_name", file, needed=False) or UNNAMED
    why = checked_text("reason", reason)
    today = await _today(conn, organisation_id, now)
    new = given(text, where, today=today)
    await conn.execute(QUERIES["lock"], str(organisation_id))
    stated = await stated_by(conn, organisation_id)
    check_added(new, stated)
    taken = check_taken(new, book_of(stated).sets(), replaces)
    await conn.execute(
        QUERIES["state"], organisation_id, "imported", new.rules.name, new.rules.version, new.body,
        where, hashlib.sha256(new.body.encode()).hexdigest(), new.rules.confirmed_through, why,
        actor, now, list(taken),
    )  # fmt: skip
    return told(await stated_by(conn, organisation_id), today)


async def confirm(
    conn: Connection,
    organisation_id: UUID,
    name: str,
    *,
    through: dt.date,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
) -> RuleSets:
    """For longer, never for shorter. Raises NotFoundError for a set that is not there."""
    why = checked_text("reason", reason)
    today = await _today(conn, organisation_id, now)
    await conn.execute(QUERIES["lock"], str(organisation_id))
    book = book_of(await stated_by(conn, organisation_id))
    rules = next((each for each in book.sets() if each.name == name), None)
    if rules is None:
        raise NotFoundError("name", f"there is no rule set {name!r}")
    check_confirmed(rules, through, today=today)
    await conn.execute(
        QUERIES["state"], organisation_id, "confirmed", name, rules.version, None,
        book.file_of(name), digest_of(rules), through, why, actor, now, [],
    )  # fmt: skip
    return told(await stated_by(conn, organisation_id), today)


def check_confirmed(rules: RuleSet, through: dt.date, *, today: dt.date) -> None:
    """Raises InvalidError; pure."""
    if through <= rules.confirmed_through:
        raise InvalidError(
            "through",
            f"the set {rules.name} is confirmed through {rules.confirmed_through} already: "
            "name a later day. A confirmation is never taken back",
        )
    if rules.effective_to is not None and through > rules.effective_to:
        raise InvalidError(
            "through", f"the set {rules.name} ends on {rules.effective_to}: name that day at most"
        )
    if through > (most := horizon(today)):
        raise InvalidError(
            "through",
            f"{most} at most: nobody can have read what holds after it",
        )


def told(stated: tuple[Stated, ...], today: dt.date) -> RuleSets:
    """Pure."""
    book = book_of(stated)
    items = sorted(book.sets(), key=lambda each: each.effective_from, reverse=True)
    items.sort(key=lambda each: authority_of(each.name))
    return RuleSets(
        items=tuple(_row(each, stated, book.file_of(each.name)) for each in items),
        statements=tuple(_statement(each) for each in reversed(stated)),
        notices=tuple(notices(book, today)),
        latest=horizon(today),
    )


def digest_of(rules: RuleSet) -> str:
    return hashlib.sha256(msgspec.json.encode(rules, order="sorted")).hexdigest()


async def _today(conn: Connection, organisation_id: UUID, now: dt.datetime) -> dt.date:
    return now.astimezone(await practice_zone(conn, organisation_id)).date()


def _row(rules: RuleSet, stated: Iterable[Stated], file: str) -> RuleSetRow:
    rows = list(rules.rows())
    own = any(each.kind == "imported" and each.name == rules.name for each in stated)
    return RuleSetRow(
        name=rules.name,
        authority=authority_of(rules.name),
        authority_name=named(authority_of(rules.name)),
        effective_from=rules.effective_from,
        effective_to=rules.effective_to,
        confirmed_through=rules.confirmed_through,
        version=rules.version,
        origin="imported" if own else "shipped",
        file=file,
        source_read_on=rules.source_read_on,
        sources=tuple(dict.fromkeys(row.source for row in rows if row.source)),
        certainty=dict(Counter(row.certainty for row in rows)),
        codes=len({row.code for row in rows}),
    )


def _statement(each: Stated) -> StatementRow:
    said = msgspec.structs.asdict(each)
    return StatementRow(**{name: said[name] for name in StatementRow.__struct_fields__})
