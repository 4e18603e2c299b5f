"""Words of forms and lists: choices with what they are called. Pure."""

from typing import Final
from zoneinfo import available_timezones

from vitals.kinds import PANELS, Kind

SEXES: Final = (
    ("unknown", "Not known"),
    ("female", "Female"),
    ("male", "Male"),
    ("other", "Other"),
)
LANGUAGES: Final = (("en", "English"), ("es", "Spanish"))
WEIGHT_UNITS: Final = (("lb", "Pounds (lb)"), ("kg", "Kilograms (kg)"))
GLUCOSE_UNITS: Final = (("mg/dL", "mg/dL"), ("mmol/L", "mmol/L"))
TEMPERATURE_UNITS: Final = (("F", "Fahrenheit (°F)"), ("C", "Celsius (°C)"))
GIVERS: Final = (("patient", "The patient"), ("representative", "A representative"))
EPISODE_ENDS: Final = (
    ("goals_met", "Goals met"),
    ("patient_request", "The patient asked for it"),
    ("moved", "Moved away"),
    ("hospitalised", "In hospital"),
    ("died", "Died"),
    ("no_data", "No measurements came"),
    ("transferred", "Another clinic has taken over"),
    ("other", "Another reason"),
)
DISCLAIMER: Final = "not for emergencies."
"""Ends what every shipped programme says first."""
ROLES: Final = (
    ("nurse", "Nurse"),
    ("clinician", "Clinician"),
    ("admin", "Administrator"),
    ("biller", "Biller"),
    ("auditor", "Auditor"),
)
"""Of staff: patients' and caregivers' accounts are made by invitation."""
ROLE_WORDS: Final = {**dict(ROLES), "patient": "Patient", "caregiver": "Caregiver"}
OLD_ZONES: Final = ("Etc/", "SystemV/", "US/", "posix/", "right/", "Brazil/", "Canada/", "Chile/",
                    "Mexico/")  # fmt: skip


def kind_words(kind: str) -> str:
    return PANELS[Kind(kind)].label if kind in set(Kind) else kind


def summary(about: str, *, most: int = 160) -> str:
    """What a programme is for; that it is only suggested stands beside it in its own right."""
    told = about.partition(DISCLAIMER)[2].strip() or about
    return told if len(told) <= most else told[:most].rsplit(" ", 1)[0] + " \N{HORIZONTAL ELLIPSIS}"


def zones() -> list[str]:
    """What a time zone's field offers; what it takes is more."""
    return sorted(
        name
        for name in available_timezones()
        if ("/" in name or name == "UTC") and not name.startswith(OLD_ZONES)
    )
