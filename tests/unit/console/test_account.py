"""The small decisions of signing in."""

import re

import pytest

from console.account.picture import qr
from console.account.waiting import waiting
from console.account.words import catalogue
from console.agents import family
from console.web.local import local_path


@pytest.mark.parametrize(
    "ours", ["/", "/queue", "/patients/1?tab=chart&day=2026-11-22", "/a/../b", "/%2F/x", "/a:b"]
)
def test_a_path_of_this_host_is_kept_as_it_is(ours: str) -> None:
    assert local_path(ours) == ours


@pytest.mark.parametrize(
    "evil",
    [
        None,
        "",
        "queue",
        "//evil",
        "///evil",
        "/\\evil",
        "\\/evil",
        "/\t/evil",
        "/\r/evil",
        " /queue",
        "/ /evil",
        "https://evil",
        "javascript:alert(1)",
        "/\x00",
        "/é",
        "/" + "a" * 500,
    ],
)
def test_what_may_lead_elsewhere_is_not(evil: str | None) -> None:
    assert local_path(evil) is None


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [
        (1, "1 second"),
        (50, "50 seconds"),
        (51, "a minute"),
        (60, "a minute"),
        (61, "2 minutes"),
        (900, "15 minutes"),
    ],
)
def test_a_wait_is_told_as_people_say_it(wait_s: int, words: str) -> None:
    assert waiting(wait_s, catalogue("en")) == words


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 Safari/605",
            "Safari on Mac",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.0", "A program"),
        ("", "A program"),
        ("<script>alert(1)</script>", "A program"),
    ],
)
def test_browsers_are_told_by_family_and_no_closer(agent: str, words: str) -> None:
    assert family(agent) == words


def test_the_picture_needs_nothing_that_the_policy_forbids() -> None:
    made = str(qr("otpauth://totp/North:ana?secret=GEZDGNBVGY3TQOJQ&issuer=<script>"))
    assert made.startswith("<svg ")
    assert not re.search(r"style=|<script|javascript|data:|\bon\w+=", made)
    assert "viewBox" in made
