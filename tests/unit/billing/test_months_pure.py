"""Months, hashes and words: what needs no database."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from billing.months.calendar import month_named, months_between
from billing.months.entry_words import mode_of, role_of
from billing.months.line_rows import line_id, named
from billing.months.records import LineOf, Status
from billing.months.seal import canonical, digest, digest_of_stored, month_digest
from billing.months.states import BILLED, NEXT, check_move, first_status
from care.errors import NotFoundError, TakenError

NEW_YORK = ZoneInfo("America/New_York")
ONE, TWO = UUID(int=1), UUID(int=2)


def line(**changes: Any) -> LineOf:
    fields: dict[str, Any] = {
        "line_id": ONE, "service": "rpm", "scope": "supply", "code": "99454", "units": 1,
        "dos_from": dt.date(2026, 10, 31), "dos_to": dt.date(2026, 10, 31),
        "place_of_service": "11", "diagnoses": ("I10",), "rendering": None, "ordering": None,
        "window_from": dt.date(2026, 10, 2), "window_to": dt.date(2026, 10, 31),
        "charge": Decimal("104.22"), "rule_set": "medicare-2026", "rules": ("D-1",), "why": "",
    }  # fmt: skip
    return LineOf(**(fields | changes))


@pytest.mark.parametrize(
    ("name", "last", "begins", "ends"),
    [
        ("2026-02", 28, "2026-02-01T05:00+00:00", "2026-03-01T05:00+00:00"),
        ("2024-02", 29, "2024-02-01T05:00+00:00", "2024-03-01T05:00+00:00"),
        # Clocks go back on the first: the month is an hour longer.
        ("2026-11", 30, "2026-11-01T04:00+00:00", "2026-12-01T05:00+00:00"),
    ],
)
def test_a_month_is_the_practices_own(name: str, last: int, begins: str, ends: str) -> None:
    month = month_named(name, NEW_YORK)
    assert month.last.day == last
    assert month.begins_at == dt.datetime.fromisoformat(begins)
    assert month.ends_at == dt.datetime.fromisoformat(ends)


@pytest.mark.parametrize("name", ["", "2026", "2026-00", "2026-13", "26-10", "2026-10-01", "x"])
def test_what_is_no_month_is_not_found(name: str) -> None:
    with pytest.raises(NotFoundError):
        month_named(name, NEW_YORK)


@pytest.mark.parametrize(
    ("minutes", "names"), [(0, ["2026-10"]), (1, ["2026-10", "2026-11"]), (-1, ["2026-10"])]
)
def test_time_belongs_to_the_months_that_it_touches(minutes: int, names: list[str]) -> None:
    midnight = dt.datetime(2026, 11, 1, tzinfo=NEW_YORK).astimezone(dt.UTC)
    end = midnight + dt.timedelta(minutes=minutes)
    found = months_between(midnight - dt.timedelta(minutes=5), end, NEW_YORK)
    assert [each.name for each in found] == names


def test_a_hash_is_the_same_of_what_was_made_and_of_what_was_stored() -> None:
    made = line(why="Größer als ≥ 16\nTage")
    stored = canonical(made).decode()
    assert digest(made) == digest_of_stored(stored)
    # As jsonb gives it back: other spaces, another order.
    again = msgspec.json.format(stored.encode(), indent=2).decode()
    assert digest_of_stored(again) == digest(made)
    assert digest(line(charge=Decimal("104.23"))) != digest(made)


def test_the_hash_of_a_month_knows_who_is_in_it_and_no_order() -> None:
    head = {"month": "2026-10"}
    both = [(ONE, "a" * 64), (TWO, "b" * 64)]
    assert month_digest(head, both) == month_digest(head, both[::-1])
    assert len({
        month_digest(head, both), month_digest(head, both[:1]), month_digest({}, both),
        month_digest(head, [(ONE, "b" * 64), (TWO, "a" * 64)]),
    }) == 4  # fmt: skip


def test_a_line_id_is_made_of_what_a_line_is_and_of_nothing_else() -> None:
    first = dt.date(2026, 10, 2)
    made = line_id(ONE, "rpm", first, "supply", "99454")
    assert made == line_id(ONE, "rpm", first, "supply", "99454")
    others = [
        line_id(TWO, "rpm", first, "supply", "99454"),
        line_id(ONE, "rtm", first, "supply", "99454"),
        line_id(ONE, "rpm", dt.date(2026, 10, 3), "supply", "99454"),
        line_id(ONE, "rpm", first, "setup", "99454"),
        line_id(ONE, "rpm", first, "supply", "99445"),
    ]
    assert len({made, *others}) == 6


@pytest.mark.parametrize(
    ("typed", "family", "given"),
    [
        ("Maria Lopez", "Lopez", "Maria"), ("Lopez, Maria", "Lopez", "Maria"),
        ("Dr. Lopez", "Lopez", ""), ("Dr. Maria de la Cruz", "Cruz", "Maria de la"),
        ("Lopez", "Lopez", ""), ("Dr.", "Dr.", ""),
    ],
)  # fmt: skip
def test_a_name_is_read_as_people_write_it(typed: str, family: str, given: str) -> None:
    found = named(typed, None)
    assert (found.family_name, found.given_name) == (family, given)


@pytest.mark.parametrize(
    ("credential", "role", "found"),
    [
        ("RN", "nurse", "RN"), ("R.N., CDE", "nurse", "RN"), ("", "nurse", "RN"),
        ("", "clinician", "MD"), ("NP", "clinician", "NP"), ("", "admin", "ADMIN"),
        ("RN", "admin", "RN"), ("Esq.", "admin", "ADMIN"),
    ],
)  # fmt: skip
def test_who_somebody_is_is_said_by_their_credential(
    credential: str, role: str, found: str
) -> None:
    assert role_of(credential, role) == found


@pytest.mark.parametrize(
    ("mode", "with_whom", "found"),
    [
        ("live_phone", "patient", "phone_live"), ("live_video", "caregiver", "video_live"),
        ("in_person", "patient", "in_person_live"), ("live_phone", "colleague", "async"),
        ("none", "patient", "async"),
    ],
)  # fmt: skip
def test_a_talk_with_a_colleague_is_no_contact(mode: str, with_whom: str, found: str) -> None:
    assert mode_of(mode, with_whom) == found


def test_a_line_never_leaves_what_was_billed_without_a_word() -> None:
    for status in BILLED - {Status.APPROVED}:
        assert not NEXT[status] & {Status.DRAFT, Status.READY, Status.HELD, Status.APPROVED}
    assert all(Status.EXPORTED not in NEXT[each] for each in (Status.DRAFT, Status.HELD))
    with pytest.raises(TakenError, match="held does not become exported"):
        check_move(Status.HELD, Status.EXPORTED)
    assert set(NEXT) == set(Status)


def test_what_lacks_something_is_a_draft() -> None:
    assert (first_status(()), first_status(("NO_MEMBER_ID",))) == (Status.READY, Status.DRAFT)
