"""From raw frames to readings: decode, join what belongs together, choose the time. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from device_profiles import body_composition, gatt, glucose_context
from device_profiles.catalog import by_name
from device_profiles.decoding import decode, join
from device_profiles.errors import DecodeError, UnknownProfile
from device_profiles.glucose_context import FOLLOWS, GlucoseContext
from gateway.clock import Chosen, ClockReading, ClockRules, Rule, choose
from gateway.journal import Frame
from gateway.own_clock import Moment, retimed
from vitals.flags import Flag
from vitals.identity import reading_id
from vitals.reading import Measurement, Reading, TimeQuality
from wire.codec import encode_reading
from wire.errors import Unsendable

PARTNER_WAIT_S: Final = 900
"""A context or second packet that the link swallowed comes with the next visit, if it comes."""
IN_COMPANY: Final = frozenset({gatt.GLUCOSE_MEASUREMENT, gatt.GLUCOSE_CONTEXT})
"""Frames that are understood together, once the visit is over."""
CONTEXT, LOST = "context_record", "lost"
"""Said of a reading whose context was announced and never came: it may even be a ketone."""
UNREMARKABLE: Final = frozenset({Rule.AGREES, Rule.NO_DEVICE_TIME})
"""What `time_quality` says well enough by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A reading, and the frames that it was made of."""

    reading: Reading
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A frame that says nothing we can stand for: kept for a person."""

    frames: tuple[Frame, ...]
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """A frame that is no result, and rightly so: a cuff still inflating."""

    frames: tuple[Frame, ...]


