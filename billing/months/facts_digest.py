"""What an adjustment is about: what was measured and done, and the lines that came of it. Pure."""

from billing.months.records import PatientMonth
from billing.months.seal import digest


def facts_digest(month: PatientMonth) -> str:
    """Of what was measured and done, and of the lines that came of it; not of names and fees."""
    lines = [
        (each.line_id, each.code, each.units, each.dos_from, each.window_from, each.window_to)
        for each in month.lines
    ]
    return digest([lines, month.days, month.time])
