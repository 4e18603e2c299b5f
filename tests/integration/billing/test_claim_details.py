"""What a locked line says about its claim stays as it was locked. Where the practice's records say
something else since, a second person decides; then it goes again as a replacement.
"""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from billing.corrections import Change, correct
from billing.exports import shown
from billing.exports.claims import Which
from billing.exports.evidence import as_json
from billing.exports.evidence_read import evidence_for, superbill_for
from billing.months.approving import approve
from billing.months.closing import close
from billing.months.history import events_of
from billing.months.holding import release
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.settling import decide, decide_alike
from billing.months.statuses import move
from billing.parties.coverage import set_address
from billing.parties.practice import practice_of, set_practice
from billing.parties.practitioners import change_practitioner
from care.errors import RefusedError, TakenError
from console.web.templates import environment
from store.pool import Pool
from tests.integration.billing.clinic import DAY, OCTOBER, Clinic, local
from tests.integration.billing.correcting import (
    all_approved,
    approved,
    good,
    member_corrected,
    patient_of,
    statuses,
    to_another_payer,
    waiting,
)
from tests.integration.billing.exporting import HOME, LATER, furnished, locked
from tests.integration.billing.sending import (
    AFTER,
    answered,
    claims_in,
    segments_in,
    sent,
    taken,
)

OTHER_NPI = "1245319599"


ALL = Which.ALL


def page_of(name: str, context: dict[str, Any]) -> str:
    return environment().get_template(f"billing/{name}.html").render(**context)


