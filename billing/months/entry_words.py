"""The time log's words as the evaluator's. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from billing.eligibility.entry import AUXILIARY, TimeEntry
from billing.spans import Span
from billing.words import Mode, interactive

MODES: Final = {
    Mode.LIVE_PHONE: "phone_live",
    Mode.LIVE_VIDEO: "video_live",
    Mode.IN_PERSON: "in_person_live",
}
BY_ROLE: Final = {"nurse": "RN", "clinician": "MD"}
"""Of whom nobody has said which credential they have: T-1 asks for clinical staff."""
NOT_BILLED: Final = "none"


def evaluators_entry(row: Mapping[str, Any], pieces: Sequence[Span]) -> TimeEntry:
    """A row of the time log; each stretch between two pauses is a piece of it."""
    return TimeEntry(
        id=str(row["id"]),
        patient=str(row["patient_id"]),
        staff=str(row["user_id"]),
        role=role_of(row["credential"], row["role"]),
        program=row["service"].upper(),
        mode=mode_of(row["mode"], row["with_whom"]),
        activity=row["activity"],
        start=row["started_at"],
        end=row["ended_at"],
        pieces=tuple(pieces) if len(pieces) > 1 else (),
        with_whom=row["with_whom"],
    )


def role_of(credential: str, role: str) -> str:
    """By the credential, of which the first word counts; by the account's role where there is
    none that is known.
    """
    first = credential.upper().replace(".", "").replace(",", " ").split(" ")[0]
    return first if first in AUXILIARY else BY_ROLE.get(role, role.upper())


def mode_of(mode: str, with_whom: str | None) -> str:
    """T-9: with colleagues nobody talks to the patient."""
    return MODES[Mode(mode)] if interactive(mode, with_whom) else "async"
