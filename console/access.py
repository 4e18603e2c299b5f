"""Who may do what: one table of roles, denied by default, and the organisation as the wall."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from console.errors import Forbidden, NotFound

ADMIN: Final = "admin"
NURSE: Final = "nurse"
CLINICIAN: Final = "clinician"
BILLER: Final = "biller"
AUDITOR: Final = "auditor"
PATIENT: Final = "patient"
CAREGIVER: Final = "caregiver"

CARERS: Final = frozenset({NURSE, CLINICIAN})
"""Those who look after patients and see their readings."""
READERS: Final = CARERS | {ADMIN, BILLER, AUDITOR}
"""Those who may see patients and readings, each for their own reason."""
REGISTRARS: Final = CARERS | {ADMIN}
"""Those who hand out devices and see what is held back."""
SELF: Final = frozenset({PATIENT, CAREGIVER})
"""Those who see one patient, themselves or who they care for at home, and nobody else."""

NOT_OF_ROLE: Final = "your role does not include this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """The organisation that somebody belongs to."""

    name: str
    zone: ZoneInfo
    phone: str | None = None
    emergency_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking, as the session's row says; nothing in a request can change it."""

    user_id: UUID
    organisation_id: UUID
    role: str
    patient_id: UUID | None = None
    # What is only shown says nothing of what somebody may do: it is not compared.
    clinic: Clinic = field(compare=False)
    username: str = field(default="", compare=False)
    display_name: str = field(default="", compare=False)
    preferences: Mapping[str, Any] = field(default_factory=dict, compare=False)
    language: str | None = field(default=None, compare=False)
    """The patient's, for people at home."""
    zone: ZoneInfo | None = field(default=None, compare=False)
    """Where the patient lives."""

    @property
    def name(self) -> str:
        """As others see them."""
        return self.display_name or self.username

    @property
    def at_home(self) -> bool:
        """A patient, or somebody who cares for one: no member of the staff."""
        return self.role in SELF

    def may_see(self, patient_id: UUID | None) -> None:
        """Raises NotFound where somebody limited to one patient asks for another."""
        if self.only_patient is not None and patient_id != self.only_patient:
            raise NotFound

    @property
    def only_patient(self) -> UUID | None:
        """The one patient that this caller may see; None where that is not what limits them."""
        if self.role not in SELF:
            return None
        if self.patient_id is None:
            raise Forbidden("this account is linked to no patient")
        return self.patient_id


def require(caller: Caller, roles: frozenset[str]) -> None:
    """Raises Forbidden unless the caller's role is one of these."""
    if caller.role not in roles:
        raise Forbidden(NOT_OF_ROLE)
