import base64

import pytest

from care import secrets
from care.gateways import Credentials
from wire import enrolment_code


def test_a_code_has_at_least_128_bits_and_is_never_the_same() -> None:
    codes = {secrets.make_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(base64.b32decode(code.replace("-", ""))) * 8 >= 128 for code in codes)


@pytest.mark.parametrize("for_source", [False, True])
def test_a_code_may_be_typed_as_people_type(*, for_source: bool) -> None:
    code = secrets.make_code(for_source=for_source)
    assert enrolment_code.normal(code.lower().replace("-", " ")) == code
    assert enrolment_code.normal(code.replace("-", "")) == code
    assert enrolment_code.is_for_source(code.lower().replace("-", " ")) is for_source


def test_a_hubs_code_that_happens_to_begin_like_a_sources_is_a_hubs() -> None:
    assert not enrolment_code.is_for_source("HTTP-" + "-".join(["ABCD"] * 7))
    assert enrolment_code.is_for_source("HTTP-" + "-".join(["ABCD"] * 8))


def test_a_secret_matches_its_hash_and_no_other() -> None:
    secret = secrets.make_secret()
    kept = secrets.broker_hash(secret)
    assert secret not in kept
    assert secrets.matches(secret, kept)
    assert not secrets.matches(secrets.make_secret(), kept)


def test_the_hash_has_the_form_of_mosquittos_own() -> None:
    """Made by mosquitto_passwd 2.0.11."""
    kept = (
        "$7$101$h2XmntSN8XDA756N$"
        "p/tqSuUcXh4POpIaP7kI1T3B9p2ljPVYHB7Ta2umGEb8"
        "2FydwhvDeNyBnn8c0tveb7DVOeh0Q+7nj7kXkkjzsw=="
    )
    assert secrets.matches("secret-of-the-test", kept)
    assert not secrets.matches("another", kept)
    made = secrets.broker_hash("secret-of-the-test")
    assert [len(part) for part in made.split("$")] == [len(part) for part in kept.split("$")]


def test_credentials_do_not_show_their_secret_by_accident() -> None:
    assert "hunter2" not in repr(Credentials(gateway_id="gw-1", secret="hunter2"))
