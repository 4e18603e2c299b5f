"""The limits editor: what holds, tried on the past, saved with a reason, and refused."""

import datetime as dt
import re

import pytest

from store.batch import Row
from store.commit_batch import commit
from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice
from tests.rows import reading, row

DAY = dt.timedelta(days=1)
VERY_HIGH = "value-0-bp-very-high"


def measured(practice: Practice, clock: Clock, systolic: list[float]) -> list[Row]:
    """Twice in the morning of each day, the last yesterday."""
    rows = []
    for number, value in enumerate(systolic):
        for minute in (0, 2):
            at = clock.now - (len(systolic) - number) * DAY + dt.timedelta(minutes=minute)
            rows.append(
                row(
                    reading(measured_at=at, values={"systolic": value, "diastolic": 78.0}),
                    organisation_id=practice.organisation,
                    gateway_id=practice.gateway,
                    patient_id=practice.patient,
                    local_day=at.date(),
                )
            )
    return rows


@pytest.fixture
async def planned(api: Api, north: Practice, pool: Pool, clock: Clock) -> Practice:
    token = await api.signed_in(north, "nurse")
    body = {"programme": "hypertension-us", "reason": "first visit"}
    status, _ = await api.ask("PUT", f"/patients/{north.patient}/limits", token=token, json=body)
    assert status == 200
    async with pool.acquire() as conn:
        for one in measured(north, clock, [120.0] * 10 + [186.0, 121, 120, 184, 120]):
            await commit(conn, [one], received_at=one.reading.measured_at)
    clock.now += dt.timedelta(minutes=1)
    return north


def where(practice: Practice) -> str:
    return f"/patients/{practice.patient}/limits"


def form_in(page: str, **changes: str) -> dict[str, str]:
    """The fields of the page's form as they stand there."""
    (form,) = re.findall(
        r'<form method="post" action="[^"]*/limits" class.*?</form>', page, re.DOTALL
    )
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{each}="([^"]*)"', tag) for each in ("name", "value"))
        if name is None or name[1] == "csrf":
            continue
        ticks = 'type="checkbox"' in tag or 'type="radio"' in tag
        if not ticks or " checked" in tag:
            fields[name[1]] = value[1] if value else ""
    return {name: value for name, value in (fields | changes).items() if value != "gone"}


async def opened(api: Api, practice: Practice, role: str = "nurse") -> tuple[Browser, str]:
    browser = await api.browser(practice, role)
    status, page = await browser.get(where(practice))
    assert status == 200
    return browser, page


async def test_what_holds_is_said_in_words_and_numbers(api: Api, planned: Practice) -> None:
    _, page = await opened(api, planned)
    assert "Version 1 holds since" in page
    assert "systolic at or above 180 mmHg or diastolic at or above 120 mmHg" in page
    assert "confirmed by a repeat within 30 min" in page
    fields = form_in(page)
    assert (fields[VERY_HIGH], fields["clear-0-bp-very-high"]) == ("180", "170")
    assert fields["on-irregular-pulse"] == "yes"


async def test_limits_are_tried_on_the_past_and_nothing_is_saved(
    api: Api, planned: Practice, pool: Pool
) -> None:
    nurse, page = await opened(api, planned)
    sent = form_in(page, **{VERY_HIGH: "190", "clear-0-bp-very-high": "180"})
    status, page = await nurse.send(f"{where(planned)}/try", sent)
    assert status == 200
    rows = dict(
        re.findall(r'<th scope="row">([^<]*)</th>((?:<td class="number">[^<]*</td>)+)', page)
    )
    counts = re.findall(r">([^<]*)<", rows["Very high blood pressure, confirmed"])
    assert [each for each in counts if each] == ["2", "0", "\u22122"]
    assert "Blood pressure: as tried" in page
    assert page.count("critical from 190") >= 1
    assert await pool.fetchval("SELECT count(*) FROM plan_versions") == 1
    assert form_in(page)[VERY_HIGH] == "190"


