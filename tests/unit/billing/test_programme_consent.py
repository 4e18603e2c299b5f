"""A consent of its own for each care programme, from its instant until it was taken back."""

import datetime as dt

import pytest
from msgspec.structs import replace

from billing.eligibility.facts import Facts, ProgrammeConsent
from billing.eligibility.gate import standing
from billing.eligibility.policy import Policy
from billing.eligibility.programme_consent import (
    EVER,
    alone,
    consent_in,
    counts_from,
    lacking,
    narrowed,
)
from billing.eligibility.result import Why
from tests.unit.billing.facts_making import facts

MONTH = (dt.datetime(2026, 10, 1, tzinfo=dt.UTC), dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
TICK = dt.timedelta(microseconds=1)


def known(*given: ProgrammeConsent, program: str = "CCM") -> Facts:
    """Enrolled in all of them, with consent to one."""
    none: dict[str, tuple[ProgrammeConsent, ...]] = {"CCM": (), "PCM": (), "BHI": ()}
    return replace(facts(), programme_consents=none | {program: given})


def consent(since: dt.datetime, until: dt.datetime | None = None) -> ProgrammeConsent:
    return ProgrammeConsent(since=since, until=until)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (MONTH[0], None, True),
        (MONTH[1] - TICK, None, True),
        (MONTH[1], None, False),
        (MONTH[0] - TICK, MONTH[0], False),
        (MONTH[0] - TICK, MONTH[0] + TICK, True),
    ],
)
def test_it_holds_in_a_month_that_it_touches(
    since: dt.datetime,
    until: dt.datetime | None,
    holds: bool,  # noqa: FBT001
) -> None:
    found = known(consent(since, until))
    assert (consent_in("ccm", found, MONTH) is not None) == holds
    assert lacking("CCM", found, MONTH, Policy()) == (None if holds else Why.NO_CONSENT)


def test_one_programme_says_nothing_of_another() -> None:
    found = known(consent(MONTH[0]), program="PCM")
    assert lacking("CCM", found, MONTH, Policy()) is Why.NO_CONSENT
    assert lacking("BHI", found, MONTH, Policy()) is Why.NO_CONSENT
    assert lacking("PCM", found, MONTH, Policy()) is None
    assert lacking("APCM", found, MONTH, Policy()) is None, "that one is attested"
    assert lacking("RPM", found, MONTH, Policy()) is None


def test_worked_cases_are_not_asked() -> None:
    assert lacking("CCM", facts(), MONTH, Policy()) is None
    assert narrowed("CCM", facts(), MONTH, MONTH[0], None) == (MONTH[0], None)


def test_a_payer_may_want_it_in_writing() -> None:
    policy = Policy(require_written_consent=True)
    spoken = consent(MONTH[0])
    assert lacking("CCM", known(spoken), MONTH, policy) is Why.CONSENT_NOT_WRITTEN
    assert lacking("CCM", known(replace(spoken, written=True)), MONTH, policy) is None


def test_minutes_count_where_both_consents_hold() -> None:
    first, last = MONTH[0] + 5 * dt.timedelta(days=1), MONTH[0] + 20 * dt.timedelta(days=1)
    found = known(consent(first, last))
    assert narrowed("CCM", found, MONTH, MONTH[0], None) == (first, last)
    assert narrowed("CCM", found, MONTH, last, first) == (last, first)
    assert narrowed("CCM", known(), MONTH, MONTH[0], None) == (None, None)
    assert narrowed("RPM", known(), MONTH, MONTH[0], None) == (MONTH[0], None)


def test_who_is_not_monitored_needs_no_consent_to_monitoring() -> None:
    found = known(consent(MONTH[0]))
    bare = replace(found, episode=replace(found.episode, consent_at=None))
    assert standing(bare, Policy(), "CCM") is Why.NO_CONSENT, "who is monitored needs both"
    assert counts_from("CCM", bare, Policy()) is None
    care = replace(bare, episode=replace(bare.episode, program="CCM"))
    assert alone("CCM", care)
    assert not alone("CCM", bare)
    assert not alone("APCM", care), "that one has no consent of its own here"
    assert standing(care, Policy(), "CCM") is None
    assert standing(care, Policy(), "APCM") is Why.NO_CONSENT
    assert standing(care, Policy(require_written_consent=True), "CCM") is None
    assert counts_from("CCM", care, Policy()) == care.episode.order_at
    unordered = replace(care, episode=replace(care.episode, order_at=None))
    assert counts_from("CCM", unordered, Policy()) is None
    assert counts_from("CCM", unordered, Policy(require_order=False)) == EVER
    assert standing(unordered, Policy(), "CCM") is Why.NO_ORDER
