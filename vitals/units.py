"""Units of measurement, named by their UCUM codes. Only canonical units are ever stored."""

from enum import StrEnum


class Unit(StrEnum):
    """A canonical unit; the value is its case-sensitive UCUM code."""

    MMHG = "mm[Hg]"
    PER_MINUTE = "/min"
    KG = "kg"
    CM = "cm"
    KG_PER_M2 = "kg/m2"
    PERCENT = "%"
    MG_PER_DL = "mg/dL"
    CELSIUS = "Cel"
    OHM = "Ohm"
    KILOJOULE = "kJ"


PRINTED: dict[Unit, str] = {
    Unit.MMHG: "mmHg",
    Unit.PER_MINUTE: "bpm",
    Unit.KG: "kg",
    Unit.CM: "cm",
    Unit.KG_PER_M2: "kg/m²",
    Unit.PERCENT: "%",
    Unit.MG_PER_DL: "mg/dL",
    Unit.CELSIUS: "°C",
    Unit.OHM: "Ω",
    Unit.KILOJOULE: "kJ",
}
"""What people read where a machine would read the UCUM code."""
