"""Teams, consents, orders, episodes and changes of a patient, with who did it and why."""

import datetime as dt
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from care.changes import list_changes
from care.consents import add_consent, list_consents, withdraw_consent
from care.episodes import end_episode, list_episodes, start_episode
from care.errors import CareError, InvalidError, NotFoundError, TakenError
from care.orders import add_order, end_order, list_orders
from care.patients import update_patient
from care.plans import list_plans, set_plan
from care.teams import add_member, list_team, remove_member
from store.pool import Connection
from tests.integration.care.conftest import NOW, Clinic

DAY, INSTANT = dt.timedelta(days=1), dt.timedelta(microseconds=1)
NOBODY = UUID(int=7)
NPI = "1234567893"


async def account(conn: Connection, clinic: Clinic, name: str, role: str) -> UUID:
    made: UUID = await conn.fetchval(
        "INSERT INTO users (organisation_id, username, password_hash, role)"
        " VALUES ($1, $2, '-', $3) RETURNING id",
        clinic.organisation.id, name, role,
    )  # fmt: skip
    return made


def where(clinic: Clinic) -> dict[str, Any]:
    return {"organisation_id": clinic.organisation.id, "patient_id": clinic.ann.id}


BY: dict[str, Any] = {"actor": None, "now": NOW}


async def test_people_join_a_team_and_leave_it(conn: Connection, clinic: Clinic) -> None:
    joy = await account(conn, clinic, "joy", "nurse")
    made = await add_member(conn, **where(clinic), user_id=joy, starts_at=NOW, **BY)
    assert (made.username, made.role, made.ends_at) == ("joy", "nurse", None)
    with pytest.raises(TakenError, match="joy is in the team as nurse already"):
        await add_member(conn, **where(clinic), user_id=joy, starts_at=NOW + DAY, **BY)
    with pytest.raises(InvalidError, match="must be after"):
        await remove_member(conn, **where(clinic), member_id=made.id, ends_at=NOW, **BY)
    left = await remove_member(conn, **where(clinic), member_id=made.id, ends_at=NOW + DAY,
                               reason="holiday", **BY)  # fmt: skip
    assert left.ends_at == NOW + DAY
    await add_member(conn, **where(clinic), user_id=joy, starts_at=NOW + DAY, **BY)
    assert len(await list_team(conn, **where(clinic))) == 2
    with pytest.raises(NotFoundError, match="no member"):
        await remove_member(conn, **where(clinic), member_id=NOBODY, ends_at=NOW, **BY)


@pytest.mark.parametrize(
    ("role_of_account", "wanted", "words"),
    [
        ("biller", None, "is a biller: teams are of nurse, clinician, admin"),
        ("nurse", "clinician", "is not this person's, who is a nurse"),
        ("nurse", "biller", "must be one of nurse, clinician, admin"),
        ("admin", "clinician", None),
        ("clinician", "clinician", None),
    ],
)
async def test_a_team_is_of_people_who_may_care(
    conn: Connection, clinic: Clinic, role_of_account: str, wanted: str | None, words: str | None
) -> None:
    somebody = await account(conn, clinic, "sam", role_of_account)
    joining = add_member(conn, **where(clinic), user_id=somebody, role=wanted, starts_at=NOW, **BY)
    if words is None:
        assert (await joining).role == wanted
    else:
        with pytest.raises(InvalidError, match=words):
            await joining


async def test_who_was_shut_out_or_is_elsewhere_joins_no_team(
    conn: Connection, clinic: Clinic
) -> None:
    joy = await account(conn, clinic, "joy", "nurse")
    await conn.execute("UPDATE users SET disabled_at = now()")
    with pytest.raises(InvalidError, match="cannot sign in"):
        await add_member(conn, **where(clinic), user_id=joy, starts_at=NOW, **BY)
    with pytest.raises(NotFoundError):
        await add_member(conn, **where(clinic), user_id=NOBODY, starts_at=NOW, **BY)


