"""Alerts name the plan version in force, whatever is set ahead and withdrawn around it."""

from care.plan_withdrawal import withdraw_plan
from care.plans import set_plan
from tests.integration.alerts.clinic import DAY, MINUTE, Clinic


async def test_limits_tightened_before_a_scheduled_version_raise_and_go_on_to_name_theirs(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    tight = {
        "add_rules": [{
            "id": "tight", "type": "limit", "kind": "blood_pressure", "severity": "high",
            "bounds": [{"metric": "systolic", "op": ">=", "value": 125}],
        }],
    }  # fmt: skip
    async with clinic.pool.acquire() as conn:
        await set_plan(
            conn, clinic.organisation, patient, programme="hypertension-esh",
            overrides={"silence": {"claim_min": 5}}, effective_from=clinic.now + DAY,
            reason="from tomorrow", actor=None, now=clinic.now,
        )  # fmt: skip
        made = await set_plan(
            conn, clinic.organisation, patient, programme="hypertension-esh", overrides=tight,
            effective_from=clinic.now, reason="urgent", actor=None, now=clinic.now,
        )  # fmt: skip
    clinic.later(MINUTE)
    await clinic.pressure(patient, 127, 75)
    await clinic.evaluate()
    (alert,) = await clinic.alerts(patient)
    assert (alert.rule, alert.plan_version_id) == ("tight", made.plan.id)
    async with clinic.pool.acquire() as conn:
        await withdraw_plan(
            conn, clinic.organisation, patient, reason="too soon", actor=None, now=clinic.now
        )
    clinic.later(2 * DAY)
    await clinic.pressure(patient, 128, 75)
    await clinic.evaluate()
    found = await clinic.alerts(patient)
    assert {each.plan_version_id for each in found if each.rule == "tight"} == {made.plan.id}
    assert found[0].worst == 128
