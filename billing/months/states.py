"""Where a line may go from where it stands (L-2). Pure."""

from typing import Final

from billing.months.records import LineOf, PatientMonth, Status
from care.errors import TakenError

BILLED: Final = frozenset(
    {Status.APPROVED, Status.EXPORTED, Status.ACCEPTED, Status.PAID, Status.DENIED}
)
"""Of these nothing is billed again."""
NOT_BILLED: Final = frozenset({Status.CORRECTED, Status.VOID})
"""Of these nothing is claimed any more."""
UNDECIDED: Final = frozenset({Status.DRAFT, Status.READY})
NEXT: Final[dict[Status, frozenset[Status]]] = {
    # Corrected: of those that have gone out and were held since.
    Status.DRAFT: frozenset({Status.READY, Status.HELD, Status.VOID, Status.CORRECTED}),
    Status.READY: frozenset({Status.DRAFT, Status.APPROVED, Status.HELD, Status.VOID,
                             Status.CORRECTED}),
    Status.HELD: frozenset({Status.DRAFT, Status.READY, Status.VOID, Status.CORRECTED}),
    # What the payer answers, of one that has gone out and was corrected since: `statuses.move`.
    Status.APPROVED: frozenset({Status.READY, Status.DRAFT, Status.HELD, Status.EXPORTED,
                                Status.VOID, Status.ACCEPTED, Status.PAID, Status.DENIED,
                                Status.CORRECTED}),
    Status.EXPORTED: frozenset({Status.EXPORTED, Status.ACCEPTED, Status.PAID, Status.DENIED,
                                Status.CORRECTED, Status.VOID}),
    Status.ACCEPTED: frozenset({Status.EXPORTED, Status.PAID, Status.DENIED, Status.CORRECTED,
                                Status.VOID}),
    Status.PAID: frozenset({Status.DENIED, Status.CORRECTED, Status.VOID}),
    Status.DENIED: frozenset({Status.EXPORTED, Status.ACCEPTED, Status.PAID, Status.CORRECTED,
                              Status.VOID}),
    # What the payer answers to it is answered to what stands in its place.
    Status.CORRECTED: frozenset({Status.VOID}),
    Status.VOID: frozenset({Status.DRAFT, Status.READY, Status.HELD}),
}  # fmt: skip
BY_PAYER: Final = frozenset({Status.ACCEPTED, Status.PAID, Status.DENIED})
"""What people say of a line that has left the house, by what the payer answered."""

NO_PRACTITIONER: Final = "NO_PRACTITIONER"
NO_MEMBER_ID: Final = "NO_MEMBER_ID"
LACKS_WORDS: Final = {
    NO_PRACTITIONER: "nobody has entered which practitioner bills for this service",
    NO_MEMBER_ID: "the patient's member number with the payer is missing",
}


def check_move(was: Status, to: Status) -> None:
    """Raises TakenError where a line does not go there from here."""
    if to not in NEXT[was]:
        raise TakenError("status", f"a line that is {was} does not become {to}")


def lacks_of(line: LineOf, month: PatientMonth) -> tuple[str, ...]:
    """What nobody can answer for: by whom, and whom it is billed to."""
    found = []
    if line.rendering is None:
        found.append(NO_PRACTITIONER)
    if month.cover is None or not month.cover.member_id:
        found.append(NO_MEMBER_ID)
    return tuple(found)


def first_status(lacks: tuple[str, ...]) -> Status:
    return Status.DRAFT if lacks else Status.READY
