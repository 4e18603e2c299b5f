"""What a device says besides its numbers: flags, special values, meal context."""

from enum import StrEnum


class Flag(StrEnum):
    """A status that the device reported. Never judged here: alert rules and people do that."""

    # Blood pressure, 0x2A35 measurement status.
    BODY_MOVEMENT = "body_movement"
    CUFF_TOO_LOOSE = "cuff_too_loose"
    IRREGULAR_PULSE = "irregular_pulse"
    PULSE_ABOVE_RANGE = "pulse_above_range"
    PULSE_BELOW_RANGE = "pulse_below_range"
    IMPROPER_POSITION = "improper_position"
    # Glucose, 0x2A18 sensor status and sample type.
    CONTROL_SOLUTION = "control_solution"
    BATTERY_LOW = "battery_low"
    SENSOR_MALFUNCTION = "sensor_malfunction"
    SAMPLE_INSUFFICIENT = "sample_insufficient"
    STRIP_ERROR = "strip_error"
    RESULT_TOO_HIGH = "result_too_high"
    RESULT_TOO_LOW = "result_too_low"
    TEMPERATURE_TOO_HIGH = "temperature_too_high"
    TEMPERATURE_TOO_LOW = "temperature_too_low"
    READ_INTERRUPTED = "read_interrupted"
    DEVICE_FAULT = "device_fault"
    TIME_FAULT = "time_fault"
    # Oximetry, 0x2A5E/0x2A5F measurement status.
    MEASUREMENT_ONGOING = "measurement_ongoing"
    EARLY_ESTIMATE = "early_estimate"
    FROM_STORAGE = "from_storage"
    DEMONSTRATION = "demonstration"
    TESTING = "testing"
    CALIBRATION = "calibration"
    UNAVAILABLE = "unavailable"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"
    CLOCK_NOT_SET = "clock_not_set"
    # Heart rate, 0x2A37.
    NO_SKIN_CONTACT = "no_skin_contact"
    # Scales: 0xFFFF in weight or body fat.
    MEASUREMENT_UNSUCCESSFUL = "measurement_unsuccessful"


NOT_A_PATIENT_VALUE: frozenset[str] = frozenset(
    {
        Flag.CONTROL_SOLUTION,
        Flag.DEMONSTRATION,
        Flag.TESTING,
        Flag.CALIBRATION,
        Flag.UNAVAILABLE,
        Flag.INVALID,
        Flag.MEASUREMENT_UNSUCCESSFUL,
    }
)
"""Flags under which a reading says nothing about the patient: admission quarantines it."""


class Special(StrEnum):
    """Why a value is not a number. IEEE 11073-20601 special words, and a meter's HI and LO."""

    NAN = "nan"
    NRES = "nres"  # Not at this resolution.
    PLUS_INF = "+inf"
    MINUS_INF = "-inf"
    RESERVED = "reserved"
    HI = "hi"  # Above what the meter can measure: a censored value, not an absent one.
    LO = "lo"


class Meal(StrEnum):
    """When, relative to eating, glucose was measured (0x2A34)."""

    BEFORE = "before_meal"
    AFTER = "after_meal"
    FASTING = "fasting"
    CASUAL = "casual"
    BEDTIME = "bedtime"
