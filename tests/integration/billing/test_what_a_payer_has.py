"""What a payer has, and may have paid, is no other payer's; and it is never lost sight of, wherever
the line stands by now.
"""

from pathlib import Path
from uuid import UUID

import pytest

from billing.exports.claims import Which
from billing.months.approving import approve
from billing.months.holding import hold, release
from billing.months.records import Status
from billing.months.statuses import move, number
from care.errors import InvalidError, TakenError
from tests.integration.billing.clinic import DAY, Clinic
from tests.integration.billing.correcting import (
    approved,
    good,
    member_corrected,
    statuses,
    timed,
    to_another_payer,
    waiting,
)
from tests.integration.billing.sending import (
    AFTER,
    answered,
    claims_in,
    segments_in,
    sent,
    taken,
)
from tests.integration.billing.test_taking_back import status_of


async def said(clinic: Clinic, to: Status, *lines: UUID, claim: str | None = None) -> None:
    await move(
        clinic.conn, clinic.id, list(lines), to, reason="as the payer said",
        actor=clinic.people["biller"], now=AFTER, claim_number=claim,
    )  # fmt: skip


async def test_what_was_paid_goes_to_no_other_payer_wherever_it_stands(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = dict.fromkeys((await sent(clinic, tmp_path)).values())
    lines = dict.fromkeys(r["id"] for r in await clinic.conn.fetch("SELECT id FROM billing_lines"))
    await answered(clinic, "C-1", to=Status.PAID)
    await member_corrected(clinic)
    await approved(clinic)
    await hold(
        clinic.conn, clinic.id, lines, reason="wait", actor=clinic.people["biller"], now=AFTER
    )
    await to_another_payer(clinic)
    with pytest.raises(TakenError, match="another payer, who has not denied it"):
        await approved(clinic)
    await release(clinic.conn, clinic.id, lines, actor=clinic.people["biller"], now=AFTER)
    await approve(clinic.conn, clinic.id, lines, actor=clinic.people["clinician"], now=AFTER)
    with pytest.raises(TakenError, match="another payer, who has not denied it"):
        await approved(clinic)
    # Sent again and denied: what was paid first is not taken back by that.
    await taken(clinic, tmp_path / "again")
    assert claims_in(tmp_path / "again")[0][:2] == ("7", "C-1")
    assert segments_in(tmp_path / "again", "NM1*PR") == ["NM1*PR*2*MEDICARE*****PI*12345"]
    await said(clinic, Status.DENIED, *lines)
    with pytest.raises(TakenError, match="that it is paid, and then that it is denied"):
        await approved(clinic)
    await said(clinic, Status.PAID, *lines)
    await said(clinic, Status.DENIED, *lines)
    await approved(clinic)
    # Of the first payer's number the second one knows nothing, whenever it is entered.
    with pytest.raises(TakenError, match="never gone out"):
        await number(clinic.conn, clinic.id, lines, "C-1", actor=clinic.people["biller"], now=AFTER)
    await taken(clinic, tmp_path / "other")
    assert claims_in(tmp_path / "other")[0][:2] == ("1", "")
    assert segments_in(tmp_path / "other", "NM1*PR") == ["NM1*PR*2*BLUE*****PI*777"]
    assert await good(clinic)


async def test_what_stands_in_the_place_of_a_paid_line_goes_to_no_other_payer_either(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await sent(clinic, tmp_path)
    await answered(clinic, "C-1", to=Status.PAID)
    await timed(clinic, 15)
    await approved(clinic, "clinician")
    shorter = await clinic.conn.fetchval("SELECT id FROM billing_lines WHERE code = '99470'")
    await hold(
        clinic.conn, clinic.id, {shorter: None}, reason="x", actor=clinic.people["biller"],
        now=AFTER,
    )  # fmt: skip
    paid = await clinic.conn.fetch("SELECT id FROM billing_lines WHERE status = 'paid'")
    await said(clinic, Status.DENIED, *(row["id"] for row in paid))
    await to_another_payer(clinic)
    with pytest.raises(TakenError, match="99470 stands in the place of 99457"):
        await approved(clinic)
    await said(clinic, Status.VOID, lines["99457"])
    await approved(clinic)
    await release(clinic.conn, clinic.id, {shorter: None}, actor=clinic.people["biller"], now=AFTER)
    await approve(
        clinic.conn, clinic.id, {shorter: None}, actor=clinic.people["clinician"], now=AFTER
    )
    await taken(clinic, tmp_path / "other")
    assert {each[:2] for each in claims_in(tmp_path / "other")} == {("1", "")}
    assert segments_in(tmp_path / "other", "REF*F8") == []


@pytest.mark.parametrize("again", ["waits", "went", "held"])
async def test_the_clock_of_what_was_paid_starts_wherever_the_line_stands(
    clinic: Clinic, tmp_path: Path, again: str
) -> None:
    lines = await sent(clinic, tmp_path)
    await answered(clinic, "C-1", to=Status.PAID)
    await member_corrected(clinic)
    await approved(clinic)
    if again == "went":
        await taken(clinic, tmp_path / "again")
    if again == "held":
        await hold(
            clinic.conn, clinic.id, {lines["99457"]: None}, reason="x",
            actor=clinic.people["biller"], now=AFTER,
        )  # fmt: skip
    await timed(clinic, None)
    (found,) = await waiting(clinic, AFTER + DAY)
    assert (found.direction, [each.code for each in found.removed]) == ("down", ["99457"])
    assert found.overpayment_identified_on == (AFTER + DAY).date()
    await approved(clinic, "clinician", AFTER + DAY)
    assert await status_of(clinic, lines["99457"]) == "corrected"
    done = await taken(clinic, tmp_path / "back", now=AFTER + DAY)
    assert done.taken_back.lines == 1
    assert await good(clinic)


@pytest.mark.parametrize(
    ("corrects_by", "claim", "goes"),
    [("replacement", None, ("1", "")), ("replacement", "C-1", ("7", "C-1")),
     ("reopening", None, ("1", "")), ("reopening", "C-1", None)],
)  # fmt: skip
async def test_a_denial_that_comes_after_the_details_were_corrected_lets_them_go(
    clinic: Clinic,
    tmp_path: Path,
    corrects_by: str,
    claim: str | None,
    goes: tuple[str, str] | None,
) -> None:
    await sent(clinic, tmp_path, corrects_by=corrects_by)
    await member_corrected(clinic)
    await approved(clinic)
    lines = [row["id"] for row in await clinic.conn.fetch("SELECT id FROM billing_lines")]
    await said(clinic, Status.DENIED, *lines, claim=claim)
    if goes is None:
        assert await statuses(clinic) == {"denied"}
        return
    done = await taken(clinic, tmp_path / "again")
    assert (done.claims, claims_in(tmp_path / "again")[0][:2]) == (1, goes)
    assert "9AA9AA9AA99" in segments_in(tmp_path / "again", "NM1*IL")[0]
    assert (await taken(clinic, tmp_path / "none", Which.NEW)).claims == 0
    assert await good(clinic)


@pytest.mark.parametrize("minutes", [15, None])
async def test_what_somebody_called_corrected_is_with_the_payer_all_the_same(
    clinic: Clinic, tmp_path: Path, minutes: int | None
) -> None:
    lines = await sent(clinic, tmp_path)
    await answered(clinic, "C-1", to=Status.PAID)
    await said(clinic, Status.CORRECTED, lines["99457"])
    await timed(clinic, minutes)
    (found,) = await waiting(clinic)
    assert (found.direction, found.overpayment_identified_on) == ("down", AFTER.date())
    await approved(clinic, "clinician")
    done = await taken(clinic, tmp_path / "again")
    ((frequency, original, codes),) = claims_in(tmp_path / "again")
    assert (frequency, original) == ("7", "C-1")
    instead = [] if minutes is None else ["99470"]
    assert sorted(codes.split()) == ["99453", "99454", "99454", *instead]
    assert done.to_take_back == ()
    assert await good(clinic)


async def test_a_claim_number_is_one_that_a_claim_can_carry(clinic: Clinic, tmp_path: Path) -> None:
    lines = dict.fromkeys((await sent(clinic, tmp_path)).values())
    for wrong in ("C*1", "C~1", "C:1", "C^1", "C" * 51, "\u200b1"):
        with pytest.raises(InvalidError, match="claim_number"):
            await number(
                clinic.conn, clinic.id, lines, wrong, actor=clinic.people["biller"], now=AFTER
            )
    await number(
        clinic.conn, clinic.id, lines, "2026/10-C.1", actor=clinic.people["biller"], now=AFTER
    )
