"""The facts of a worked case, as its JSON has them."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from billing.eligibility.case_parts import (
    Json,
    an_object,
    day,
    instant,
    made,
    needed,
    objects,
    optional_day,
    optional_instant,
    zone,
)
from billing.eligibility.case_services import services
from billing.eligibility.days import NUMBER_MOST
from billing.eligibility.facts import (
    DEVICE_SENT,
    Asked,
    Attestation,
    Device,
    Episode,
    Facts,
    OtherEpisode,
    Pause,
    PriorAuthorisation,
    Reading,
    TimeEntry,
)

MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
CENTURY: Final = "20"
"""Of months that can be asked for: there are no rules of others."""
LONGEST: Final = dt.timedelta(hours=24)
NOT_THEIRS: Final = ("excluded", "marked", "test", "staff", "not_the_patient", "not_patient")
"""D-5: by whichever name a case says that a reading is not the patient's own."""


def facts_of(inputs: Json) -> Facts:
    home = zone(inputs, "patient_tz")
    patient = _patient(inputs)
    return Facts(
        patient=patient,
        payer=_payer(needed(inputs, "payer")),
        patient_zone=home,
        practice_zone=zone(inputs, "practice_tz") if inputs.get("practice_tz") else home,
        episode=episode_of(an_object(needed(inputs, "episode"), "episode")),
        devices=_devices(inputs.get("devices") or {}, home, patient),
        readings=readings_of(inputs, home, patient),
        entries=_entries(_list(inputs, "time_entries"), patient),
        other_services=tuple(services(inputs.get("other_services") or [])),
        diagnoses=None if inputs.get("diagnoses") is None else tuple(inputs["diagnoses"]),
        prior_authorisations=tuple(
            made(PriorAuthorisation, each, "prior_authorisations")
            for each in _list(inputs, "prior_authorisations")
        ),
        other_episodes=tuple(
            made(OtherEpisode, each, "other_episodes") for each in _list(inputs, "other_episodes")
        ),
        attestations=None
        if inputs.get("attestations") is None
        else tuple(
            made(Attestation, each, "attestations") for each in _list(inputs, "attestations")
        ),
    )


def _patient(inputs: Json) -> str:
    """Whom the case is about; where it does not say, the only one whom its entries name."""
    given = inputs.get("patient")
    if given is not None:
        return str(given)
    named = {str(each["patient"]) for each in _list(inputs, "time_entries") if each.get("patient")}
    if len(named) > 1:
        raise ValueError("patient is missing, and its time entries name several")
    return next(iter(named), "patient")


def asked_of(evaluate: Json) -> Asked:
    numbers = tuple(evaluate.get("supply_periods") or ())
    for number in numbers:
        if not isinstance(number, int) or not 1 <= number <= NUMBER_MOST:
            raise ValueError(f"evaluate/supply_periods: there is no period {number!r}")
    months = tuple(evaluate.get("months") or ())
    for month in months:
        if not isinstance(month, str) or MONTH.fullmatch(month) is None:
            raise ValueError(f"evaluate/months: {month!r} is no month")
        if month[:2] != CENTURY:
            raise ValueError(f"evaluate/months: {month!r} does not lie from 2000-01 to 2099-12")
    return Asked(
        as_of=day(needed(evaluate, "as_of", "evaluate/"), "evaluate/as_of"),
        supply_periods=numbers,
        months=months,
        setup=bool(evaluate.get("setup")),
        services=tuple(evaluate.get("services") or ()),
    )


def episode_of(found: Json) -> Episode:
    read = {
        **{name: value for name, value in found.items() if value is not None},
        **{
            name: optional_instant(found, name)
            for name in ("consent_at", "order_at", "consent_withdrawn_at")
        },
        "end_date": optional_day(found, "end_date"),
        "setup_education_date": optional_day(found, "setup_education_date"),
        "program": found.get("program") or found.get("programme") or "RPM",
        "pauses": tuple(
            Pause(first=day(needed(each, "from"), "pauses"), last=day(needed(each, "to"), "pauses"))
            for each in objects(found.get("pauses") or [], "episode/pauses")
        ),
    }
    return made(Episode, read, "episode")


def entry_of(found: Json, patient: str, name: str) -> TimeEntry:
    where = f"time entry {found.get('id') or name}"
    start, end = (
        instant(needed(found, each, f"{where}: "), f"{where}, {each}") for each in ("start", "end")
    )
    if end < start:
        raise ValueError(f"{where} ends before it starts")
    if end - start > LONGEST:
        hours = (end - start) / dt.timedelta(hours=1)
        raise ValueError(f"{where} is {hours:g} hours long: nobody works longer than 24")
    defaults = {
        "id": name,
        "patient": patient,
        "staff": f"of {name}",
        "mode": "none",
        "activity": "",
    }
    given = {key: value for key, value in found.items() if value is not None and key != "pieces"}
    if isinstance(given.get("mode"), str):
        given["mode"] = given["mode"].lower()
    program = found.get("program") or found.get("programme") or "RPM"
    return made(
        TimeEntry, {**defaults, **given, "program": program, "start": start, "end": end}, where
    )


