"""What somebody has left as it was locked comes with nothing else until it changes again itself."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from billing.months.records import Status
from billing.months.settling import decide
from billing.parties.coverage import set_address
from billing.parties.practice import practice_of, set_practice
from care.errors import InvalidError, RefusedError
from tests.integration.billing.clinic import DAY, Clinic, local
from tests.integration.billing.correcting import (
    approved,
    good,
    member_corrected,
    patient_of,
    to_another_payer,
    waiting,
)
from tests.integration.billing.exporting import HOME
from tests.integration.billing.sending import (
    AFTER,
    answered,
    segments_in,
    sent,
    taken,
)

OTHER_NPI = "1245319599"


async def test_what_somebody_leaves_as_locked_is_asked_again_only_when_it_changes_again(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1")
    await member_corrected(clinic)
    (found,) = await waiting(clinic)
    biller = clinic.people["biller"]
    with pytest.raises(InvalidError):
        await decide(clinic.conn, clinic.id, found.id, approve=False, actor=biller, now=AFTER)
    await decide(
        clinic.conn, clinic.id, found.id, approve=False, reason="it was right in October",
        actor=biller, now=AFTER,
    )  # fmt: skip
    # What has happened since in time is decided about by itself, and brings no detail with it.
    patient = await patient_of(clinic)
    await clinic.worked(
        patient, local(dt.date(2026, 10, 28)), 20, now=AFTER, late_for_locked_month=True,
        reason="forgotten",
    )  # fmt: skip
    (late,) = await waiting(clinic)
    assert (late.direction, late.details) == ("up", ())
    await approved(clinic, "clinician")
    assert await waiting(clinic) == []
    await taken(clinic, tmp_path / "second")
    assert "1EG4TE5MK73" in segments_in(tmp_path / "second", "NM1*IL")[0]
    await member_corrected(clinic, "8BB8BB8BB88", now=AFTER + DAY)
    (again,) = await waiting(clinic, AFTER + DAY)
    assert again.details[0].now == "8BB8BB8BB88"
    # What is taken back is asked about no more.
    await member_corrected(clinic, "1EG4TE5MK73", now=AFTER + 2 * DAY)
    assert await waiting(clinic, AFTER + 2 * DAY) == []
    assert await good(clinic)


async def test_what_was_left_as_locked_does_not_come_with_the_next_detail(
    clinic: Clinic, tmp_path: Path
) -> None:
    """Of the patient and of the practice: only what has changed since is asked, and is taken."""
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1")
    await member_corrected(clinic)
    practice = await practice_of(clinic.conn, clinic.id)
    await set_practice(
        clinic.conn, clinic.id, replace(practice, npi=OTHER_NPI), actor=clinic.people["admin"],
        now=AFTER,
    )  # fmt: skip
    for found in await waiting(clinic):
        await decide(
            clinic.conn, clinic.id, found.id, approve=False, reason="both were right in October",
            actor=clinic.people["biller"], now=AFTER,
        )  # fmt: skip
    later = AFTER + DAY
    await set_address(
        clinic.conn, clinic.id, await patient_of(clinic), replace(HOME, line_1="14 Elm Street"),
        actor=clinic.people["biller"], now=later,
    )  # fmt: skip
    (moved,) = await waiting(clinic, later)
    assert [each.name for each in moved.details] == ["address"]
    assert [each["kind"] for each in moved.causes] == ["billing address set"]
    await approved(clinic, "biller2", later)
    assert await waiting(clinic, later) == []
    await taken(clinic, tmp_path / "moved", now=later)
    assert segments_in(tmp_path / "moved", "NM1*85", "NM1*IL", "N3*14")[0].endswith("1234567893")
    assert "1EG4TE5MK73" in segments_in(tmp_path / "moved", "NM1*IL")[0]
    assert segments_in(tmp_path / "moved", "N3*14") == ["N3*14 ELM STREET"]
    # A third value of what was left is asked about, and that alone.
    await member_corrected(clinic, "8BB8BB8BB88", now=later + DAY)
    (again,) = await waiting(clinic, later + DAY)
    assert [(each.name, each.was, each.now) for each in again.details] == [
        ("member_id", "1EG4TE5MK73", "8BB8BB8BB88")
    ]
    await approved(clinic, now=later + DAY)
    # And what was left before that is asked about anew: it would be another claim by now.
    await member_corrected(clinic, "9AA9AA9AA99", now=later + 2 * DAY)
    (back,) = await waiting(clinic, later + 2 * DAY)
    assert [(each.was, each.now) for each in back.details] == [("8BB8BB8BB88", "9AA9AA9AA99")]
    assert await good(clinic)


async def test_another_payer_that_was_left_as_locked_is_asked_about_whole_with_its_number(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, None, to=Status.DENIED)
    await to_another_payer(clinic)
    (found,) = await waiting(clinic)
    await decide(
        clinic.conn, clinic.id, found.id, approve=False, reason="ask the patient first",
        actor=clinic.people["admin"], now=AFTER,
    )  # fmt: skip
    await member_corrected(clinic, "BL2", who="admin", now=AFTER + DAY)
    (again,) = await waiting(clinic, AFTER + DAY)
    assert [each.name for each in again.details] == ["payer", "payer_id", "member_id"]
    # Neither who changed the payer then nor who changed the number now.
    for who in ("biller", "admin"):
        with pytest.raises(RefusedError, match="change of your own"):
            await approved(clinic, who, AFTER + DAY)
    await approved(clinic, "biller2", AFTER + DAY)
    await taken(clinic, tmp_path / "other", now=AFTER + DAY)
    assert "BL2" in segments_in(tmp_path / "other", "NM1*IL")[0]