async def test_what_was_tried_is_saved_with_a_reason(
    api: Api, planned: Practice, clock: Clock
) -> None:
    nurse, page = await opened(api, planned)
    sent = form_in(page, **{VERY_HIGH: "190", "clear-0-bp-very-high": "180"})
    _, page = await nurse.send(f"{where(planned)}/try", sent)
    clock.now += dt.timedelta(minutes=2)
    status, page = await nurse.send(where(planned), form_in(page))
    assert status == 422
    assert "Say why: it stays with this version." in page
    status, _ = await nurse.send(where(planned), form_in(page, reason="usual pressure is higher"))
    assert (status, nurse.where) == (303, where(planned))
    _, page = await nurse.get(where(planned))
    assert "Version 2 holds since" in page
    assert "Changed for this patient" in page
    assert "programme: 180" in page
    assert "usual pressure is higher" in page
    token = await api.signed_in(planned, "nurse")
    _, told = await api.get(where(planned), token)
    assert told["plan"]["overrides"]["rules"] == [
        {"rule": "bp-very-high", "set": {"bounds": [
            {"metric": "systolic", "op": ">=", "value": 190.0, "clear": 180.0},
            {"metric": "diastolic", "op": ">=", "value": 120.0, "clear": 110.0},
        ]}},
    ]  # fmt: skip


async def test_a_rule_is_switched_off_and_on_again(
    api: Api, planned: Practice, clock: Clock
) -> None:
    nurse, page = await opened(api, planned)
    off = form_in(page, **{"on-irregular-pulse": "gone"}, reason="known fibrillation", unseen="yes")
    assert (await nurse.send(where(planned), off))[0] == 303
    clock.now += dt.timedelta(minutes=1)
    _, page = await nurse.get(where(planned))
    assert "on-irregular-pulse" not in form_in(page)
    on = form_in(page, **{"on-irregular-pulse": "yes"}, reason="gone again", unseen="yes")
    assert (await nurse.send(where(planned), on))[0] == 303
    token = await api.signed_in(planned, "nurse")
    _, told = await api.get(where(planned), token)
    assert told["plan"]["overrides"]["rules"] == []


async def test_saving_needs_the_trial_of_just_these_limits_or_a_tick(
    api: Api, planned: Practice
) -> None:
    nurse, page = await opened(api, planned)
    sent = form_in(page, **{VERY_HIGH: "190"}, reason="higher")
    status, page = await nurse.send(where(planned), sent)
    assert status == 422
    assert "Try the limits on the past first" in page
    _, page = await nurse.send(f"{where(planned)}/try", form_in(page))
    other = form_in(page, **{VERY_HIGH: "195"}, reason="higher still")
    assert (await nurse.send(where(planned), other))[0] == 422
    assert (await nurse.send(where(planned), other | {"unseen": "yes"}))[0] == 303


async def test_somebody_elses_change_is_not_overwritten_and_what_was_typed_stays(
    api: Api, planned: Practice, clock: Clock
) -> None:
    nurse, page = await opened(api, planned)
    mine = form_in(page, **{VERY_HIGH: "190"}, reason="mine", unseen="yes")
    other, page = await opened(api, planned, "clinician")
    theirs = form_in(page, **{VERY_HIGH: "185"}, reason="theirs", unseen="yes")
    clock.now += dt.timedelta(minutes=1)
    assert (await other.send(where(planned), theirs))[0] == 303
    clock.now += dt.timedelta(minutes=1)
    status, page = await nurse.send(where(planned), mine)
    assert status == 412
    assert "Somebody has changed the limits since you opened this page." in page
    kept = form_in(page)
    assert kept[VERY_HIGH] == "190"
    assert (await nurse.send(where(planned), kept | {"reason": "mine", "unseen": "yes"}))[0] == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({VERY_HIGH: "high"}, "Type a number."),
        ({VERY_HIGH: ""}, "Type a number."),
        ({VERY_HIGH: "1e9"}, "Type a number."),
        ({VERY_HIGH: "20000"}, "no systolic that is measured"),
        ({VERY_HIGH: "165"}, "Must be below the limit, where the alert begins."),
        ({"when": "later", "from_day": "soon"}, "Must be a date"),
        ({"when": "later", "from_day": "2020-01-01"}, "Lies not ahead"),
        ({"reason": "x" * 201}, "at most 200"),
    ],
)
async def test_limits_that_cannot_be_are_told_beside_their_field(
    api: Api, planned: Practice, pool: Pool, changes: dict[str, str], words: str
) -> None:
    nurse, page = await opened(api, planned)
    sent = form_in(page, **({VERY_HIGH: "190", "reason": "higher", "unseen": "yes"} | changes))
    status, page = await nurse.send(where(planned), sent)
    assert status == 422
    found = re.findall(r'class="fault"[^>]*>([^<]*)<', page)
    assert any(words.lower() in each.lower() for each in found), found
    assert await pool.fetchval("SELECT count(*) FROM plan_versions") == 1