async def test_consent_is_given_once_and_withdrawn_once(conn: Connection, clinic: Clinic) -> None:
    given: dict[str, Any] = {"kind": "monitoring", "method": "verbal", "given_at": NOW}
    made = await add_consent(conn, **where(clinic), **given, note="by telephone", **BY)
    with pytest.raises(TakenError, match=r"consent to monitoring of .* holds then already"):
        await add_consent(conn, **where(clinic), **given, **BY)
    later: dict[str, Any] = {"actor": None, "now": NOW + DAY}
    with pytest.raises(InvalidError, match="must not be before it was given"):
        await withdraw_consent(
            conn, **where(clinic), consent_id=made.id, withdrawn_at=NOW - INSTANT, **later
        )
    gone = await withdraw_consent(
        conn, **where(clinic), consent_id=made.id, withdrawn_at=NOW + DAY, **later
    )
    assert (gone.holds(NOW + DAY - INSTANT), gone.holds(NOW + DAY)) == (True, False)
    with pytest.raises(InvalidError, match="is withdrawn already"):
        await withdraw_consent(
            conn, **where(clinic), consent_id=made.id, withdrawn_at=NOW + DAY, **later
        )
    await add_consent(conn, **where(clinic), **(given | {"given_at": NOW + DAY}), **later)
    assert len(await list_consents(conn, **where(clinic))) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "everything"}, "kind"),
        ({"method": "nodding"}, "method"),
        ({"given_at": NOW + dt.timedelta(minutes=5, microseconds=1)}, "given_at"),
        ({"note": "\x07"}, "note"),
    ],
)
async def test_a_consent_that_cannot_be_is_refused_by_its_field(
    conn: Connection, clinic: Clinic, change: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"kind": "billing", "method": "written", "given_at": NOW} | change
    with pytest.raises(CareError) as caught:
        await add_consent(conn, **where(clinic), **given, **BY)
    assert caught.value.field == field


ORDER: dict[str, Any] = {
    "ordered_by": "Dr Day", "npi": NPI, "kinds": ["blood_pressure", "weight", "weight"],
    "diagnoses": ["i10"], "ordered_at": NOW, "starts_at": NOW,
}  # fmt: skip


