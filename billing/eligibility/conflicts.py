"""Services that exclude each other (X-2: RPM and RTM never in one window)."""

from typing import Final

from billing.eligibility.facts import Facts, OtherService
from billing.eligibility.result import Window

RTM: Final = frozenset(
    {
        "98975", "98976", "98977", "98978", "98979", "98980", "98981", "98984", "98985", "98986",
    }
)  # fmt: skip


def rtm_in(window: Window, facts: Facts) -> bool:
    """Whether remote therapeutic monitoring was billed for the same days."""
    return any(_is_rtm(each) and _meets(each, window) for each in facts.other_services)


def _is_rtm(service: OtherService) -> bool:
    return service.code in RTM or (service.program or "").upper() == "RTM"


def _meets(service: OtherService, window: Window) -> bool:
    if service.first is None:
        return True
    return service.first <= window.last and (service.last or service.first) >= window.first
