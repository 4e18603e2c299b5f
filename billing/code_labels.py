"""What we call the codes: numbers, and short labels of our own.

The descriptors of CPT are the American Medical Association's; none of them is copied here, and a
site that has a licence loads its own.
"""

from typing import Final

LABELS: Final[dict[str, str]] = {
    "99453": "Setting up and teaching",
    "99445": "Devices, 2 to 15 days",
    "99454": "Devices, 16 to 30 days",
    "99470": "Care time, 10 to 19 min",
    "99457": "Care time, first 20 min",
    "99458": "Care time, each 20 min more",
    "99091": "Practitioner's own review, 30 min",
    "99473": "Home pressure, teaching",
    "99474": "Home pressure, average",
    "98975": "Therapy, setting up and teaching",
    "98976": "Therapy devices, breathing, 16 to 30 days",
    "98977": "Therapy devices, muscles and joints, 16 to 30 days",
    "98978": "Therapy devices, behaviour, 16 to 30 days",
    "98984": "Therapy devices, breathing, 2 to 15 days",
    "98985": "Therapy devices, muscles and joints, 2 to 15 days",
    "98986": "Therapy devices, behaviour, 2 to 15 days",
    "98979": "Therapy time, 10 to 19 min",
    "98980": "Therapy time, first 20 min",
    "98981": "Therapy time, each 20 min more",
    "99490": "Chronic care, first 20 min",
    "99439": "Chronic care, each 20 min more",
    "99491": "Chronic care by the practitioner, 30 min",
    "99437": "Chronic care by the practitioner, each 30 min more",
    "99487": "Complex chronic care, 60 min",
    "99489": "Complex chronic care, each 30 min more",
    "99424": "Principal care by the practitioner, 30 min",
    "99425": "Principal care by the practitioner, each 30 min more",
    "99426": "Principal care, 30 min",
    "99427": "Principal care, each 30 min more",
    "99484": "Behavioural health, 20 min",
    "99495": "After discharge, visit within 14 days",
    "99496": "After discharge, visit within 7 days",
}


def label_of(code: str) -> str:
    """Empty for a code that we have no words for."""
    return LABELS.get(code, "")
