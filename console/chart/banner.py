"""Who a page is about: the patient banner, one for every page and every dialog that writes.

After the NHS common user interface: the family name in capitals, birth dates that nobody reads day
for month, a labelled number, and what is not known said in words.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from care.errors import NotFoundError
from care.rules import Severity
from console.web.formats import UNKNOWN, Units, born, clock_time, counted, units_from
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "chart.sql")

WORST: Final = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
"""As the query numbers them, from 1."""
NOT_ASKED: Final = "Nobody has asked yet"
"""As the form of what is kept has it: "not known" beside others' "none known" is misread."""
NO_ALLERGIES: Final = frozenset({"", "none", "none known", "no known allergies", "nka", "nkda"})
SEXES: Final = {"female": "Female", "male": "Male", "other": "Other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientBanner:
    """In words, as of `now`; what nobody has told is "Not known"."""

    id: UUID
    name: str
    """Able, Ada is written ABLE, Ada."""
    given_name: str
    family_name: str
    mrn: str
    born: str
    sex: str
    allergies: str
    allergic: bool
    """Something is known that must not be overlooked."""
    alerts: int
    """How many stand."""
    worst: Severity | None
    zone: ZoneInfo
    local_time: str
    phone: str | None
    programmes: tuple[str, ...]
    language: str
    language_code: str
    units: Units

    @property
    def tel(self) -> str:
        """The number as a link wants it."""
        plus = "+" if (self.phone or "").lstrip().startswith("+") else ""
        return plus + "".join(each for each in self.phone or "" if each.isdigit())

    @property
    def alerts_in_words(self) -> str:
        if not self.alerts:
            return "No open alerts"
        return f"{counted(self.alerts, 'open alert')}, worst {self.worst}"


async def banner_of(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, now: dt.datetime
) -> PatientBanner:
    """Raises NotFoundError where the organisation has no such patient."""
    row = await conn.fetchrow(QUERIES["banner"], organisation_id, patient_id, now)
    if row is None:
        raise NotFoundError("patient", f"there is no patient {patient_id}")
    return banner_from(dict(row), now=now)


def banner_from(row: Mapping[str, Any], *, now: dt.datetime) -> PatientBanner:
    """Pure."""
    zone = ZoneInfo(row["time_zone"])
    allergies = allergies_in_words(row["allergies"])
    return PatientBanner(
        id=row["id"],
        name=f"{row['family_name'].upper()}, {row['given_name']}",
        given_name=row["given_name"],
        family_name=row["family_name"],
        mrn=row["mrn"],
        born=born(row["birth_date"], today=now.astimezone(zone).date()),
        sex=SEXES.get(row["sex"], UNKNOWN),
        allergies=allergies,
        allergic=allergies not in {NOT_ASKED, "None known"},
        alerts=row["alerts"],
        worst=WORST[row["worst"] - 1] if row["worst"] else None,
        zone=zone,
        local_time=clock_time(now, zone),
        phone=row["phone"] or None,
        programmes=tuple(row["programmes"]),
        language=language_in_words(row["language"]),
        language_code=row["language"],
        units=units_from(row),
    )


def allergies_in_words(told: str | None) -> str:
    """Not asked is not the same as none."""
    if told is None:
        return NOT_ASKED
    return "None known" if told.strip().casefold() in NO_ALLERGIES else told.strip()


def language_in_words(code: str) -> str:
    """es: Spanish."""
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code or UNKNOWN
