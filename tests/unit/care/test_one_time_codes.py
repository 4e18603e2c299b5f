import datetime as dt

import pytest

from care.one_time_codes import (
    SPARE_CODES,
    address,
    code_at,
    is_timed,
    make_secret,
    make_spare_codes,
    plain,
    step_at,
    steps_of,
)

# RFC 6238, appendix B: the secret "12345678901234567890", SHA-1, the last six of its digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]


def at(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert code_at(SECRET, step_at(at(seconds))) == code


@pytest.mark.parametrize(
    ("off", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(off: int, *, good: bool) -> None:
    now = at(1111111109)
    code = code_at(SECRET, step_at(now) + off)
    assert bool(list(steps_of(SECRET, code, now=now))) is good


@pytest.mark.parametrize(("seconds", "step"), [(29.999, 0), (30, 1), (30.001, 1)])
def test_a_step_is_half_a_minute(seconds: float, step: int) -> None:
    assert step_at(at(seconds)) == step


@pytest.mark.parametrize("typed", ["287 082", " 287082 ", "287-082"])
def test_spaces_and_hyphens_do_not_matter(typed: str) -> None:
    assert list(steps_of(SECRET, plain(typed), now=at(59))) == [1]


@pytest.mark.parametrize(
    ("code", "timed"),
    [
        ("287082", True),
        ("28708", False),
        ("2870822", False),
        ("abcdef", False),
        ("\uff12\uff18\uff17\uff10\uff18\uff12", False),
    ],
)
def test_six_digits_are_an_apps_code(code: str, *, timed: bool) -> None:
    assert is_timed(code) is timed


def test_spare_codes_are_many_different_and_long() -> None:
    codes = make_spare_codes()
    assert len({plain(code) for code in codes}) == SPARE_CODES == 10
    assert {len(plain(code)) for code in codes} == {16}
    assert not any(is_timed(plain(code)) for code in codes)


def test_what_is_typed_with_capitals_is_the_same_spare_code() -> None:
    [code, *_] = make_spare_codes()
    assert plain(code.upper().replace("-", " ")) == plain(code)


def test_secrets_are_160_bits_and_never_twice_the_same() -> None:
    assert len(make_secret()) == 32
    assert make_secret() != make_secret()


def test_the_address_names_account_and_issuer() -> None:
    found = address(SECRET, username="ana@north", issuer="North: Clinic")
    assert found.startswith("otpauth://totp/North%20%20Clinic:ana%40north?secret=" + SECRET)
    assert "issuer=North%20%20Clinic" in found
