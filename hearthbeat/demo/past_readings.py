"""What the simulator measured, as the readings that a hub would have sent. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from msgspec import Struct

from device_profiles.encoding import encode
from device_profiles.errors import EncodeError
from hearthbeat.demo.roster import MODELS, address_of, neighbours_cuff, slot_of
from simulator.devices.recorder import CHARACTERISTICS
from simulator.history import Act
from simulator.history_chance import luck
from simulator.people_cast import Character
from vitals.identity import reading_id
from vitals.kinds import Kind
from vitals.reading import Context, Measurement, Reading, TimeQuality

AGREES_WITHIN_S: Final = 60.0
NUMBERED: Final = dt.timedelta(minutes=10)
"""Record numbers of a glucose meter: one for each so long since it was new."""


class Arrived(Struct, frozen=True, kw_only=True):
    """A reading, and when it reached the clinic."""

    at: dt.datetime
    reading: Reading


def arrived(character: Character, acts: Iterable[Act], *, anchor: dt.datetime) -> list[Arrived]:
    """In order of arrival."""
    found = []
    for act in acts:
        reading = _reading(character, act, anchor)
        late = float(luck(character.key, act.at.isoformat(), "travels").uniform(6, 28))
        at = act.at.astimezone(dt.UTC) + dt.timedelta(seconds=round(late, 1))
        found.append(Arrived(at=at, reading=reading))
    found.sort(key=lambda each: each.at)
    return found


def _reading(character: Character, act: Act, anchor: dt.datetime) -> Reading:
    own = act.whose != "neighbour"
    device = address_of(character, act.kind) if own else neighbours_cuff(character)
    user = slot_of(character, act.kind) if act.whose == "own" else None
    shown = (act.at + dt.timedelta(seconds=act.drift_s)).replace(tzinfo=None)
    sequence = _number(character, act, anchor) if act.kind is Kind.GLUCOSE else None
    context: Context = {} if act.meal is None else {"meal": str(act.meal)}
    frame = _frame(
        Measurement(
            kind=act.kind, values=act.values, flags=act.flags, device_time=shown,
            sequence=sequence, user=user, special=act.special,
        )
    )  # fmt: skip
    wrong = abs(act.drift_s) > AGREES_WITHIN_S
    return Reading(
        id=_id(device, act.kind, frame, shown, sequence, act.at),
        device=device,
        kind=act.kind,
        measured_at=_fixed(act.at),
        time_quality=TimeQuality.CORRECTED if wrong else TimeQuality.DEVICE,
        values=act.values,
        device_time=shown,
        clock_drift_s=act.drift_s if wrong else None,
        sequence=sequence,
        user=user,
        special=act.special,
        flags=act.flags,
        context=context,
        frame=frame.hex(),
        profile=MODELS[act.kind].profile,
    )


def _id(
    device: str,
    kind: Kind,
    frame: bytes,
    shown: dt.datetime,
    sequence: int | None,
    at: dt.datetime,
) -> UUID:
    return reading_id(
        device=device, kind=kind, frame=frame, device_time=shown, sequence=sequence, captured_at=at
    )


def _number(character: Character, act: Act, anchor: dt.datetime) -> int:
    new = anchor + dt.timedelta(days=character.enrolled - 1)
    return (act.at - new) // NUMBERED % 65_536


def _frame(measurement: Measurement) -> bytes:
    """Empty where the standard's layout cannot say it: a meter's HI is the vendor's own."""
    try:
        return encode(CHARACTERISTICS[measurement.kind], measurement)
    except EncodeError:
        return b""


def _fixed(at: dt.datetime) -> dt.datetime:
    """With a fixed offset, as from the wire."""
    offset = at.utcoffset() or dt.timedelta()
    return at.astimezone(dt.timezone(offset))