Outcome = Made | Refused | Nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Understood:
    frame: Frame
    measurement: Measurement


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What one pass over the frames has found so far."""

    moment: Moment
    zone: ZoneInfo
    rules: ClockRules
    measurements: list[_Understood]
    contexts: dict[tuple[str, int], list[tuple[Frame, GlucoseContext]]]
    outcomes: list[Outcome]
    used: set[int]


def interpret(
    frames: Sequence[Frame], *, moment: Moment, zone: ZoneInfo, rules: ClockRules
) -> list[Outcome]:
    """What the frames mean, in their order. Frames that wait for a partner have no outcome yet.

    `moment` must be from a trusted clock.
    """
    batch = _Batch(
        moment=moment,
        zone=zone,
        rules=rules,
        measurements=[],
        contexts={},
        outcomes=[],
        used=set(),
    )
    for frame in frames:
        _decode(batch, frame)
    for index, found in enumerate(batch.measurements):
        if found.frame.id not in batch.used:
            _conclude(batch, found, batch.measurements[index + 1 :])
    _refuse_orphans(batch)
    return sorted(batch.outcomes, key=lambda outcome: outcome.frames[0].id)


def _decode(batch: _Batch, frame: Frame) -> None:
    try:
        profile = by_name(frame.profile)
        if frame.characteristic != gatt.GLUCOSE_CONTEXT:
            measurement = decode(frame.characteristic, frame.data, profile=profile)
            batch.measurements.append(_Understood(frame=frame, measurement=measurement))
            return
        data = frame.data
        if profile.patch is not None:
            data = profile.patch(frame.characteristic, data)
        context = glucose_context.decode(data, meals=profile.meals)
    except (DecodeError, UnknownProfile) as error:
        batch.outcomes.append(Refused(frames=(frame,), error=str(error)))
    else:
        _note_context(batch, frame, context)


def _note_context(batch: _Batch, frame: Frame, context: GlucoseContext) -> None:
    known = batch.contexts.setdefault((frame.device, context.sequence), [])
    if any(before.data == frame.data for before, _ in known):
        batch.outcomes.append(Nothing(frames=(frame,)))  # A meter that sends everything twice.
    else:
        known.append((frame, context))


def _conclude(batch: _Batch, found: _Understood, later: Iterable[_Understood]) -> None:
    frame, measurement = found.frame, found.measurement
    in_company = frame.characteristic in IN_COMPANY or "multiple_packet" in measurement.details
    if in_company and not frame.ended:
        return
    partner = _context_of(batch, found) or _second_packet(found, later)
    if partner is None and _lacks_partner(measurement) and _may_yet_come(frame, batch.moment):
        return
    joined, parts = (_alone(found), (frame,)) if partner is None else partner
    batch.used.update(part.id for part in parts)
    batch.outcomes.append(_outcome(batch, joined, parts))


_Joined = tuple[Measurement, tuple[Frame, ...]]


def _context_of(batch: _Batch, found: _Understood) -> _Joined | None:
    sequence = found.measurement.sequence
    if found.frame.characteristic != gatt.GLUCOSE_MEASUREMENT or sequence is None:
        return None
    candidates = batch.contexts.get((found.frame.device, sequence), [])
    if not candidates:
        return None
    # The latest of the same visit; numbers start again when a battery is changed.
    frame, context = max(
        candidates, key=lambda one: (one[0].session == found.frame.session, one[0].id)
    )
    # The record's own maker says what its numbers mean, once all of the record is there.
    joined = join(found.measurement, context, profile=by_name(found.frame.profile))
    return joined, (found.frame, frame)


def _alone(found: _Understood) -> Measurement:
    """Without the context that it announced. HI and LO are what they are all the same."""
    measurement = found.measurement
    if FOLLOWS not in measurement.details:
        return measurement
    rest = {name: said for name, said in measurement.details.items() if name != FOLLOWS}
    complete = msgspec.structs.replace(
        measurement,
        details=rest,
        context={**measurement.context, CONTEXT: LOST},
    )
    amend = by_name(found.frame.profile).amend
    return complete if amend is None else amend(complete)


def _second_packet(first: _Understood, later: Iterable[_Understood]) -> _Joined | None:
    if "multiple_packet" not in first.measurement.details:
        return None
    for other in later:
        same_act = (
            other.frame.session == first.frame.session
            and other.frame.data != first.frame.data
            and "multiple_packet" in other.measurement.details
            and other.measurement.device_time == first.measurement.device_time
        )
        if same_act:
            joined = body_composition.join(first.measurement, other.measurement)
            return joined, (first.frame, other.frame)
    return None


def _lacks_partner(measurement: Measurement) -> bool:
    """Asked where none was found: whether there should have been one that another visit brings."""
    return bool(measurement.details.get(FOLLOWS))


def _may_yet_come(frame: Frame, moment: Moment) -> bool:
    same_boot = frame.captured.boot == moment.boot
    return same_boot and moment.up_s - frame.captured.up_s < PARTNER_WAIT_S


def _refuse_orphans(batch: _Batch) -> None:
    for frame, context in chain.from_iterable(batch.contexts.values()):
        if frame.id in batch.used or not frame.ended or _may_yet_come(frame, batch.moment):
            continue
        error = f"context_without_measurement: number {context.sequence}"
        batch.outcomes.append(Refused(frames=(frame,), error=error))


def _outcome(batch: _Batch, measurement: Measurement, parts: tuple[Frame, ...]) -> Outcome:
    if not measurement.result:
        return Nothing(frames=parts)
    reading = _reading(batch, measurement, parts)
    try:
        encode_reading(reading)
    except Unsendable as error:
        return Refused(frames=parts, error=f"unsendable: {error}")
    return Made(reading=reading, frames=parts)


def _reading(batch: _Batch, measurement: Measurement, parts: tuple[Frame, ...]) -> Reading:
    frame = parts[0]
    captured_at, look = _hub_times(frame, batch.moment)
    chosen = choose(
        measurement.device_time,
        captured_at=captured_at or batch.moment.now,
        look=look,
        zone=batch.zone,
        rules=batch.rules,
        says_unset=Flag.CLOCK_NOT_SET in measurement.flags,
        replaced=frame.replaced,
    )
    if captured_at is None and chosen.quality is TimeQuality.GATEWAY:
        chosen = replace(chosen, rule=Rule.HUB_HAD_NO_CLOCK)
    return Reading(
        id=reading_id(
            device=frame.device,
            kind=measurement.kind,
            frame=frame.data,
            device_time=measurement.device_time,
            sequence=measurement.sequence,
            captured_at=captured_at or frame.captured.now,
        ),
        device=frame.device,
        kind=measurement.kind,
        measured_at=chosen.measured_at,
        time_quality=chosen.quality,
        values=measurement.values,
        device_time=measurement.device_time,
        clock_drift_s=chosen.drift_s,
        sequence=measurement.sequence,
        user=measurement.user,
        special=measurement.special,
        flags=measurement.flags,
        context=_context(measurement, chosen, parts),
        frame=frame.data.hex(),
        profile=frame.profile,
    )


def _context(
    measurement: Measurement, chosen: Chosen, parts: tuple[Frame, ...]
) -> dict[str, str | float]:
    """The measurement's surroundings, the rule that chose the time, and a second frame's bytes."""
    context = dict(measurement.context)
    if chosen.rule not in UNREMARKABLE:
        context["time_rule"] = str(chosen.rule)
    for part in parts[1:]:
        # Provenance for what was joined; the longest legal one is 2 x 30 digits.
        context[f"frame_{part.characteristic}"] = part.data.hex()[:64]
    return context


def _hub_times(frame: Frame, moment: Moment) -> tuple[dt.datetime | None, ClockReading | None]:
    """When the hub got the frame and looked at the device's clock, by a clock that knew.

    (None, None) when nobody can know any more: captured without a clock, before a reboot.
    """
    if frame.clock_trusted:
        return frame.captured.now, frame.look
    captured = retimed(frame.captured.up_s, captured_boot=frame.captured.boot, moment=moment)
    if captured is None:
        return None, None
    look = frame.look
    if look is not None:
        read_at = retimed(frame.look_up_s, captured_boot=frame.captured.boot, moment=moment)
        look = None if read_at is None else replace(look, read_at=read_at)
    return captured, look
