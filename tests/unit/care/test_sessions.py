import datetime as dt
from uuid import UUID

import pytest

from care.sessions import AGE_MAX, IDLE_MAX, Session, is_live

OPENED = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
INSTANT = dt.timedelta(microseconds=1)


def seen(at: dt.datetime) -> Session:
    return Session(
        id=UUID(int=3),
        user_id=UUID(int=1),
        organisation_id=UUID(int=2),
        username="joy",
        role="nurse",
        patient_id=None,
        last_seen_at=at,
        expires_at=OPENED + AGE_MAX,
        display_name="",
        preferences={},
        organisation="Oak Street",
        organisation_zone="UTC",
        organisation_phone=None,
        organisation_emergency=None,
    )


@pytest.mark.parametrize(
    ("after", "live"), [(IDLE_MAX - INSTANT, True), (IDLE_MAX, False), (IDLE_MAX + INSTANT, False)]
)
def test_a_quarter_of_an_hour_without_a_sign_ends_it(after: dt.timedelta, *, live: bool) -> None:
    assert is_live(seen(OPENED), now=OPENED + after) is live


@pytest.mark.parametrize(
    ("after", "live"), [(AGE_MAX - INSTANT, True), (AGE_MAX, False), (AGE_MAX + INSTANT, False)]
)
def test_half_a_day_ends_it_however_busy(after: dt.timedelta, *, live: bool) -> None:
    now = OPENED + after
    assert is_live(seen(now - INSTANT), now=now) is live
