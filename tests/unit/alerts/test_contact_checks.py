"""How somebody is reached, as it is typed: taken, or refused with what would do."""

import pytest

from alerts.telling.contact_checks import address, masked, quiet
from alerts.telling.notify.message import Channel
from care.errors import InvalidError


@pytest.mark.parametrize(
    ("channel", "typed", "stored"),
    [
        ("email", " ana@clinic.example ", "ana@clinic.example"),
        ("email", "a.b+c@x-y.example.org", "a.b+c@x-y.example.org"),
        ("sms", "+1 (202) 555-0123", "+12025550123"),
        ("sms", "+49.30.901820", "+4930901820"),
        ("webhook", "https://hooks.example.org/a?b=c", "https://hooks.example.org/a?b=c"),
        ("webhook", "http://127.0.0.1:9000/x", "http://127.0.0.1:9000/x"),
        ("webhook", "http://[::1]/x", "http://[::1]/x"),
        ("webhook", "http://localhost:9000", "http://localhost:9000"),
        ("ntfy", "clinic-nurses_1", "clinic-nurses_1"),
        ("ntfy", "https://ntfy.example.org/x", "https://ntfy.example.org/x"),
        ("console", "", "console"),
    ],
)
def test_what_can_be_reached_is_taken(channel: str, typed: str, stored: str) -> None:
    assert address(Channel(channel), typed) == stored


@pytest.mark.parametrize(
    ("channel", "typed", "why"),
    [
        ("email", "ana", "ana@clinic.example would be one"),
        ("email", "ana@clinic", "is no e-mail address"),
        ("email", "ana@clinic.example\nBcc: x@y.example", "is no e-mail address"),
        ("email", "a b@clinic.example", "is no e-mail address"),
        ("email", "a@b.example,c@d.example", "is no e-mail address"),
        ("email", "a" * 250 + "@b.example", "is no e-mail address"),
        ("sms", "202 555 0123", "as .12025550123"),
        ("sms", "+0202555012", "with . and its country"),
        ("sms", "+123456", "7 to 15 digits"),
        ("sms", "+1234567890123456", "7 to 15 digits"),
        ("sms", "+1\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "7 to 15 digits"),
        ("webhook", "http://hooks.example.org", "must be https"),
        ("webhook", "http://127.0.0.1.example.org/", "must be https"),
        ("webhook", "https://u:p@hooks.example.org", "must not hold a name or password"),
        ("webhook", "ftp://x.example", "is no URL"),
        ("webhook", "https://", "is no URL"),
        ("webhook", "https://x.example:99999/", "is no URL"),
        ("webhook", "https://x.example/a b", "is no URL"),
        ("webhook", "https://x.example/" + "a" * 500, "at most 500"),
        ("ntfy", "a b", "is a topic of 1 to 64"),
        ("ntfy", "", "is a topic of 1 to 64"),
        ("ntfy", "a" * 65, "is a topic of 1 to 64"),
        ("ntfy", "http://ntfy.example.org/x", "must be https"),
        ("console", "ana", "is left out"),
    ],
)
def test_what_cannot_is_refused_with_what_would_do(channel: str, typed: str, why: str) -> None:
    with pytest.raises(InvalidError, match=why) as refused:
        address(Channel(channel), typed)
    assert refused.value.field == "address"


@pytest.mark.parametrize("digits", [7, 15])
def test_numbers_have_from_seven_to_fifteen_digits(digits: int) -> None:
    assert address(Channel.SMS, "+" + "1" * digits)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [("21:00", None, "quiet_to"), (None, "08:00", "quiet_from"), ("24:00", "08:00", "quiet_from"),
     ("21:00", "8:00", "quiet_to"), ("21:00", "21:00", "quiet_to"), ("x", "y", "quiet_from")],
)  # fmt: skip
def test_quiet_hours_have_both_ends(start: str | None, end: str | None, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        quiet(start, end)
    assert refused.value.field == field


def test_quiet_hours_may_be_none_or_a_span() -> None:
    assert quiet(None, None) == (None, None)
    assert quiet("21:00", "08:00") == ("21:00", "08:00")


@pytest.mark.parametrize(
    ("channel", "stored", "shown"),
    [("email", "ana@clinic.example", "a***@clinic.example"), ("sms", "+12025550123", "+1***23"),
     ("webhook", "https://h.example/secret", "https://h.example/***"),
     ("ntfy", "clinic-nurses", "cl***"), ("console", "console", "console")],
)  # fmt: skip
def test_masked_addresses_are_known_only_to_who_knows_them(
    channel: str, stored: str, shown: str
) -> None:
    assert masked(channel, stored) == shown