def _entries(found: Any, patient: str) -> tuple[TimeEntry, ...]:
    """One that is there twice is there once; two that share a name are two."""
    made_: dict[str, TimeEntry] = {}
    known: set[TimeEntry] = set()
    for number, each in enumerate(found, 1):
        entry = entry_of(each, patient, f"t{number}")
        if entry not in known:
            known.add(entry)
            name = entry.id if entry.id not in made_ else f"{entry.id}, the {number}th"
            made_[name] = replace(entry, id=name)
    return tuple(made_.values())


def readings_of(inputs: Json, home: ZoneInfo, patient: str) -> tuple[Reading, ...]:
    return (
        *_series(_list(inputs, "reading_series"), home, patient),
        *(
            reading_of(each, home, f"r{number}")
            for number, each in enumerate(_list(inputs, "readings"), 1)
            if theirs(each, patient)
        ),
    )


def theirs(found: Json, patient: str) -> bool:
    """D-5: what names another patient is nothing of this one's."""
    owner = found.get("patient")
    return owner is None or str(owner) == patient


def reading_of(found: Json, home: ZoneInfo, name: str) -> Reading:
    """D-7: its day is that of the clock it was measured by: of its own zone where it has one, of
    its offset where that is not UTC; else of the patient's zone.
    """
    where = f"reading {found.get('id') or name}"
    measured = instant(needed(found, "measured_at", f"{where}: "), f"{where}, measured_at")
    given = found.get("received_at")
    received = measured if given is None else instant(given, f"{where}, received_at")
    clock = _clock(found, measured, home)
    device = found.get("device")
    return Reading(
        id=str(found.get("id") or name),
        device=device,
        source=found.get("source") or ("manual" if device is None else DEVICE_SENT),
        measured_at=measured,
        received_at=received,
        local_day=measured.astimezone(clock).date(),
        received_day=received.astimezone(clock).date(),
        excluded=next((str(found[each]) for each in NOT_THEIRS if found.get(each)), None),
        kind=str(found.get("kind") or ""),
        clock_trusted=found.get("clock_trusted") is not False,
    )


def _clock(found: Json, measured: dt.datetime, home: ZoneInfo) -> dt.tzinfo:
    """Where the patient was: both days of a reading are told by it."""
    if found.get("patient_tz"):
        return zone(found, "patient_tz")
    return measured.tzinfo if measured.tzinfo is not None and measured.utcoffset() else home


def _series(found: Any, home: ZoneInfo, patient: str) -> Iterator[Reading]:
    """One reading a date at a local time, received the moment it was measured."""
    for number, each in enumerate(found):
        if not theirs(each, patient):
            continue
        own = zone(each, "patient_tz") if each.get("patient_tz") else home
        try:
            at = dt.time.fromisoformat(each.get("local_time") or "12:00")
        except (ValueError, TypeError) as error:
            raise ValueError(f"reading_series/{number}/local_time is no time") from error
        for text in needed(each, "dates"):
            date = day(text, f"reading_series/{number}/dates")
            measured = dt.datetime.combine(date, at, own)
            name = f"series-{number}-{text}"
            reading = {**each, "id": name, "measured_at": measured.isoformat()}
            yield reading_of({**reading, "patient_tz": own.key}, home, name)


def _devices(found: Any, home: ZoneInfo, patient: str) -> dict[str, Device]:
    """Those of this patient: assigned to nobody by name, or to them (D-5)."""
    devices = {}
    for name, each in an_object(found, "devices").items():
        given = {key: value for key, value in (each or {}).items() if value is not None}
        if given.get("assigned_to") == patient:
            del given["assigned_to"]
        if not theirs(given, patient) or _a_name(given.get("assigned_to")):
            continue
        for edge in ("assigned_from", "assigned_to"):
            if edge in given:
                given[edge] = _edge(given[edge], home, f"device {name}, {edge}")
        devices[name] = made(Device, given, f"device {name}")
    return devices


def _a_name(found: Any) -> bool:
    """Of somebody to whom it is assigned, where others write until when: no name is a date."""
    return isinstance(found, str) and re.match(r"[0-9]{4}-?[0-9]{2}", found) is None


def _edge(found: Any, home: ZoneInfo, where: str) -> dt.datetime:
    """An instant; of a mere date, where it begins, or ends: the last day is theirs too."""
    if len(str(found)) == len("2026-01-01"):
        first = day(found, where)
        last = where.endswith("assigned_to")
        return dt.datetime.combine(first + dt.timedelta(days=last), dt.time(), home)
    return instant(found, where)


def _payer(found: Any) -> str:
    return str(needed(found, "id", "inputs/payer/") if isinstance(found, dict) else found)


def _list(found: Json, name: str) -> Any:
    return objects(found.get(name) or [], name)
