"""Readings that are held back, as items of the queue: on a real PostgreSQL."""

from tests.integration.alerts.clinic import HOUR, Clinic
from tests.integration.alerts.homes import home, items, lives, sweep
from tests.integration.alerts.sweeping import HEART, ONLY_WEIGHT, resolve


async def test_readings_that_are_held_back_are_one_item_of_their_device(clinic: Clinic) -> None:
    hub = await home(clinic)
    patient = await clinic.patient(programme=HEART, overrides=ONLY_WEIGHT)
    scale = await hub.device(patient)
    for hours, reason in ((0, "implausible:weight"), (1, "implausible:weight"), (2, "no_value")):
        await hub.weighs(
            None, scale, at=clinic.now - hours * HOUR, reason=reason, attribution="quarantined"
        )
    await hub.weighs(None, "00:00:00:00:00:01", reason="unknown_device", attribution="quarantined")
    await hub.weighs(
        None,
        scale,
        at=clinic.now - 3 * HOUR,
        reason="control_solution",
        attribution="quarantined",
    )
    await sweep(clinic)
    await sweep(clinic)
    found = {each.subject: each for each in await items(clinic)}
    assert found.keys() == {scale, "home-0007"}
    assert found[scale].reason["facts"]["reasons"] == {"implausible:weight": 2, "no_value": 1}
    assert found["home-0007"].subject_kind == "gateway"
    assert found[scale].readings == 3


async def test_what_somebody_has_seen_on_the_desk_is_no_item_any_more(clinic: Clinic) -> None:
    hub = await home(clinic)
    scale = await hub.device(await clinic.patient(programme=HEART, overrides=ONLY_WEIGHT))
    await hub.weighs(None, scale, reason="implausible:weight", attribution="quarantined")
    await sweep(clinic)
    assert len(await items(clinic, "quarantined-readings")) == 1
    await clinic.pool.execute(
        "WITH nurse AS ("
        " INSERT INTO users (organisation_id, username, password_hash, role)"
        " SELECT organisation_id, 'ana', '', 'nurse' FROM readings RETURNING id)"
        " INSERT INTO doubt_marks"
        " (organisation_id, reading_id, measured_at, reason, seen, note, by, at)"
        " SELECT r.organisation_id, r.id, r.measured_at, r.reason, true, '', nurse.id, now()"
        " FROM readings r, nurse"
    )
    await sweep(clinic)
    (item,) = await items(clinic, "quarantined-readings")
    assert item.cleared_at is not None


async def test_held_back_readings_after_a_resolution_are_a_new_item(clinic: Clinic) -> None:
    hub = await home(clinic)
    scale = await hub.device(await clinic.patient(programme=HEART))
    await hub.weighs(None, scale, reason="ambiguous_user", attribution="ambiguous")
    await sweep(clinic)
    (item,) = await items(clinic, "ambiguous-readings")
    await resolve(clinic, item)
    await lives(clinic, [hub], HOUR)
    await sweep(clinic)
    assert len(await items(clinic, "ambiguous-readings")) == 1
    await hub.weighs(None, scale, reason="ambiguous_user", attribution="ambiguous")
    await sweep(clinic)
    assert [each.readings for each in await items(clinic, "ambiguous-readings")] == [1, 1]


async def test_readings_of_nobody_s_hub_are_told_to_the_only_clinic(clinic: Clinic) -> None:
    hub = await home(clinic)
    async with clinic.pool.acquire() as conn:
        await hub.weighs(
            None, "00:00:00:00:00:02", reason="unknown_gateway", attribution="quarantined"
        )
        await conn.execute(
            "UPDATE readings SET organisation_id = '00000000-0000-0000-0000-000000000000',"
            " gateway_id = 'stranger'"
        )
    await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.subject_kind, item.subject) == ("gateway", "stranger")