async def test_limits_from_a_later_day_are_listed_and_withdrawn(
    api: Api, planned: Practice, clock: Clock
) -> None:
    nurse, page = await opened(api, planned)
    assert "Over again" not in page
    assert "Good again at or below" in page
    assert "Good again at or above" in page
    day = (clock.now + 3 * DAY).date().isoformat()
    sent = form_in(page, **{VERY_HIGH: "190"}, reason="from the visit on", unseen="yes",
                   when="later", from_day=day)  # fmt: skip
    assert (await nurse.send(where(planned), sent))[0] == 303
    _, page = await nurse.get(where(planned))
    assert "Version 1 holds since" in page
    assert "Version 2 begins" in page
    gone = {"version": "2", "withdraw_reason": ""}
    assert (await nurse.send(f"{where(planned)}/withdraw", gone))[0] == 422
    gone["withdraw_reason"] = "the visit is off"
    assert (await nurse.send(f"{where(planned)}/withdraw", gone))[0] == 303
    _, page = await nurse.get(where(planned))
    assert "the visit is off" in page
    assert "Version 2 begins" not in page


async def test_numbers_stand_in_the_patients_units_and_keep_their_exact_value(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    body = {"programme": "heart-failure", "reason": "first visit"}
    await api.ask("PUT", where(north), token=token, json=body)
    clock.now += dt.timedelta(minutes=1)
    nurse, page = await opened(api, north)
    pounds = [name for name in form_in(page) if "weight" in name]
    assert "lb" in page
    assert pounds
    sent = form_in(page, **{"on-irregular-pulse": "gone"}, reason="x", unseen="yes")
    assert (await nurse.send(where(north), sent))[0] == 303
    _, told = await api.get(where(north), token)
    assert not any("weight" in each["rule"] for each in told["plan"]["overrides"]["rules"])


async def test_numbers_typed_beside_one_unit_are_not_taken_in_another(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    body = {"programme": "heart-failure", "reason": "first visit"}
    await api.ask("PUT", where(north), token=token, json=body)
    clock.now += dt.timedelta(minutes=1)
    nurse, page = await opened(api, north)
    was = form_in(page)
    rise = next(name for name in was if name.startswith("value-") and "weight" in name)
    sent = was | {rise: "3", "reason": "three pounds", "unseen": "yes"}
    await pool.execute("UPDATE patients SET weight_unit = 'kg' WHERE id = $1", north.patient)
    for path in (f"{where(north)}/try", where(north)):
        status, page = await nurse.send(path, sent)
        assert status == 412
        assert "type your numbers again" in page
    # What holds, in the units of now; three kilograms are more than was meant.
    now = form_in(page)
    assert now[rise] not in {"3", was[rise]}
    assert "three pounds" in page
    sent = now | {"reason": "as it was", "unseen": "yes"}
    assert (await nurse.send(where(north), sent))[0] == 303
    _, told = await api.get(where(north), token)
    assert told["plan"]["overrides"]["rules"] == []


async def test_readers_see_and_do_not_change(api: Api, planned: Practice) -> None:
    for role in ("biller", "auditor"):
        browser, page = await opened(api, planned, role)
        assert "Save the limits" not in page
        for path in (where(planned), f"{where(planned)}/try", f"{where(planned)}/withdraw"):
            assert (await browser.send(path, {"reason": "x"}))[0] == 403
    patient = await api.browser(planned, "patient")
    assert (await patient.get(where(planned)))[0] == 403


async def test_without_a_plan_the_page_says_so(api: Api, north: Practice) -> None:
    nurse, page = await opened(api, north)
    assert "No plan is in force" in page
    for path in (where(north), f"{where(north)}/try"):
        status, page = await nurse.send(path, {"reason": "x"})
        assert status == 200
        assert "No plan is in force" in page


async def test_another_organisations_patient_is_nobody(
    api: Api, planned: Practice, south: Practice
) -> None:
    other = await api.browser(south, "nurse")
    assert (await other.get(where(planned)))[0] == 404
    for path in (where(planned), f"{where(planned)}/try", f"{where(planned)}/withdraw"):
        assert (await other.send(path, {"reason": "x"}))[0] == 404