async def test_a_denied_claim_with_a_wrong_member_number_is_replaced_and_accepted(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1", to=Status.DENIED)
    await member_corrected(clinic)
    (found,) = await waiting(clinic)
    (detail,) = found.details
    assert (found.direction, found.removed, found.added) == ("details", (), ())
    assert (detail.label, detail.was, detail.now) == (
        "Member number", "1EG4TE5MK73", "9AA9AA9AA99",
    )  # fmt: skip
    assert (detail.by_name, detail.at, len(detail.lines)) == ("The biller", AFTER, 4)
    assert [each["kind"] for each in found.causes] == ["coverage corrected"]
    # Until somebody has decided, whatever goes out says what was locked.
    await taken(clinic, tmp_path / "copy", which=ALL)
    assert "1EG4TE5MK73" in segments_in(tmp_path / "copy", "NM1*IL")[0]
    with pytest.raises(RefusedError, match="change of your own"):
        await decide(
            clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["biller"], now=AFTER
        )
    done = await approved(clinic)
    assert (done.decision, done.version) == ("approved", 2)
    line = found.details[0].lines[0]
    told = [(each.status, each.reason) for each in await events_of(clinic.conn, clinic.id, line)]
    assert told[-2:] == [
        (Status.CORRECTED, "Other details: member number"),
        (Status.APPROVED, "Other details: member number"),
    ]
    await taken(clinic, tmp_path / "second")
    ((frequency, original, codes),) = claims_in(tmp_path / "second")
    assert (frequency, original, len(codes.split())) == ("7", "C-1", 4)
    assert "9AA9AA9AA99" in segments_in(tmp_path / "second", "NM1*IL")[0]
    await answered(clinic, "C-2", to=Status.ACCEPTED, now=AFTER)
    assert await statuses(clinic) == {"accepted"}
    # Nothing is billed twice, and nothing waits any more.
    assert (await taken(clinic, tmp_path / "third")).claims == 0
    assert await waiting(clinic) == []
    assert await good(clinic)
    # And once more, with the claim that stands by now.
    await member_corrected(clinic, "8BB8BB8BB88", who="biller2", now=AFTER + DAY)
    await approved(clinic, now=AFTER + DAY)
    await taken(clinic, tmp_path / "fourth", now=AFTER + DAY)
    assert claims_in(tmp_path / "fourth")[0][:2] == ("7", "C-2")


async def test_what_is_taken_back_meanwhile_is_taken_back_as_it_was_sent(
    clinic: Clinic, tmp_path: Path
) -> None:
    """The details were approved and never sent: the payer knows the claim under the old ones."""
    lines = await sent(clinic, tmp_path)
    await answered(clinic, "C-1", without=(lines["99457"],))
    await answered(clinic, "C-2")
    await member_corrected(clinic)
    practice = await practice_of(clinic.conn, clinic.id)
    await set_practice(
        clinic.conn, clinic.id, replace(practice, npi=OTHER_NPI), actor=clinic.people["admin"],
        now=AFTER,
    )  # fmt: skip
    await all_approved(clinic, "biller2")
    entry = await clinic.conn.fetchval("SELECT id FROM time_entries")
    await correct(
        clinic.conn, clinic.id, entry, Change(withdraw=True), reason="another patient's",
        actor=clinic.people["nurse"], of_anybody=False, now=AFTER,
    )  # fmt: skip
    await approved(clinic, "clinician")
    await taken(clinic, tmp_path / "second")
    found = claims_in(tmp_path / "second")
    assert [each[:2] for each in found] == [("7", "C-1"), ("8", "C-2")]
    members = [each.split("*")[9] for each in segments_in(tmp_path / "second", "NM1*IL")]
    assert members == ["9AA9AA9AA99", "1EG4TE5MK73"]
    npis = [each.split("*")[9] for each in segments_in(tmp_path / "second", "NM1*85")]
    assert npis == [OTHER_NPI, "1234567893"]
    assert (await taken(clinic, tmp_path / "third")).claims == 0
    assert await good(clinic)


async def test_what_was_never_sent_carries_the_new_detail_in_a_claim_of_its_own(
    clinic: Clinic, tmp_path: Path
) -> None:
    """The billing and the rendering NPI, the diagnosis and the address at once."""
    await furnished(clinic, patients=1)
    await locked(clinic)
    practice = await practice_of(clinic.conn, clinic.id)
    await set_practice(
        clinic.conn, clinic.id, replace(practice, npi=OTHER_NPI, receiver_id="NEWHOUSE"),
        actor=clinic.people["admin"], now=AFTER,
    )  # fmt: skip
    await change_practitioner(
        clinic.conn, clinic.id, clinic.practitioner, family_name="Lopez", given_name="Maria",
        npi="1003000126", actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip
    await clinic.conn.execute("UPDATE orders SET diagnoses = '{I11.0}'")
    await set_address(
        clinic.conn, clinic.id, await patient_of(clinic), replace(HOME, line_1="14 Elm Street"),
        actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip
    details = [one for each in await waiting(clinic) for one in each.details]
    said = {each.name: (each.was, each.now) for each in details}
    assert said["diagnoses"] == ("I10", "I11.0")
    assert said["billing_npi"] == ("1234567893", OTHER_NPI)
    assert said["rendering"] == ("Maria Lopez, NPI 1234567893", "Maria Lopez, NPI 1003000126")
    assert said["address"][1] == "14 Elm Street, Albany, NY 122070001"
    assert {each.name: each.by_name for each in details} == {
        "address": "The biller", "billing_npi": "The admin", "rendering": "The biller",
        "diagnoses": "",
    }  # fmt: skip
    # As it was locked: but for the house that claims are sent to.
    await taken(clinic, tmp_path / "draft", which=ALL, marks=False)
    assert segments_in(tmp_path / "draft", "NM1*85", "NM1*40", "HI*") == [
        "NM1*40*2*CLEARING HOUSE ONE*****46*NEWHOUSE",
        "NM1*85*2*NORTH*****XX*1234567893",
        "HI*ABK:I10",
    ]
    for who in ("admin", "biller"):
        # Each what they have changed: what others have, they may approve.
        own = next(
            each
            for each in await waiting(clinic)
            if any(one.by_name == f"The {who}" for one in each.details)
        )
        with pytest.raises(RefusedError, match="change of your own"):
            await decide(
                clinic.conn, clinic.id, own.id, approve=True, actor=clinic.people[who], now=AFTER
            )
    await all_approved(clinic, "biller2")
    assert await statuses(clinic) == {"approved"}
    await taken(clinic, tmp_path / "sent")
    assert claims_in(tmp_path / "sent")[0][:2] == ("1", "")
    assert segments_in(tmp_path / "sent", "NM1*85", "NM1*82", "HI*", "N3*14") == [
        f"NM1*85*2*NORTH*****XX*{OTHER_NPI}",
        "N3*14 ELM STREET",
        "HI*ABK:I110",
        "NM1*82*1*LOPEZ*MARIA****XX*1003000126",
    ]
    assert await good(clinic)


async def test_of_another_payer_a_claim_is_a_new_one_once_the_first_has_denied_it(
    clinic: Clinic, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1", to=Status.ACCEPTED)
    await to_another_payer(clinic)
    (found,) = await waiting(clinic)
    assert [each.name for each in found.details] == ["payer", "payer_id", "member_id"]
    with pytest.raises(TakenError, match="who has not denied it"):
        await approved(clinic)
    await clinic.conn.execute("UPDATE billing_lines SET status = 'exported'")
    await answered(clinic, None, to=Status.DENIED, now=AFTER)
    await approved(clinic)
    await taken(clinic, tmp_path / "second")
    assert claims_in(tmp_path / "second")[0][:2] == ("1", "")
    assert segments_in(tmp_path / "second", "NM1*PR") == ["NM1*PR*2*BLUE*****PI*777"]


@pytest.mark.parametrize(
    ("corrects_by", "number", "frequency"),
    [("replacement", None, "1"), ("reopening", None, "1"), ("reopening", "C-1", "")],
)
async def test_what_a_payer_has_denied_without_a_number_goes_as_a_new_claim(
    clinic: Clinic, tmp_path: Path, corrects_by: str, number: str | None, frequency: str
) -> None:
    """Where it has one and the payer takes no replacement, somebody asks for a reopening, and says
    at the line what came of it.
    """
    lines = await sent(clinic, tmp_path, corrects_by=corrects_by)
    await answered(clinic, number, to=Status.DENIED)
    await member_corrected(clinic)
    await approved(clinic)
    done = await taken(clinic, tmp_path / "second")
    if frequency:
        assert claims_in(tmp_path / "second")[0][:2] == (frequency, "")
        return
    assert done.claims == 0
    assert all("takes no replacement" in each.reason for each in done.left_out)
    # That the payer takes them after all is no part of what was locked.
    await clinic.conn.execute("UPDATE payers SET corrects_by = 'replacement'")
    again = await taken(clinic, tmp_path / "replaced", marks=False)
    assert (again.claims, claims_in(tmp_path / "replaced")[0][:2]) == (1, ("7", "C-1"))
    assert await waiting(clinic) == []
    await clinic.conn.execute("UPDATE payers SET corrects_by = 'reopening'")
    await move(
        clinic.conn, clinic.id, list(lines.values()), Status.PAID, reason="reopened",
        actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip
    assert (await taken(clinic, tmp_path / "third")).claims == 0


async def test_a_line_that_was_held_for_want_of_a_number_goes_on_with_it(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await clinic.conn.execute("UPDATE coverages SET member_id = NULL")
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    await close(
        clinic.conn, clinic.id, OCTOBER, etag=review.etag, hold_rest="no number yet",
        actor=clinic.people["biller"], now=LATER,
    )  # fmt: skip
    await member_corrected(clinic)
    await approved(clinic)
    assert await statuses(clinic) == {"held"}
    lines = dict.fromkeys(
        row["id"] for row in await clinic.conn.fetch("SELECT id FROM billing_lines")
    )
    await release(
        clinic.conn, clinic.id, lines, reason="there it is", actor=clinic.people["biller"],
        now=AFTER,
    )  # fmt: skip
    await approve(clinic.conn, clinic.id, lines, actor=clinic.people["clinician"], now=AFTER)
    await taken(clinic, tmp_path / "sent")
    assert claims_in(tmp_path / "sent")[0][0] == "1"
    assert "9AA9AA9AA99" in segments_in(tmp_path / "sent", "NM1*IL")[0]


async def test_of_two_who_approve_at_once_one_does(
    clinic: Clinic, pool: Pool, tmp_path: Path
) -> None:
    await sent(clinic, tmp_path)
    await answered(clinic, "C-1", to=Status.DENIED)
    await member_corrected(clinic)
    (found,) = await waiting(clinic)

    async def approves(who: str) -> Any:
        async with pool.acquire() as conn:
            return await decide(
                conn, clinic.id, found.id, approve=True, actor=clinic.people[who], now=AFTER
            )

    both = await asyncio.gather(approves("admin"), approves("biller2"), return_exceptions=True)
    failed = [each for each in both if isinstance(each, BaseException)]
    assert [type(each) for each in failed] == [TakenError]
    assert await clinic.conn.fetchval("SELECT max(version) FROM billing_seals") == 2
    assert await good(clinic)


async def test_one_change_of_many_patients_is_decided_about_at_once_and_makes_one_version(
    clinic: Clinic, tmp_path: Path
) -> None:
    """And who bills for what was left as it was locked stays who it was, in one file."""
    await sent(clinic, tmp_path, patients=3)
    await answered(clinic, "C-1", to=Status.DENIED)
    practice = await practice_of(clinic.conn, clinic.id)
    await set_practice(
        clinic.conn, clinic.id, replace(practice, npi=OTHER_NPI), actor=clinic.people["admin"],
        now=AFTER,
    )  # fmt: skip
    found = await waiting(clinic)
    assert len(found) == 3
    those = [each.id for each in found if each.family_name != "Able 1"]
    with pytest.raises(RefusedError):
        await decide_alike(
            clinic.conn, clinic.id, those, approve=True, actor=clinic.people["admin"], now=AFTER
        )
    done = await decide_alike(
        clinic.conn, clinic.id, those, approve=True, actor=clinic.people["biller"], now=AFTER
    )
    assert [(each.decision, each.version) for each in done] == [("approved", 2)] * 2
    await taken(clinic, tmp_path / "copy", which=ALL)
    npis = [each.split("*")[9] for each in segments_in(tmp_path / "copy", "NM1*85")]
    assert npis == [OTHER_NPI, "1234567893", OTHER_NPI]
    assert len(claims_in(tmp_path / "copy")) >= 3
    assert await good(clinic)


async def test_evidence_of_a_line_is_the_same_bytes_whatever_becomes_of_other_patients(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await sent(clinic, tmp_path, patients=2)
    del lines
    untouched = await clinic.conn.fetchval(
        "SELECT l.id FROM billing_lines l JOIN patients p ON p.id = l.patient_id"
        " WHERE p.family_name = 'Able 1' ORDER BY l.id LIMIT 1"
    )
    other = await patient_of(clinic, "Able 1")

    async def written() -> tuple[bytes, str, str]:
        found = await evidence_for(clinic.conn, clinic.id, untouched, now=AFTER)
        bill = await superbill_for(clinic.conn, clinic.id, OCTOBER, other, now=AFTER)
        return (
            as_json(found),
            page_of("evidence", shown.of_evidence(found)),
            page_of("superbill", shown.of_superbill(bill)),
        )

    before = await written()
    await member_corrected(clinic)
    await approved(clinic)
    practice = await practice_of(clinic.conn, clinic.id)
    await set_practice(
        clinic.conn, clinic.id, replace(practice, npi=OTHER_NPI), actor=clinic.people["admin"],
        now=AFTER,
    )  # fmt: skip
    await clinic.worked(
        await patient_of(clinic), local(dt.date(2026, 10, 28)), 20, now=AFTER,
        late_for_locked_month=True, reason="forgotten",
    )  # fmt: skip
    (late,) = [each for each in await waiting(clinic) if each.direction == "up"]
    await decide(
        clinic.conn, clinic.id, late.id, approve=True, actor=clinic.people["clinician"], now=AFTER
    )
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=AFTER)
    assert (review.head.version, review.first_locked_by) == (3, "The biller")
    assert review.first_locked_at is not None
    assert review.head.locked_at is not None
    assert review.first_locked_at < review.head.locked_at
    assert await written() == before
