"""What two people have changed of one claim is decided about apart: in a practice of one
administrator and one biller each decides about what the other has changed.
"""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from billing.exports.ledger import Wanted
from billing.exports.manifest import FileKind
from billing.exports.run import run_export
from billing.months.adjustment_list import adjustments_of, newer_than, place_of
from billing.months.seal import canonical
from billing.months.settling import decide
from billing.months.views import Adjustment
from billing.parties.practice import practice_of, set_practice
from care.errors import RefusedError
from tests.integration.billing.clinic import DAY, OCTOBER, Clinic
from tests.integration.billing.correcting import (
    good,
    member_corrected,
    patient_of,
    to_another_payer,
    waiting,
)
from tests.integration.billing.sending import AFTER, answered, claims_in, segments_in, sent, taken

OTHER_NPI = "1245319599"
HOUR = dt.timedelta(hours=1)


async def npi_changed(clinic: Clinic, to: str = OTHER_NPI, *, now: dt.datetime = AFTER) -> None:
    practice = await practice_of(clinic.conn, clinic.id)
    await set_practice(
        clinic.conn, clinic.id, replace(practice, npi=to), actor=clinic.people["admin"], now=now
    )


async def names(clinic: Clinic, now: dt.datetime = AFTER) -> dict[str, list[str]]:
    """Of what waits: the first detail, and all of it."""
    return {x.details[0].name: [one.name for one in x.details] for x in await waiting(clinic, now)}


def _told(found: Adjustment) -> tuple[str, str]:
    return canonical(found.details).decode(), canonical(found.causes).decode()


async def test_each_decides_about_what_the_other_has_changed(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path, patients=2)
    await answered(clinic, "C-1")
    await member_corrected(clinic)
    await npi_changed(clinic)
    rows = await waiting(clinic)
    mine = await patient_of(clinic)
    assert sorted(each.details[0].name for each in rows) == [
        "billing_npi", "billing_npi", "member_id",
    ]  # fmt: skip
    # Of pages of one, each leads back to the one before.
    places = [place_of(each) for each in rows]
    back = [await newer_than(clinic.conn, clinic.id, OCTOBER, place, limit=1) for place in places]
    assert back == [None, *places[:-1]]
    # What concerns everybody is one entry, also of whom something else has changed.
    assert len({each.alike for each in rows if each.details[0].name == "billing_npi"}) == 1
    of = {each.details[0].name: each for each in rows if each.patient_id == mine}
    for name, who, what in (
        ("member_id", "biller", "member number"),
        ("billing_npi", "admin", "billing NPI"),
    ):
        with pytest.raises(RefusedError, match=rf"change of your own \({what}\)"):
            await decide(
                clinic.conn, clinic.id, of[name].id, approve=True, actor=clinic.people[who],
                now=AFTER,
            )  # fmt: skip
    await decide(
        clinic.conn, clinic.id, of["member_id"].id, approve=True, actor=clinic.people["admin"],
        now=AFTER + HOUR,
    )  # fmt: skip
    # The other one waits on as it was: who has changed it is not forgotten.
    assert of["billing_npi"].id in {each.id for each in await waiting(clinic, AFTER + HOUR)}
    await taken(clinic, tmp_path / "second", now=AFTER + HOUR)
    ((frequency, original, _),) = claims_in(tmp_path / "second")
    assert (frequency, original) == ("7", "C-1")
    assert "9AA9AA9AA99" in segments_in(tmp_path / "second", "NM1*IL")[0]
    assert OTHER_NPI not in segments_in(tmp_path / "second", "NM1*85")[0]
    await decide(
        clinic.conn, clinic.id, of["billing_npi"].id, approve=True, actor=clinic.people["biller"],
        now=AFTER + 2 * HOUR,
    )  # fmt: skip
    # Who has approved it does not send it: the other one does.
    wanted = Wanted(
        month=OCTOBER, kind=FileKind.X12, purpose="claims", who="The admin",
        requested_by=clinic.people["admin"],
    )  # fmt: skip
    await run_export(clinic.conn, clinic.id, wanted, tmp_path / "third", now=AFTER + 2 * HOUR)
    assert OTHER_NPI in segments_in(tmp_path / "third", "NM1*85")[0]
    assert await good(clinic)


async def test_what_waited_on_beside_an_approval_was_not_looked_through_with_it(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1")
    await member_corrected(clinic)
    await npi_changed(clinic)
    of = {each.details[0].name: each for each in await waiting(clinic)}
    await decide(
        clinic.conn, clinic.id, of["member_id"].id, approve=True, actor=clinic.people["admin"],
        now=AFTER + HOUR,
    )  # fmt: skip
    # Something more of the administrator's makes another adjustment in the place of what waits.
    practice = await practice_of(clinic.conn, clinic.id)
    await set_practice(
        clinic.conn, clinic.id, replace(practice, tax_id="987654321"),
        actor=clinic.people["admin"], now=AFTER + DAY,
    )  # fmt: skip
    (again,) = await waiting(clinic, AFTER + DAY)
    assert [each.name for each in again.details] == ["billing_npi", "tax_id"]
    assert {each.by for each in again.details} == {clinic.people["admin"]}
    with pytest.raises(RefusedError, match="billing NPI, tax id"):
        await decide(
            clinic.conn, clinic.id, again.id, approve=True, actor=clinic.people["admin"],
            now=AFTER + DAY,
        )  # fmt: skip
    # What was approved was looked through: who changes it again has changed it alone.
    await member_corrected(clinic, "8BB8BB8BB88", who="admin", now=AFTER + 2 * DAY)
    later = await waiting(clinic, AFTER + 2 * DAY)
    # All of it is the administrator's by now, and one thing.
    assert [each.name for each in later[0].details] == ["member_id", "billing_npi", "tax_id"]
    await decide(
        clinic.conn, clinic.id, later[0].id, approve=True, actor=clinic.people["biller"],
        now=AFTER + 2 * DAY,
    )  # fmt: skip
    assert await waiting(clinic, AFTER + 2 * DAY) == []
    assert await good(clinic)


async def test_what_was_found_together_before_is_parted_when_the_patient_is_worked_out_anew(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1")
    await member_corrected(clinic)
    await npi_changed(clinic)
    one, other = await waiting(clinic)
    # As it was written down until now: both in one.
    await clinic.conn.execute("ALTER TABLE billing_adjustments DISABLE TRIGGER USER")
    await clinic.conn.execute(
        "UPDATE billing_month_patients SET fingerprint = '' WHERE version = 0"
    )
    await clinic.conn.execute("DELETE FROM billing_adjustments WHERE id = $1", other.id)
    await clinic.conn.execute(
        "UPDATE billing_adjustments SET details = details || $2::jsonb,"
        " causes = causes || $3::jsonb WHERE id = $1",
        one.id, *_told(other),
    )  # fmt: skip
    await clinic.conn.execute("ALTER TABLE billing_adjustments ENABLE TRIGGER USER")
    assert await names(clinic) == {"member_id": ["member_id"], "billing_npi": ["billing_npi"]}
    found = await adjustments_of(clinic.conn, clinic.id, OCTOBER)
    assert [each.id for each in found if each.decision == "superseded"] == [one.id]
    assert len(await waiting(clinic)) == len(found) - 1


async def test_who_pays_is_one_thing_whoever_has_changed_which_part(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1")
    await to_another_payer(clinic)
    await npi_changed(clinic)
    found = await names(clinic)
    assert {"payer", "payer_id", "member_id"} <= set(found["payer"])
    assert found["billing_npi"] == ["billing_npi"]
