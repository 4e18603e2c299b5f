"""What pages of billing say and arrange, without a database."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from billing.eligibility.policy import Policy
from billing.eligibility.result import Why, Window
from billing.forecast.outlook import Forecast, Goal, Outlook, Reach
from billing.months.outlooks import PatientForecast
from billing.months.records import DayRow, LineOf, MonthHead, NotEligible, Practice, TimeRow
from billing.months.views import Cell, Review, ReviewRow, Verdict
from care.errors import InvalidError
from console.billing import policy_words, words
from console.billing.acting import versions_in
from console.billing.causes import cause_words
from console.billing.days import periods_of
from console.billing.foreseen import with_forecasts
from console.billing.grid import Wanted, columns_of, grid_of, wanted_of
from console.billing.time_rows import by_service
from console.billing.work_list import PER_PAGE, have, needed, page_of, tasks_of, until
from console.web.formats import zip_code
from console.web.forms import Form

NEW_YORK = ZoneInfo("America/New_York")
NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
FIRST = dt.date(2026, 10, 2)
DAY = dt.timedelta(days=1)


def cell(code: str = "99454", verdict: Verdict = Verdict.BILLABLE, **changes: Any) -> Cell:
    fields: dict[str, Any] = {
        "code": code, "service": "rpm", "scope": "supply", "verdict": verdict, "why": "16 days",
        "line_id": UUID(int=1) if verdict is Verdict.BILLABLE else None,
        "status": "ready" if verdict is Verdict.BILLABLE else None, "units": 1,
        "charge": Decimal("100.00") if verdict is Verdict.BILLABLE else None,
    }  # fmt: skip
    return Cell(**(fields | changes))


def review(*rows: tuple[str, str, tuple[Cell, ...]]) -> Review:
    head = MonthHead(
        month="2026-10",
        practice=Practice(organisation_id=UUID(int=9), name="North", zone="America/New_York"),
        rule_sets=(), rules_digest="", evaluated_at=NOON,
    )  # fmt: skip
    return Review(
        head=head, etag="e", state="open", evaluated_at=NOON, statuses={"ready": 1}, totals={},
        rows=tuple(
            ReviewRow(patient_id=UUID(int=at), mrn=str(at), family_name=family, given_name="Ada",
                      payer=payer, cells=cells)
            for at, (family, payer, cells) in enumerate(rows)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "said"),
    [(None, "–"), (Decimal("1234.5"), "$1,234.50"), (Decimal(0), "$0.00")],  # noqa: RUF001
)
def test_money_is_said_to_the_cent_and_what_is_unknown_is_no_zero(
    amount: Decimal | None, said: str
) -> None:
    assert words.money(amount) == said


@pytest.mark.parametrize(
    ("month", "step", "said"),
    [("2026-01", -1, "2025-12"), ("2026-12", 1, "2027-01"), ("2026-06", -17, "2025-01")],
)
def test_months_follow_each_other_over_the_year(month: str, step: int, said: str) -> None:
    assert words.beside(month, step) == said


def test_words_that_nobody_has_thought_of_are_made_readable() -> None:
    assert words.why_of("SOMETHING_NEW") == "Something new"
    assert words.flag_of("LATE_MOON") == "Late moon."
    assert words.why_of(Why.NO_CONSENT) == "No consent is recorded"
    assert words.minutes(1199) == "19:59 min"


def test_the_grid_takes_what_the_address_asks_for() -> None:
    no = cell("99470", Verdict.IMPOSSIBLE, scope="mgmt")
    seen = review(
        ("Äbel", "Medicare", (cell(), no)), ("Baker", "Blue", (cell("99445", charge=None),))
    )
    every = grid_of(seen, Wanted())
    assert (every.patients, every.charge, every.without_fee) == (2, Decimal("100.00"), 1)
    assert every.tally == {"billable": 2, "not_yet": 0, "impossible": 1}
    assert grid_of(seen, Wanted(verdict="impossible")).patients == 1
    assert grid_of(seen, Wanted(code="99445")).lines[0].row.family_name == "Baker"
    assert grid_of(seen, Wanted(payer="Blue")).patients == 1
    assert grid_of(seen, Wanted(search="ada abel")).patients == 1
    assert grid_of(seen, Wanted(search="abel ben")).patients == 0
    assert grid_of(seen, Wanted(status="paid")).patients == 0
    assert [key for key, _ in columns_of(every.lines)] == ["setup", "supply", "mgmt"]


@pytest.mark.parametrize(("patients", "pages"), [(0, 1), (50, 1), (51, 2), (100, 2), (101, 3)])
def test_a_page_of_the_grid_has_fifty_patients(patients: int, pages: int) -> None:
    seen = review(*[(f"P{number:03}", "M", (cell(),)) for number in range(patients)])
    assert grid_of(seen, Wanted(page=999)).pages == pages
    assert len(grid_of(seen, Wanted()).lines) == min(patients, 50)


def test_addresses_that_make_no_sense_ask_for_everything_and_hold_no_names() -> None:
    found = wanted_of({"verdict": "x", "status": "y", "page": "-1"}, search="  Ada ")
    assert (found.verdict, found.status, found.page, found.search) == ("", "", 1, "Ada")
    assert found.query() == ""
    assert Wanted(verdict="not_yet", page=3, search="Ada").query(code="99454") == (
        "verdict=not_yet&code=99454"
    )


def day_row(number: int, **changes: Any) -> DayRow:
    at = dt.datetime.combine(FIRST + number * DAY, dt.time(12), dt.UTC)
    fields: dict[str, Any] = {
        "local_date": FIRST + number * DAY, "window_no": 1, "device_id": UUID(int=5),
        "device_serial": "1", "source": "device_auto", "first_measured_at": at,
        "first_received_at": at, "readings": 2, "counted": True,
    }  # fmt: skip
    return DayRow(**(fields | changes))


def line(**changes: Any) -> LineOf:
    fields: dict[str, Any] = {
        "line_id": UUID(int=1), "service": "rpm", "scope": "supply", "code": "99445", "units": 1,
        "dos_from": FIRST + 29 * DAY, "dos_to": FIRST + 29 * DAY, "place_of_service": "11",
        "diagnoses": ("I10",), "rendering": None, "ordering": None, "window_from": FIRST,
        "window_to": FIRST + 29 * DAY, "rule_set": "medicare-2026", "rules": (), "why": "",
    }  # fmt: skip
    return LineOf(**(fields | changes))


def test_days_of_a_period_are_squares_that_count_once_and_say_why_not() -> None:
    rows = [
        day_row(0), day_row(0, device_id=UUID(int=6), readings=1),
        day_row(1, source="typed", counted=False, reason="typed by hand"),
        day_row(2, counted=False, reason="not the patient"), day_row(40, window_no=2),
    ]  # fmt: skip
    first, after = periods_of(rows, [line()], [])
    assert [each.state for each in first.squares[:4]] == ["counted", "typed", "left", "none"]
    assert first.squares[1].words == "typed by hand"
    assert (first.counted, first.sent, first.typed, first.left) == (1, 5, 2, 4)
    assert len(first.squares) == 30
    assert (after.line, after.refused, after.counted) == (None, None, 1)


def test_a_refused_period_keeps_its_reason() -> None:
    none = NotEligible(
        service="rpm", scope="supply", window_from=FIRST, window_to=FIRST + 29 * DAY,
        reason=Why.BELOW_MIN_DAYS, why="1 of 2 days",
    )  # fmt: skip
    (found,) = periods_of([day_row(3)], [], [none])
    assert (found.refused, found.line) == (none, None)


def time_row(number: int, service: str, logged: int, counted: int, **changes: Any) -> TimeRow:
    at = NOON + number * dt.timedelta(hours=1)
    fields: dict[str, Any] = {
        "entry_id": UUID(int=number), "service": service, "staff_id": UUID(int=1),
        "staff_name": "Ann", "credential": "RN", "role": "nurse", "started_at": at,
        "ended_at": at + dt.timedelta(seconds=logged), "seconds_logged": logged,
        "seconds_counted": counted, "mode": "live_phone", "live_contact": True,
        "with_whom": "patient", "activity": "call", "note": "", "recorded_at": at,
        "recorded_by": "Ann",
    }  # fmt: skip
    return TimeRow(**(fields | changes))


def test_time_is_summed_by_service_with_what_is_lost() -> None:
    first, second = by_service(
        [time_row(1, "CCM", 300, 300), time_row(2, "rpm", 900, 600), time_row(3, "rpm", 60, 0)]
    )
    assert (first.service, first.logged, first.counted, first.lost, first.live) == (
        "rpm", 960, 600, 360, 1,
    )  # fmt: skip
    assert second.service == "ccm"


def forecast(*goals: Goal, blocked: tuple[Why, ...] = ()) -> PatientForecast:
    outlook = Outlook(
        scope="supply", program="RPM", window=Window(first=FIRST, last=FIRST + 29 * DAY),
        days_left=3, have=14, goals=goals, blocked=blocked,
    )  # fmt: skip
    told = Forecast(patient="p", payer="medicare_ffs", now=NOON, outlooks=(outlook,))
    return PatientForecast(
        patient_id=UUID(int=1), mrn="1", family_name="Able", given_name="Ada",
        phone="+1 (202) 555-0100", zone="America/New_York", payer="Medicare", forecast=told,
    )  # fmt: skip


def goal(need: int, reach: Reach = Reach.POSSIBLE, **changes: Any) -> Goal:
    fields: dict[str, Any] = {
        "code": "99454", "unit": "days", "have": 14, "need": need, "reach": reach,
        "latest": FIRST + 27 * DAY,
    }  # fmt: skip
    return Goal(**(fields | changes))


@pytest.mark.parametrize(("need", "kind"), [(15, "nearly"), (17, "nearly"), (18, "all")])
def test_whoever_is_three_days_short_or_less_is_nearly_there(need: int, kind: str) -> None:
    (task,) = tasks_of([forecast(goal(need))])
    assert task.kind == kind
    assert task.tel == "+12025550100"
    assert needed(goal(15)) == "1 more day with readings"
    assert have(task) == f"14 of {need} days"


def test_where_a_payer_takes_none_of_the_codes_there_is_nothing_to_do() -> None:
    contact = goal(1, unit="contacts", code="live_contact", have=0)
    assert tasks_of([forecast(), forecast(contact)]) == []


def test_each_way_to_stand_has_its_place_in_the_list() -> None:
    seconds = goal(1200, unit="seconds", have=1050, code="99457")
    contact = goal(1, unit="contacts", have=0)
    (blocked,) = tasks_of([forecast(goal(16), blocked=(Why.NO_CONSENT,))])
    assert (blocked.kind, blocked.words) == ("blocked", "No consent is recorded")
    assert tasks_of([forecast(goal(16, Reach.IMPOSSIBLE))])[0].kind == "impossible"
    assert tasks_of([forecast(goal(14, Reach.REACHED))])[0].kind == "reached"
    assert needed(seconds) == "2:30 min more of care time"
    assert needed(contact) == "one live conversation"
    assert needed(goal(1, unit="contacts", code="reading_in_month", have=0)) == (
        "one reading from a device"
    )
    nearly = tasks_of([forecast(goal(16), seconds, contact)])
    assert {have(each) for each in nearly} == {"14 of 16 days", "none yet", "17:30 min, 20 needed"}
    assert have(blocked) == "–"  # noqa: RUF001 - a dash
    (task,) = tasks_of([forecast(goal(16))])
    assert until(task) == "31 Oct 2026, begun by 29 Oct 2026"


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ({"kind": "readings arrived", "of": "2026-10-31", "readings": 2},
         "2 readings of 31 Oct 2026 arrived."),
        ({"kind": "entry corrected", "seconds_logged": [600, 540], "by_name": "Ann",
          "reason": "my watch"}, "Time was corrected, 10:00 min to 9:00 min by Ann: my watch"),
        ({"kind": "entry added", "seconds_logged": [None, 60]}, "Time was written down, 1:00 min."),
        ({"kind": "moon_rose"}, "Moon rose."),
        ({}, "Something changed."),
    ],
)  # fmt: skip
def test_what_happened_after_the_lock_is_said_in_a_sentence(
    cause: dict[str, Any], said: str
) -> None:
    assert cause_words(cause, NEW_YORK) == said


def test_a_cause_without_a_time_that_can_be_read_is_told_without_one() -> None:
    told = cause_words({"kind": "entry added", "at": "soon", "of": NOON.isoformat()}, NEW_YORK)
    assert told == "Time was written down, of Fri 20 Nov 2026, 12:00."


def test_every_question_of_a_payer_is_one_of_the_policy_and_keeps_what_is_not_asked() -> None:
    asked = {each.name for each in policy_words.QUESTIONS}
    assert asked <= set(Policy.__struct_fields__)
    for each in policy_words.QUESTIONS:
        if each.kind == "choice":
            assert getattr(Policy(), each.name) in dict(each.choices), each.name
    values = policy_words.values_of(Policy())
    pairs = [
        (name, "yes" if value is True else str(value))
        for name, value in values.items()
        if value is not False
    ]
    assert policy_words.policy_in(Form(tuple(pairs)), Policy()) == Policy()


@pytest.mark.parametrize("text", ["", "x", "1:2", f"{UUID(int=1)}", f"{UUID(int=1)}:-1"])
def test_a_form_that_names_no_line_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        versions_in([text])


def test_a_running_month_says_how_far_each_code_is_and_crosses_what_no_longer_can() -> None:
    open_ = cell("", Verdict.NOT_YET, reason=Why.WINDOW_OPEN, why="The window is not over yet.")
    decided = cell("99454")
    goals = (
        goal(2, Reach.REACHED, code="99445", words="14 of 2 days"),
        goal(16, Reach.IMPOSSIBLE, words="2 more days needed, 1 left"),
    )
    ahead = forecast(*goals)
    ahead = msgspec.structs.replace(ahead, patient_id=UUID(int=0))
    (row,) = with_forecasts(review(("Able", "M", (decided, open_))), [ahead]).rows
    assert [(each.code, each.verdict) for each in row.cells] == [
        ("99454", "billable"), ("99445", "not_yet"), ("99454", "impossible"),
    ]  # fmt: skip
    assert row.cells[1].why == "Reached so far, 14 of 2 days; decided after 31 Oct 2026"
    assert row.cells[2].why == "2 more days needed, 1 left"


def test_what_is_blocked_or_not_foreseen_stays_as_the_evaluator_says() -> None:
    open_ = cell("", Verdict.NOT_YET, reason=Why.WINDOW_OPEN)
    seen = review(("Able", "M", (open_,)))
    assert with_forecasts(seen, []).rows[0].cells == (open_,)
    blocked = forecast(goal(16), blocked=(Why.NO_CONSENT,))
    blocked = msgspec.structs.replace(blocked, patient_id=UUID(int=0))
    assert with_forecasts(seen, [blocked]).rows[0].cells == (open_,)


@pytest.mark.parametrize(
    ("count", "asked", "shown"),
    [
        (0, "", (0, 1, 1)),
        (PER_PAGE, "2", (PER_PAGE, 1, 1)),
        (PER_PAGE + 1, "2", (1, 2, 2)),
        (PER_PAGE + 1, "0", (PER_PAGE, 1, 2)),
        (PER_PAGE + 1, "99999", (PER_PAGE, 1, 2)),
        (PER_PAGE + 1, "x", (PER_PAGE, 1, 2)),
    ],
)
def test_the_work_list_has_pages(count: int, asked: str, shown: tuple[int, int, int]) -> None:
    some, number, pages = page_of([object()] * count, {"page": asked})  # type: ignore[list-item]
    assert (len(some), number, pages) == shown


def test_what_was_replaced_or_taken_back_is_no_line_of_the_month() -> None:
    assert words.standing({"paid": 55, "approved": 8, "corrected": 1, "void": 2}) == 63


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("10001", "10001"),
        ("10001999", "10001999"),
        ("100019998", "10001-9998"),
        ("10001-9998", "10001-9998"),
    ],
)
def test_nine_digits_of_a_zip_code_have_their_hyphen(digits: str, shown: str) -> None:
    assert zip_code(digits) == shown
