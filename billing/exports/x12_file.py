"""A month as 837P: the claims that can be sent, and beside them a list of what keeps others out.

Nothing is left out in silence: a line stands in the claims, or in the manifest with its reason.
"""

import csv
import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from billing.exports.account import Account
from billing.exports.cells import plain
from billing.exports.claim_checks import (
    Checking,
    Fault,
    problems_of,
    problems_of_void,
    sent_before,
    told,
)
from billing.exports.claims import Claim, Which, claims_of
from billing.exports.codes import shipped_codes
from billing.exports.corrections import (
    GONE,
    REPLACEMENT,
    SPLIT,
    Corrections,
    as_corrected_now,
    corrections_of,
    of_claims,
)
from billing.exports.errors import NotCarriedError
from billing.exports.manifest import Asked, Claims, named
from billing.exports.practice_checks import practice_problems
from billing.exports.problems import PROBLEMS, Problem, Weight, row_of
from billing.exports.x12.balance import unbalanced
from billing.exports.x12.claim_loops import claim_segments, subscriber
from billing.exports.x12.envelope import Interchange, control_number, mark_as_test
from billing.exports.x12.segments import Segment, encode
from billing.exports.x12.writer import Writer
from billing.months.add_ons import bases_of, lone
from billing.months.records import (
    Cover,
    LineOf,
    MonthHead,
    PatientMonth,
    Practice,
    Standing,
    TakenBack,
    Who,
    practice_of,
)
from billing.rule_files import shipped

SPOOLED: Final = 1 << 20
"""Bytes of warnings that wait in memory: more go into a file without a name."""
LOOK: Final = "Look at that line in the month."
CLAIMS_OF_SUBSCRIBER_MOST: Final = 100
"""In one loop 2000B."""


