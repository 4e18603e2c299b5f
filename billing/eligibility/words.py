"""Reasons, flags and attestations in words that a biller reads."""

from typing import Final

from billing.eligibility.result import Flag, NotBillable, Why

WHY_WORDS: Final[dict[Why, str]] = {
    Why.BELOW_MIN_DAYS: "Too few days with readings from a device.",
    Why.NO_QUALIFYING_READINGS: "No reading from a device that counts.",
    Why.BELOW_MIN_TIME: "Too little care time.",
    Why.NO_INTERACTIVE_COMMUNICATION: "Nobody spoke with the patient or caregiver, by phone, by "
    "video or in person.",
    Why.RPM_RTM_CONFLICT: "Physiologic and therapeutic monitoring are never billed together.",
    Why.NO_CONSENT: "No consent is recorded.",
    Why.NO_ORDER: "No order by a practitioner is recorded.",
    Why.NOT_ESTABLISHED: "The patient is not recorded as an established patient of the practice.",
    Why.WINDOW_OPEN: "The window is not over yet.",
    Why.UNKNOWN_PAYER: "Nobody has said which rules this payer follows.",
    Why.NO_RULE_SET: "No rule set holds for the date of service.",
    Why.RULESET_UNCONFIRMED: "Nobody has confirmed the rules for the date of service yet.",
    Why.NO_SETUP_EDUCATION: "Nobody has recorded that the patient was shown how to measure.",
    Why.ALREADY_BILLED: "Billed before in this episode.",
    Why.NOT_A_PROGRAM: "The payer's rules have no codes for this programme.",
    Why.CONSENT_NOT_WRITTEN: "This payer wants consent in writing.",
    Why.NO_DIAGNOSIS: "No diagnosis is recorded.",
    Why.DIAGNOSIS_NOT_COVERED: "The payer pays for it with other diagnoses only.",
    Why.PRIOR_AUTH_MISSING: "The payer's authorisation is missing for this date.",
    Why.CODE_NOT_ACCEPTED: "The payer does not accept this code.",
    Why.SECOND_PRACTITIONER: "Another practitioner monitors this patient in the same days.",
    Why.EXCLUDED_BY_OTHER_CODE: "Another code of the same month excludes it.",
    Why.NOT_ATTESTED: "Something that nobody can measure has not been attested.",
    Why.TOO_LATE: "A contact or visit came later than the code allows.",
    Why.TOO_SOON: "It was billed too recently.",
    Why.BELOW_MIN_READINGS: "Too few blood pressure readings.",
}

FLAG_WORDS: Final[dict[Flag, str]] = {
    Flag.MANUAL_EXCLUDED: "Values that were typed in or told are shown and do not count.",
    Flag.NON_CLINICAL_EXCLUDED: "Time of people who are not clinical staff does not count.",
    Flag.UNITS_CAPPED: "More time was spent than the payer pays units for.",
    Flag.OVERLAP_COUNTED_ONCE: "Two people worked on this patient at once; it is counted once.",
    Flag.STAFF_DOUBLE_BOOKED: "One person is logged with two patients at once; what they share "
    "counts for neither until somebody has resolved it.",
    Flag.DOUBLE_PROGRAM_CONFLICT: "The same minutes are logged for two programmes; they count in "
    "neither until somebody has resolved it.",
    Flag.INTERACTIVE_SPANS_MONTHS: "A conversation went over the end of the month.",
    Flag.WINDOW_TRUNCATED: "Monitoring ended before the window did.",
    Flag.TIME_AFTER_END_EXCLUDED: "Time after the end of monitoring does not count.",
    Flag.BEFORE_CONSENT_EXCLUDED: "What lies before consent and order does not count.",
    Flag.POST_LOCK_CHANGE: "Something changed after the month was locked.",
    Flag.LATE_ARRIVAL: "A reading arrived after the period was over.",
    Flag.RPM_RTM_CONFLICT: "Physiologic and therapeutic monitoring fall into the same days.",
    Flag.PERIOD_SPANS_RULESETS: "The rules changed within this period.",
    Flag.CLOCK_NOT_TRUSTED: "A reading whose device had a wrong clock does not count.",
    Flag.CODES_TOGETHER: "Two codes stand side by side that some payers refuse together.",
}

ATTESTED: Final[dict[str, str]] = {
    "two_chronic_conditions": "two or more chronic conditions that are expected to last a year",
    "one_serious_condition": "one serious condition that is expected to last three months",
    "care_plan": "a care plan, written and given to the patient",
    "mdm_moderate_or_high": "medical decisions of moderate or high complexity",
    "mdm_high": "medical decisions of high complexity",
    "tcm_discharge": "the day of discharge",
    "tcm_contact": "the first contact after discharge",
    "tcm_visit": "the visit after discharge, face to face",
    "bhi_plan": "a plan for behavioural health, with a rating scale",
    "apcm_consent": "consent to advanced primary care management",
    "qualified_medicare_beneficiary": "the state pays the patient's Medicare cost share",
    "chi_initiating_visit": "the visit that began community health integration",
    "pin_initiating_visit": "the visit that began principal illness navigation",
    "activity_nutrition_assessment": "the assessment of physical activity and nutrition",
    "social_needs_assessment": "the assessment of social needs",
    "smbp_education": "teaching and calibration for measuring blood pressure at home",
    "smbp_plan_told": "the average reported and the plan told to the patient",
    "data_review_chosen": "that 99091 is billed instead of management time",
}


def sentence(refused: NotBillable) -> str:
    """The reason with its numbers, or with what is missing: "Too little care time: 8:20 min, 10
    needed.".
    """
    said = WHY_WORDS[refused.reason].removesuffix(".")
    if refused.missing:
        return f"{said}: {_and([ATTESTED.get(each, each) for each in refused.missing])}."
    return f"{said}: {refused.why}." if refused.why else f"{said}."


def in_minutes(seconds: int) -> str:
    """`38 min`, `38:24 min`: nobody rounds."""
    return f"{_clock(seconds)} min"


def against(have: int, need: int) -> str:
    """Seconds that are there, beside those that are asked for: `38:24 min, 20 needed`."""
    return f"{in_minutes(have)}, {_clock(need)} needed"


def _clock(seconds: int) -> str:
    whole, rest = divmod(seconds, 60)
    return f"{whole}:{rest:02}" if rest else f"{whole}"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, and {names[-1]}"