async def test_an_order_is_kept_and_ended(conn: Connection, clinic: Clinic) -> None:
    made = await add_order(conn, **where(clinic), **ORDER, **BY)
    assert (made.kinds, made.diagnoses) == (("blood_pressure", "weight"), ("I10",))
    ended = await end_order(conn, **where(clinic), order_id=made.id, ends_at=NOW + DAY,
                            reason="done", actor=None, now=NOW + DAY)  # fmt: skip
    assert await list_orders(conn, **where(clinic)) == [ended]
    with pytest.raises(InvalidError, match="has ended already"):
        await end_order(conn, **where(clinic), order_id=made.id, ends_at=NOW + 2 * DAY, actor=None,
                        now=NOW + DAY)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ordered_by": ""}, "ordered_by"),
        ({"npi": "123456789"}, "npi"),
        ({"npi": "1234567890"}, "npi"),
        ({"npi": "12345678901"}, "npi"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["wieght"]}, "kinds"),
        ({"diagnoses": ["high blood pressure"]}, "diagnoses"),
        ({"ends_at": NOW}, "ends_at"),
        ({"ends_at": NOW - INSTANT}, "ends_at"),
        ({"ordered_at": NOW + DAY}, "ordered_at"),
    ],
)
async def test_an_order_that_cannot_be_is_refused_by_its_field(
    conn: Connection, clinic: Clinic, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        await add_order(conn, **where(clinic), **(ORDER | change), **BY)
    assert caught.value.field == field
    assert await list_orders(conn, **where(clinic)) == []


async def test_the_end_of_an_episode_ends_its_plan(conn: Connection, clinic: Clinic) -> None:
    made = await start_episode(conn, **where(clinic), programme="copd", starts_at=NOW, **BY)
    with pytest.raises(TakenError, match="there is an episode of it"):
        await start_episode(conn, **where(clinic), programme="copd", starts_at=NOW + DAY, **BY)
    with pytest.raises(NotFoundError, match="did you mean 'copd'"):
        await start_episode(conn, **where(clinic), programme="cpod", starts_at=NOW, **BY)
    await set_plan(conn, **where(clinic), programme="copd", overrides={}, effective_from=NOW,
                   reason="x", **BY)  # fmt: skip
    later: dict[str, Any] = {"actor": None, "now": NOW + DAY}
    with pytest.raises(InvalidError, match="must be one of goals_met"):
        await end_episode(
            conn, **where(clinic), episode_id=made.id, ends_at=NOW + DAY, reason="bored", **later
        )
    ended = await end_episode(conn, **where(clinic), episode_id=made.id, ends_at=NOW + DAY,
                              reason="goals_met", note="well", **later)  # fmt: skip
    assert (ended.end_reason, ended.end_note) == ("goals_met", "well")
    (plan,) = await list_plans(conn, **where(clinic))
    assert (plan.effective_to, plan.end_reason) == (NOW + DAY, "the episode has ended")
    with pytest.raises(InvalidError, match="has ended already"):
        await end_episode(
            conn, **where(clinic), episode_id=made.id, ends_at=NOW + DAY, reason="moved", **later
        )


async def test_a_plan_of_another_programme_outlives_an_episode(
    conn: Connection, clinic: Clinic
) -> None:
    made = await start_episode(conn, **where(clinic), programme="copd", starts_at=NOW, **BY)
    await set_plan(conn, **where(clinic), programme="pregnancy", overrides={}, effective_from=NOW,
                   reason="x", **BY)  # fmt: skip
    later: dict[str, Any] = {"actor": None, "now": NOW + DAY}
    await end_episode(
        conn, **where(clinic), episode_id=made.id, ends_at=NOW + DAY, reason="other", **later
    )
    (plan,) = await list_plans(conn, **where(clinic))
    assert plan.effective_to is None
    assert len(await list_episodes(conn, **where(clinic))) == 1


async def test_a_plan_that_has_not_begun_is_withdrawn_with_the_episode(
    conn: Connection, clinic: Clinic
) -> None:
    made = await start_episode(conn, **where(clinic), programme="copd", starts_at=NOW, **BY)
    await set_plan(conn, **where(clinic), programme="copd", overrides={}, reason="x",
                   effective_from=NOW + 3 * DAY, **BY)  # fmt: skip
    later: dict[str, Any] = {"actor": None, "now": NOW + DAY}
    await end_episode(
        conn, **where(clinic), episode_id=made.id, ends_at=NOW + DAY, reason="died", **later
    )
    (plan,) = await list_plans(conn, **where(clinic))
    assert (plan.withdrawn_at, plan.withdraw_reason) == (NOW + DAY, "the episode has ended")


async def test_a_plan_in_force_ends_with_the_episode_though_another_was_to_begin(
    conn: Connection, clinic: Clinic
) -> None:
    made = await start_episode(conn, **where(clinic), programme="copd", starts_at=NOW, **BY)
    await set_plan(conn, **where(clinic), programme="copd", overrides={}, reason="x",
                   effective_from=NOW, **BY)  # fmt: skip
    await set_plan(conn, **where(clinic), programme="copd", overrides={"silence": {}}, reason="x",
                   effective_from=NOW + 3 * DAY, **BY)  # fmt: skip
    later: dict[str, Any] = {"actor": None, "now": NOW + DAY}
    await end_episode(
        conn, **where(clinic), episode_id=made.id, ends_at=NOW + DAY, reason="died", **later
    )
    ahead, plan = await list_plans(conn, **where(clinic))
    assert ahead.withdrawn_at == NOW + DAY
    assert (plan.effective_to, plan.end_reason) == (NOW + DAY, "the episode has ended")


async def test_a_patient_moves_and_the_change_is_on_record(
    conn: Connection, clinic: Clinic
) -> None:
    moved = await update_patient(conn, **where(clinic), time_zone="Asia/Tokyo", language="en",
                                 reason="moved", **BY)  # fmt: skip
    assert moved.time_zone == "Asia/Tokyo"
    with pytest.raises(InvalidError, match="no IANA time zone"):
        await update_patient(conn, **where(clinic), time_zone="Mars/Base", **BY)
    (change,) = await list_changes(conn, **where(clinic))
    assert (change.what, change.reason) == ("patient changed", "moved")
    assert change.facts == {"before": {"time_zone": "America/New_York"},
                            "after": {"time_zone": "Asia/Tokyo"}}  # fmt: skip


async def test_what_was_changed_cannot_be_made_unsaid(conn: Connection, clinic: Clinic) -> None:
    await update_patient(conn, **where(clinic), language="de", **BY)
    for statement in ("DELETE FROM care_changes", "UPDATE care_changes SET reason = 'x'"):
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await conn.execute(statement)
