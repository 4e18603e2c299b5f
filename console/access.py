"""Who may do what: one table of roles, denied by default, and the organisation as the wall."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from console.errors import Forbidden, NotFound

ADMIN: Final = "admin"
NURSE: Final = "nurse"
CLINICIAN: Final = "clinician"
BILLER: Final = "biller"
AUDITOR: Final = "auditor"
PATIENT: Final = "patient"

CARERS: Final = frozenset({NURSE, CLINICIAN})
"""Those who look after patients and see their readings."""
READERS: Final = CARERS | {BILLER, AUDITOR}
"""Those who may see patients and readings, each for their own reason."""
REGISTRARS: Final = frozenset({ADMIN, NURSE, CLINICIAN})
"""Those who hand out devices."""
SELF: Final = frozenset({PATIENT})
"""Patients, who see themselves and nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking, as the session's row says; nothing in a request can change it."""

    user_id: UUID
    organisation_id: UUID
    role: str
    patient_id: UUID | None = None

    def may_see(self, patient_id: UUID | None) -> None:
        """Raises NotFound where a patient asks for anybody but themselves."""
        if self.role == PATIENT and (patient_id is None or patient_id != self.patient_id):
            raise NotFound

    @property
    def only_patient(self) -> UUID | None:
        """The one patient that this caller may see; None where that is not what limits them."""
        if self.role != PATIENT:
            return None
        if self.patient_id is None:
            raise Forbidden("this account is linked to no patient")
        return self.patient_id


def require(caller: Caller, roles: frozenset[str]) -> None:
    """Raises Forbidden unless the caller's role is one of these."""
    if caller.role not in roles:
        raise Forbidden("your role does not include this")
