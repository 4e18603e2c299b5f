"""A month as 837P: the claims that can be sent, and beside them a list of what keeps others out.

Nothing is left out in silence: a line stands in the claims, or in the manifest with its reason.
"""

import csv
import datetime as dt
from pathlib import Path
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from billing.exports.cells import plain
from billing.exports.claim_checks import Checking, problems_of, sent_before
from billing.exports.claims import Claim, Which, claims_of
from billing.exports.codes import shipped_codes
from billing.exports.errors import NotCarriedError
from billing.exports.manifest import Asked, Claims, LeftOut, Totals, named
from billing.exports.practice_checks import practice_problems
from billing.exports.problems import PROBLEMS, Problem, Weight, row_of
from billing.exports.x12.balance import unbalanced
from billing.exports.x12.claim_loops import claim_segments, subscriber
from billing.exports.x12.envelope import Interchange, control_number, mark_as_test
from billing.exports.x12.segments import Segment, encode
from billing.exports.x12.writer import Writer
from billing.months.records import Cover, LineOf, MonthHead, PatientMonth, Who

CLAIMS_OF_SUBSCRIBER_MOST: Final = 100
"""In one loop 2000B."""


class X12File:
    """The file is made with the first claim: without any there is none."""

    def __init__(
        self, folder: Path, head: MonthHead, asked: Asked, codes: frozenset[str] | None = None
    ) -> None:
        self.claims_name = named(f"claims-{head.month}", "837", draft=asked.draft)
        self.problems_name = named("problems", "csv", draft=asked.draft)
        self.rows: dict[str, int] = {self.problems_name: 0}
        self._folder, self._head = folder, head
        local = asked.now.astimezone(ZoneInfo(head.practice.zone))
        self._checking = Checking(
            today=local.date(), draft=asked.draft, which=asked.which, codes=codes or shipped_codes()
        )
        self._interchange = _interchange(head, asked, local)
        self._problems = _Problems(folder / self.problems_name)
        of_practice = practice_problems(head.practice)
        for problem in of_practice:
            self._problems.add(problem)
        self._practice_lacks = [each for each in of_practice if each.weight is Weight.LEFT_OUT]
        self._writer: Writer | None = None
        self._file: TextIO | None = None
        self._sent, self._kept, self._left_out = Totals(), Totals(), list[LeftOut]()
        self._before = 0

    def patient(self, patient: PatientMonth) -> None:
        sound = [line for line in patient.lines if self._may_go(patient, line)]
        claims = claims_of(sound)
        for first in range(0, len(claims), CLAIMS_OF_SUBSCRIBER_MOST):
            self._write(patient, claims[first : first + CLAIMS_OF_SUBSCRIBER_MOST])

    def finish(self) -> None:
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
            control_number=self._interchange.control_number,
            which=self._checking.which,
            test=self._interchange.test or self._is_copy,
            claims=0 if self._writer is None else self._writer.claims,
            totals=self._sent,
            left_out_totals=self._kept,
            left_out=tuple(self._left_out),
            exported_before=self._before,
        )

    @property
    def _is_copy(self) -> bool:
        return self._before > 0 and self._checking.which is Which.ALL

    def _may_go(self, patient: PatientMonth, line: LineOf) -> bool:
        found = problems_of(self._checking, patient, line)
        for problem in found:
            self._problems.add(problem)
        grave = [each for each in found if each.weight is Weight.LEFT_OUT] or self._practice_lacks
        if grave:
            self._leave_out(patient, (line,), "; ".join(each.reason for each in grave))
        return not grave

    def _write(self, patient: PatientMonth, claims: list[Claim]) -> None:
        cover = patient.cover
        assert cover is not None  # noqa: S101 - checked: `_may_go`
        written = []
        for claim in claims:
            segments, fault = self._made(patient.who, cover, claim)
            if fault:
                self._problems.add(_of_claim(patient, claim, fault))
                self._leave_out(patient, claim.lines, fault)
                continue
            written.append(segments)
            self._sent = self._sent.with_lines(claim.lines)
            self._before += sum(map(sent_before, claim.lines))
        if written:
            self._open().subscriber(
                lambda number: subscriber(patient.who, cover, number=number), written
            )

    def _made(self, who: Who, cover: Cover, claim: Claim) -> tuple[list[Segment], str]:
        """With what is the matter with it. The checks come first; this is what they overlooked."""
        try:
            for each in subscriber(who, cover, number=0):
                encode(each)
            segments = claim_segments(claim, cover, billing_npi=self._head.practice.npi or "")
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

    def _leave_out(self, patient: PatientMonth, lines: tuple[LineOf, ...], reason: str) -> None:
        self._kept = self._kept.with_lines(lines)
        self._left_out += [
            LeftOut(line_id=line.line_id, mrn=patient.who.mrn, reason=reason) for line in lines
        ]


class _Problems:
    """As they are found, into a file of their own."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(PROBLEMS.header)

    def add(self, problem: Problem) -> None:
        self.count += 1
        self._writer.writerow(map(plain, row_of(problem)))

    def close(self) -> None:
        self._file.close()


def _interchange(head: MonthHead, asked: Asked, local: dt.datetime) -> Interchange:
    return Interchange(
        sender=head.practice.submitter_id or "",
        receiver=head.practice.receiver_id or "",
        control_number=asked.control_number or control_number(asked.now),
        at=local,
        test=asked.draft,
    )


def _of_claim(patient: PatientMonth, claim: Claim, fault: str) -> Problem:
    return Problem(
        field="claim",
        what=fault,
        remedy="Tell whoever runs Hearthbeat.",
        mrn=patient.who.mrn,
        line_id=claim.lines[0].line_id,
        code=claim.lines[0].code,
    )
