"""What an entry of the time log may say: closed lists, with the words that people see."""

from enum import StrEnum
from typing import Final

from store.schema import ACTIVITIES, MODES, SERVICES, WITH_WHOM


class Activity(StrEnum):
    """What was done."""

    REVIEW = "review"
    CALL = "call"
    VIDEO_CALL = "video_call"
    VISIT = "visit"
    MESSAGE = "message"
    CARE_PLAN = "care_plan"
    COORDINATION = "coordination"
    EDUCATION = "education"
    MEDICATION = "medication"
    DOCUMENTATION = "documentation"
    SETUP = "setup"


class Mode(StrEnum):
    """Whether somebody was there at the same time, and how."""

    NONE = "none"
    LIVE_PHONE = "live_phone"
    LIVE_VIDEO = "live_video"
    IN_PERSON = "in_person"


class WithWhom(StrEnum):
    PATIENT = "patient"
    CAREGIVER = "caregiver"
    COLLEAGUE = "colleague"
    OTHER = "other"


class Service(StrEnum):
    """What the time may be billed as: a minute serves one of them (rule T-12)."""

    RPM = "rpm"
    RTM = "rtm"
    CCM = "ccm"
    PCM = "pcm"
    TCM = "tcm"
    BHI = "bhi"
    NONE = "none"


class Source(StrEnum):
    TIMER = "timer"
    BY_HAND = "by_hand"
    ALERT = "alert"


ACTIVITY_WORDS: Final[dict[str, str]] = {
    Activity.REVIEW: "Review of readings",
    Activity.CALL: "Phone call",
    Activity.VIDEO_CALL: "Video call",
    Activity.VISIT: "Visit",
    Activity.MESSAGE: "Message or letter",
    Activity.CARE_PLAN: "Care plan",
    Activity.COORDINATION: "Coordination with others",
    Activity.EDUCATION: "Teaching",
    Activity.MEDICATION: "Medication review",
    Activity.DOCUMENTATION: "Documentation",
    Activity.SETUP: "Setting up devices",
}
MODE_WORDS: Final[dict[str, str]] = {
    Mode.NONE: "Not live",
    Mode.LIVE_PHONE: "Live, by phone",
    Mode.LIVE_VIDEO: "Live, by video",
    Mode.IN_PERSON: "In person",
}
WITH_WORDS: Final[dict[str, str]] = {
    WithWhom.PATIENT: "Patient",
    WithWhom.CAREGIVER: "Caregiver",
    WithWhom.COLLEAGUE: "Colleague",
    WithWhom.OTHER: "Somebody else",
}
SERVICE_WORDS: Final[dict[str, str]] = {
    Service.RPM: "Remote monitoring (RPM)",
    Service.RTM: "Therapeutic monitoring (RTM)",
    Service.CCM: "Chronic care (CCM)",
    Service.PCM: "Principal care (PCM)",
    Service.TCM: "Transition of care (TCM)",
    Service.BHI: "Behavioural health (BHI)",
    Service.NONE: "Not for billing",
}
SOURCE_WORDS: Final[dict[str, str]] = {
    Source.TIMER: "Timer",
    Source.BY_HAND: "By hand",
    Source.ALERT: "With an alert",
}

LIVE: Final = frozenset({Mode.LIVE_PHONE, Mode.LIVE_VIDEO, Mode.IN_PERSON})
THEIRS: Final = frozenset({WithWhom.PATIENT, WithWhom.CAREGIVER})


def interactive(mode: str, with_whom: str | None) -> bool:
    """Real-time, two-way, with the patient or who cares for them at home (rule T-9). Messages,
    letters and voicemail are not.
    """
    return mode in LIVE and with_whom in THEIRS


def _complete() -> bool:
    return (tuple(Activity), tuple(Mode), tuple(WithWhom), tuple(Service)) == (
        ACTIVITIES,
        MODES,
        WITH_WHOM,
        SERVICES,
    )


assert _complete(), "the lists of words and of the tables have drifted apart"  # noqa: S101
