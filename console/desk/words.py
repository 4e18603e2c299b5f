"""Why a reading is held back, and how hubs and devices are, in plain words. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.web.formats import counted, since
from vitals.metrics import METRICS

HELD: Final[dict[str, tuple[str, str]]] = {
    "unknown_gateway": (
        "From a hub that nobody enrolled",
        "If the hub is yours, add it, then look again.",
    ),
    "revoked_gateway": ("From a hub that was shut out", "Find out why it still sends."),
    "unknown_device": (
        "From a device that is not registered",
        "Say whose it is, or add the device and hand it out.",
    ),
    "unassigned": (
        "Measured while the device was nobody's",
        "Say who measured, or hand the device out.",
    ),
    "not_this_person": (
        "Measured in a user slot that is nobody's",
        "Somebody else may have used it.",
    ),
    "ambiguous_user": (
        "Several people share this device",
        "The device did not say who measured.",
    ),
    "far_from_usual": (
        "Far from what is usual for its owner",
        "Somebody else may have stepped on.",
    ),
    "conflict": (
        "Contradicts another reading of the same instant",
        "Look at both, and say which is right.",
    ),
    "nobodys": ("Somebody said that it is nobody's", "Nothing to do."),
    "no_value": ("The device sent no number", "Ask for another measurement."),
    "impossible_pair": ("The numbers do not go together", "Ask for another measurement."),
    "from_the_future": ("Dated in the future", "The clock of the device or hub is wrong."),
    "control_solution": ("A test with control solution", "It says nothing of the patient."),
}
IMPLAUSIBLE: Final = "implausible:"
OTHER: Final = ("Held back", "Look at the reading before it counts.")


def held(reason: str | None) -> tuple[str, str]:
    """What is the matter, and what helps."""
    if reason is not None and reason.startswith(IMPLAUSIBLE):
        metric = METRICS.get(reason.removeprefix(IMPLAUSIBLE))
        name = metric.label.lower() if metric else "value"
        return (f"No living body shows this {name}", "The device failed, or was misread.")
    if reason in HELD:
        return HELD[reason]
    words = (reason or "").replace("_", " ")
    return (f"The device itself said: {words}", OTHER[1]) if words else OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How something is: a kind of badge, a word, and a sentence."""

    kind: str
    word: str
    about: str


BEAT_MISSED: Final = dt.timedelta(minutes=15)
"""A hub says that it is there every few minutes; and its last will says so when it goes."""


def hub_standing(hub: Mapping[str, Any], *, missing: int, now: dt.datetime) -> Standing:
    """The worst of what is known of a hub."""
    if hub["revoked_at"] is not None:
        return Standing(kind="", word="Shut out", about="Nothing from it is believed.")
    if hub["enrolled_at"] is None:
        return _not_enrolled(hub, now=now)
    if hub["received_at"] is None:
        return _never_heard(hub)
    return _heard(hub, missing=missing, now=now)


def _never_heard(hub: Mapping[str, Any]) -> Standing:
    if hub["transport"] == "http":
        return Standing(kind="good", word="Enrolled", about="It sends over HTTP and has no beat.")
    return Standing(kind="high", word="Not heard yet", about="It is enrolled and never spoke.")


def _heard(hub: Mapping[str, Any], *, missing: int, now: dt.datetime) -> Standing:
    heard = since(hub["received_at"], now=now)
    if hub["state"] == "offline":
        return Standing(kind="critical", word="Offline", about=f"It went {heard}.")
    if hub["trouble"]:
        return Standing(kind="high", word="In trouble", about=f"It says: {hub['trouble']}.")
    if missing:
        lacks = counted(missing, "reading")
        return Standing(kind="high", word="Readings missing", about=f"{lacks} of it did not come.")
    if now - hub["received_at"] > BEAT_MISSED:
        return Standing(kind="high", word="Silent", about=f"Last heard {heard}.")
    return Standing(kind="good", word="Online", about=f"Heard {heard}.")


def _not_enrolled(hub: Mapping[str, Any], *, now: dt.datetime) -> Standing:
    until = hub["enrolment_expires_at"]
    if until is not None and until > now:
        return Standing(
            kind="medium", word="Waiting", about="Its claim code has not been used yet."
        )
    return Standing(kind="", word="On the shelf", about="It has no claim code that is good.")


BATTERY_LOW: Final = 20
CLOCK_OFF_S: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDevice:
    """What a hub said last of a device."""

    battery: int | None = None
    last_seen: dt.datetime | None = None
    drift_s: float | None = None

    @property
    def battery_low(self) -> bool:
        return self.battery is not None and self.battery <= BATTERY_LOW

    @property
    def clock_off(self) -> bool:
        return self.drift_s is not None and abs(self.drift_s) > CLOCK_OFF_S


def of_device(told: Mapping[str, Any]) -> OfDevice:
    """From the status message of a hub."""
    seen = told.get("last_seen")
    return OfDevice(
        battery=told.get("battery"),
        last_seen=None if seen is None else dt.datetime.fromisoformat(seen),
        drift_s=told.get("clock_drift_s"),
    )


def drift(seconds: float) -> str:
    """How far a clock is off: "4 min fast"."""
    way = "fast" if seconds > 0 else "slow"
    if abs(seconds) < 60:  # noqa: PLR2004 - a minute
        return f"{abs(seconds):.0f} s {way}"
    from_now = dt.timedelta(seconds=abs(seconds))
    return f"{_long(from_now)} {way}"


def _long(length: dt.timedelta) -> str:
    if length.days >= 365:  # noqa: PLR2004 - a year
        return counted(length.days // 365, "year")
    if length.days:
        return counted(length.days, "day")
    hours, rest = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


ISSUERS: Final = {"gs1": "GS1", "hibcc": "HIBCC", "iccbba": "ICCBBA"}
"""Who gives out the numbers of UDIs."""


def sentence(message: str) -> str:
    """As a line on its own has it."""
    return f"{message[:1].upper()}{message[1:]}."
