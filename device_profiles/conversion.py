"""From the units that devices send to the canonical ones, without float noise, and back.

Each result is rounded to a grid finer than the device's own steps, so that it reads as the number
it is (157.0 lb is 71.214 kg) and the way back finds the device's number again.
"""

from typing import Final

KPA_PER_MMHG: Final = 0.133322387415
"""The conventional millimetre of mercury (ISO 80000-4 annex, NIST SP 811 B.8)."""
MG_PER_DL_PER_MMOL_PER_L: Final = 18.0156
"""Glucose C6H12O6 is 180.156 g/mol (IUPAC 2021 atomic weights), so 1 mmol/L is 18.0156 mg/dL.
Tidepool has the same (18.01559). The 18.0182 of xDrip and others is about the rounded factor
0.0555 turned over; at 600 mg/dL the two are 0.09 mg/dL apart.
"""
KG_PER_LB: Final = 0.45359237
CM_PER_INCH: Final = 2.54


def mmhg_from_kpa(kpa: float) -> float:
    return round(kpa / KPA_PER_MMHG, 2)


def kpa_from_mmhg(mmhg: float) -> float:
    return round(mmhg * KPA_PER_MMHG, 6)


def mg_per_dl_from_mmol_per_l(mmol_per_l: float) -> float:
    return round(mmol_per_l * MG_PER_DL_PER_MMOL_PER_L, 2)


def mmol_per_l_from_mg_per_dl(mg_per_dl: float) -> float:
    return round(mg_per_dl / MG_PER_DL_PER_MMOL_PER_L, 6)


def celsius_from_fahrenheit(fahrenheit: float) -> float:
    return round((fahrenheit - 32) * 5 / 9, 2)


def fahrenheit_from_celsius(celsius: float) -> float:
    return round(celsius * 9 / 5 + 32, 2)


def kg_from_counts(counts: int, *, imperial: bool) -> float:
    """SIG scales count 5 g, or 0.01 lb."""
    return round(counts / 100 * KG_PER_LB, 3) if imperial else counts * 5 / 1000


def counts_from_kg(kg: float, *, imperial: bool) -> float:
    return kg / KG_PER_LB * 100 if imperial else kg * 200


def cm_from_counts(counts: int, *, imperial: bool) -> float:
    """SIG scales count 1 mm, or 0.1 inch."""
    return counts * 254 / 1000 if imperial else counts / 10


def counts_from_cm(cm: float, *, imperial: bool) -> float:
    return cm / CM_PER_INCH * 10 if imperial else cm * 10