class X12File:
    """The file is made with the first claim: without any there is none."""

    def __init__(
        self,
        folder: Path,
        head: MonthHead,
        asked: Asked,
        codes: frozenset[str] | None = None,
        add_ons: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self._add_ons = bases_of(shipped()) if add_ons is None else add_ons
        self.claims_name = named(f"claims-{head.month}", "837", draft=asked.draft)
        self.problems_name = named("problems", "csv", draft=asked.draft)
        self.rows: dict[str, int] = {self.problems_name: 0}
        self._folder, self._head = folder, head
        local = asked.now.astimezone(ZoneInfo(head.practice.zone))
        self._checking = Checking(
            today=local.date(), draft=asked.draft, which=asked.which,
            codes=codes or shipped_codes(), own=asked.own,
        )  # fmt: skip
        self._interchange = _interchange(head, asked, local)
        self._problems = _Problems(folder / self.problems_name)
        self._lacks: dict[Practice, list[Problem]] = {}
        self._told: set[Problem] = set()
        self._writer: Writer | None = None
        self._file: TextIO | None = None
        self._account = Account()

    def patient(self, patient: PatientMonth) -> None:
        patient = as_corrected_now(patient)
        found = corrections_of(patient, self._checking.which, draft=self._checking.draft)
        sound = []
        self._lacks_of(self._practice_of(patient))
        for line in found.lines:
            if line.line_id in found.taken:
                self._account.leaves_out(patient, (line,), GONE)
            elif self._may_go(patient, line):
                sound.append(line)
        replaced = self._send(patient, found, claims_of(self._with_bases(patient, found, sound)))
        for number, dropped in found.dropped.items():
            self._drop(patient, dropped, sent=number in replaced)
        self._send_voids(patient, found)
        for line, fault in found.refused:
            self._leave_there(patient, (line,), [told(fault, patient, line)])

    def finish(self) -> None:
        if not self._lacks:
            self._lacks_of(self._head.practice)
        if self._writer is not None and self._file is not None:
            self._writer.close()
            self._file.close()
            if self._is_copy:
                mark_as_test(self._folder / self.claims_name)
            self.rows[self.claims_name] = self._writer.claims
        self._problems.close()
        self.rows[self.problems_name] = self._problems.count

    def abandon(self) -> None:
        if self._file is not None:
            self._file.close()
        self._problems.close()

    @property
    def claims(self) -> Claims:
        return Claims(
            control_number=None if self._writer is None else self._interchange.control_number,
            which=self._checking.which,
            test=self._interchange.test or self._is_copy,
            claims=0 if self._writer is None else self._writer.claims,
            totals=self._account.sent,
            left_out_totals=self._account.kept,
            left_out=tuple(self._account.left_out),
            exported_before=self._account.sent_before,
            taken_back=self._account.taken_back,
            to_take_back=tuple(self._account.to_take_back),
        )

    @property
    def _is_copy(self) -> bool:
        return self._account.sent_before > 0 and self._checking.which is Which.ALL

    def _may_go(self, patient: PatientMonth, line: LineOf) -> bool:
        grave = self._grave(patient, problems_of(self._checking, patient, line))
        if grave:
            self._account.leaves_out(patient, (line,), "; ".join(each.reason for each in grave))
        return not grave

    def _with_bases(
        self, patient: PatientMonth, found: Corrections, sound: list[LineOf]
    ) -> list[LineOf]:
        """Without what is billed only beside a line that does not go."""
        alone = lone(found.lines, sound, self._add_ons)
        for line in alone:
            base = " or ".join(sorted(self._add_ons[line.code]))
            fault = Fault("base", f"{line.code} goes only with {base}, which is not sent", LOOK)
            problem = told(fault, patient, line)
            self._problems.add(problem)
            self._account.leaves_out(patient, (line,), problem.reason)
        return [each for each in sound if each not in alone]

    def _grave(self, patient: PatientMonth, found: list[Problem]) -> list[Problem]:
        for problem in found:
            self._problems.add(problem)
        own = [each for each in found if each.weight is Weight.LEFT_OUT]
        return own or self._lacks_of(self._practice_of(patient))

    def _practice_of(self, patient: PatientMonth) -> Practice:
        """Who bills as it was locked; who sends, and to whom, as it is."""
        sender = self._head.practice
        return replace(
            practice_of(self._head, patient), contact_name=sender.contact_name,
            phone=sender.phone, submitter_id=sender.submitter_id,
            receiver_id=sender.receiver_id, receiver_name=sender.receiver_name,
        )  # fmt: skip

    def _lacks_of(self, practice: Practice) -> list[Problem]:
        """What keeps every claim of it out; each is told once."""
        if practice not in self._lacks:
            found = practice_problems(practice)
            for problem in found:
                if problem not in self._told:
                    self._problems.add(problem)
            self._told.update(found)
            self._lacks[practice] = [each for each in found if each.weight is Weight.LEFT_OUT]
        return self._lacks[practice]

    def _send(
        self, patient: PatientMonth, found: Corrections, claims: list[Claim]
    ) -> set[str | None]:
        """The payer's numbers of those that they replace."""
        broken = found.broken(claims)
        whole = []
        for claim in claims:
            why = broken.get(claim.lines[0].original_claim or "", "")
            if why and claim.lines[0].frequency == REPLACEMENT:
                self._problems.add(_of_claim(patient, claim, why, "Look at its other lines."))
                self._account.leaves_out(patient, claim.lines, why)
            else:
                whole.append(claim)
        written, faulty = self._write(patient, whole)
        for claim, fault in faulty:
            self._account.leaves_out(patient, claim.lines, fault)
        for claim in written:
            self._account.sends(claim.lines, before=sum(map(sent_before, claim.lines)))
        return {each.lines[0].original_claim for each in written}

    def _drop(self, patient: PatientMonth, dropped: list[TakenBack], *, sent: bool) -> None:
        lines = [each.line for each in dropped]
        if sent:
            before = sum(each.told for each in dropped)
            self._account.takes_back(lines, before=before)
            return
        why = "the replacement of its claim cannot be sent"
        problem = Problem(
            field="original claim",
            what=why,
            remedy="Look at the other lines of the claim.",
            mrn=patient.who.mrn,
            line_id=lines[0].line_id,
            code=lines[0].code,
        )
        self._leave_there(patient, lines, [problem])

    def _leave_there(
        self, patient: PatientMonth, lines: Sequence[LineOf], problems: list[Problem]
    ) -> None:
        for problem in problems:
            self._problems.add(problem)
        self._account.leaves_there(patient, lines, "; ".join(each.reason for each in problems))

    def _send_voids(self, patient: PatientMonth, found: Corrections) -> None:
        """Each to the payer that it was sent to."""
        for those in of_claims(found.voids).values():
            as_sent = self._as_sent(patient, those[0])
            lines = [each.line for each in those]
            faults = [problems_of_void(self._checking, as_sent, line) for line in lines]
            grave = self._grave(patient, [problem for some in faults for problem in some])
            claims = claims_of(lines)
            if len(claims) > 1:
                grave = [*grave, _of_claim(patient, claims[0], SPLIT, "Have it voided by hand.")]
                self._problems.add(grave[-1])
            written, faulty = ([], []) if grave else self._write(as_sent, claims)
            if written:
                self._account.takes_back(lines, before=sum(each.told for each in those))
                continue
            why = "; ".join([each.reason for each in grave] + [fault for _, fault in faulty])
            self._account.leaves_there(patient, lines, why)

    def _as_sent(self, patient: PatientMonth, taken: TakenBack) -> PatientMonth:
        """Of whom, by whom and to whom the claim was that is void now."""
        found = replace(patient, cover=taken.cover, who=taken.who or patient.who)
        if taken.practice is None or not isinstance(found, Standing):
            return found
        head = found.sealed or self._head
        return replace(found, sealed=replace(head, practice=taken.practice))

    def _write(
        self, patient: PatientMonth, claims: list[Claim]
    ) -> tuple[list[Claim], list[tuple[Claim, str]]]:
        """Which are in the file, and which are not for what reason."""
        cover = patient.cover
        done: list[tuple[Claim, list[Segment]]] = []
        faulty: list[tuple[Claim, str]] = []
        practice = self._practice_of(patient)
        for claim in claims:
            assert cover is not None  # noqa: S101 - checked: `_may_go`
            segments, fault = self._made(patient.who, cover, claim, practice)
            if fault:
                self._problems.add(_of_claim(patient, claim, fault))
                faulty.append((claim, fault))
            else:
                done.append((claim, segments))
        for first in range(0, len(done), CLAIMS_OF_SUBSCRIBER_MOST):
            some = [segments for _, segments in done[first : first + CLAIMS_OF_SUBSCRIBER_MOST]]
            self._open().subscriber(partial(_level, patient), some, practice)
        return [claim for claim, _ in done], faulty

    def _made(
        self, who: Who, cover: Cover, claim: Claim, practice: Practice
    ) -> tuple[list[Segment], str]:
        """With what is the matter with it. The checks come first; this is what they overlooked."""
        try:
            for each in subscriber(who, cover, number=0):
                encode(each)
            segments = claim_segments(claim, cover, billing_npi=practice.npi or "")
            for each in segments:
                encode(each)
        except NotCarriedError as error:
            return [], f"a text of it {error}"
        return segments, unbalanced(segments)

    def _open(self) -> Writer:
        if self._writer is None:
            path = self._folder / self.claims_name
            self._file = path.open("w", encoding="ascii", newline="")
            self._writer = Writer(self._file, self._head.practice, self._interchange)
        return self._writer


class _Problems:
    """Into a file of their own: what is left out as it is found, and behind it what should be
    looked at, which waits beside until all is written.
    """

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._file = path.open("w", encoding="utf-8", newline="")
        self._later = SpooledTemporaryFile(SPOOLED, "w+", encoding="utf-8", newline="")  # noqa: SIM115 - closed with the other
        self._grave, self._looks = csv.writer(self._file), csv.writer(self._later)
        self._grave.writerow(PROBLEMS.header)

    def add(self, problem: Problem) -> None:
        self.count += 1
        writer = self._grave if problem.weight is Weight.LEFT_OUT else self._looks
        writer.writerow(map(plain, row_of(problem)))

    def close(self) -> None:
        if not self._file.closed:
            self._later.seek(0)
            shutil.copyfileobj(self._later, self._file)
        self._later.close()
        self._file.close()


def _interchange(head: MonthHead, asked: Asked, local: dt.datetime) -> Interchange:
    return Interchange(
        sender=head.practice.submitter_id or "",
        receiver=head.practice.receiver_id or "",
        control_number=asked.control_number or control_number(asked.now),
        at=local,
        test=asked.draft,
    )


def _level(patient: PatientMonth, number: int) -> list[Segment]:
    assert patient.cover is not None  # noqa: S101 - checked before a claim was made
    return subscriber(patient.who, patient.cover, number=number)


def _of_claim(
    patient: PatientMonth,
    claim: Claim,
    fault: str,
    remedy: str = "Tell whoever runs Hearthbeat.",
) -> Problem:
    return Problem(
        field="claim",
        what=fault,
        remedy=remedy,
        mrn=patient.who.mrn,
        line_id=claim.lines[0].line_id,
        code=claim.lines[0].code,
    )
