"""The steps of enrolling a patient: each a page of its own, and what is done of them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from care.consents import monitored_from
from care.enrolments import Enrolment, find_enrolment, running_episode
from care.episodes import Episode
from care.kits import Held, list_held
from care.orders import Order, list_orders
from console.clinic.asking import Asking

NAMES: Final = (
    ("who", "Who"),
    ("programme", "Programme"),
    ("order", "Order"),
    ("consent", "Consent"),
    ("kit", "Kit"),
    ("ready", "Ready"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: str
    label: str
    path: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a patient's enrolment has come."""

    enrolment: Enrolment
    episode: Episode | None
    """That goes on, or is set to begin."""
    consented: bool
    orders: tuple[Order, ...]
    """That have not ended."""
    devices: tuple[Held, ...]
    """That the patient has now."""

    def steps(self, patient_id: UUID) -> tuple[Step, ...]:
        done = {
            "who": True,
            "programme": self.enrolment.programme is not None or self.episode is not None,
            "order": bool(self.orders),
            "consent": self.consented and self.episode is not None,
            "kit": bool(self.devices),
            "ready": self.enrolment.finished_at is not None,
        }
        return tuple(
            Step(name=name, label=label, path=path_of(patient_id, name), done=done[name])
            for name, label in NAMES
        )

    def next_path(self, patient_id: UUID) -> str:
        """The first that is not done; when all are, the last."""
        steps = self.steps(patient_id)
        return next((step.path for step in steps if not step.done), steps[-1].path)


async def progress_of(it: Asking) -> Progress:
    """Raises NotFoundError for a patient whose enrolment has not begun."""
    orders = await list_orders(it.conn, *it.whose)
    held = await list_held(it.conn, *it.whose)
    return Progress(
        enrolment=await find_enrolment(it.conn, *it.whose),
        episode=await running_episode(it.conn, *it.whose, now=it.now),
        consented=await monitored_from(it.conn, *it.whose, at=it.now) is not None,
        orders=tuple(each for each in orders if each.ends_at is None or each.ends_at > it.now),
        devices=tuple(each for each in held if each.ends_at is None or each.ends_at > it.now),
    )


def path_of(patient_id: UUID, name: str) -> str:
    """The first step of a patient who is there is the page on which what is kept is changed."""
    return f"/patients/{patient_id}/enrol/{name}"
