"""Where a person may go: one table, read by the navigation and by the first page after sign-in."""

from dataclasses import dataclass
from typing import Final

from console.access import (
    ADMIN,
    AUDITOR,
    BILLER,
    CARERS,
    CLINICIAN,
    NURSE,
    PATIENT,
    READERS,
    REGISTRARS,
    SELF,
    Caller,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    path: str
    label: str
    icon: str
    """A symbol of console/static/icons.svg."""
    group: str
    order: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    path: str
    label: str
    icon: str
    group: str
    roles: frozenset[str]


WORK: Final = "Work"
CLINIC: Final = "Clinic"
TRUST: Final = "Trust"
MINE: Final = ""

KNOWN: Final = (
    _Known(path="/queue", label="Queue", icon="queue", group=WORK,
           roles=REGISTRARS | {AUDITOR}),
    _Known(path="/patients", label="Patients", icon="patients", group=WORK, roles=READERS),
    _Known(path="/desk", label="Readings in doubt", icon="desk", group=WORK,
           roles=REGISTRARS | {AUDITOR}),
    _Known(path="/time", label="Time log", icon="time", group=WORK,
           roles=CARERS | {ADMIN, BILLER, AUDITOR}),
    _Known(path="/billing", label="Billing", icon="bill", group=WORK,
           roles=frozenset({BILLER, ADMIN, AUDITOR, CLINICIAN})),
    _Known(path="/billing/work-list", label="Work list", icon="bill", group=WORK,
           roles=frozenset({NURSE})),
    _Known(path="/devices", label="Devices", icon="device", group=CLINIC,
           roles=REGISTRARS | {AUDITOR}),
    _Known(path="/programmes", label="Programmes", icon="programme", group=CLINIC, roles=READERS),
    _Known(path="/people", label="People", icon="people", group=CLINIC, roles=frozenset({ADMIN})),
    _Known(path="/notifications", label="Notifications", icon="bell", group=CLINIC,
           roles=REGISTRARS | {AUDITOR}),
    _Known(path="/clinic", label="Clinic", icon="clinic", group=CLINIC,
           roles=frozenset({ADMIN})),
    _Known(path="/audit", label="Audit", icon="audit", group=TRUST,
           roles=frozenset({ADMIN, AUDITOR})),
    _Known(path="/audit/measures", label="Measures", icon="chart", group=TRUST,
           roles=frozenset({ADMIN, AUDITOR})),
    _Known(path="/system", label="System", icon="system", group=TRUST,
           roles=frozenset({ADMIN, AUDITOR})),
    _Known(path="/my", label="Today", icon="home", group=MINE, roles=SELF),
    _Known(path="/my/readings", label="Readings", icon="chart", group=MINE, roles=SELF),
    _Known(path="/my/how", label="How to measure", icon="help", group=MINE, roles=SELF),
    _Known(path="/my/help", label="Who to call", icon="phone", group=MINE, roles=SELF),
    _Known(path="/my/people", label="Who can see", icon="people", group=MINE,
           roles=frozenset({PATIENT})),
)  # fmt: skip


def places(caller: Caller, path: str) -> tuple[Place, ...]:
    """Those that the caller's role includes; the one that holds `path` is marked."""
    open_to = [each for each in KNOWN if caller.role in each.roles]
    holding = [
        each.path for each in open_to if path == each.path or path.startswith(each.path + "/")
    ]
    here = max(holding, key=len, default=None)
    return tuple(
        Place(
            path=each.path,
            label=each.label,
            icon=each.icon,
            group=each.group,
            order=order,
            current=each.path == here,
        )
        for order, each in enumerate(open_to)
    )


BEGINS: Final = {BILLER: "/billing"}
"""Who does not begin with the first of their places."""


def first_place(caller: Caller) -> str:
    """Where somebody begins."""
    return BEGINS.get(caller.role) or next(each.path for each in KNOWN if caller.role in each.roles)
