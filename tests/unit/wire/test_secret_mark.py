"""What makes a name at the broker hard to guess."""

import pytest

from wire.address import BrokerAddress
from wire.secret_mark import secret_mark


def broker(password: str | None, username: str = "clinic") -> BrokerAddress:
    return BrokerAddress(
        host="127.0.0.1", port=1883, username=username, password=password, protocol="5"
    )


def test_who_knows_the_password_makes_the_same_mark() -> None:
    mark = secret_mark(broker("the clinic's"), "ingest")
    assert mark == secret_mark(broker("the clinic's"), "ingest")
    assert len("ingest-0" + mark) <= 23  # What every broker for MQTT 3.1.1 has to accept.


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        (broker("a home's"), "ingest"),
        (broker("the clinic's", "gw-1"), "ingest"),
        (broker("the clinic's"), "gw-1"),
        (broker(""), "ingest"),
    ],
)
def test_another_password_user_or_owner_makes_another_mark(
    address: BrokerAddress, owner: str
) -> None:
    mark = secret_mark(address, owner)
    assert mark
    assert mark != secret_mark(broker("the clinic's"), "ingest")


def test_without_a_password_the_names_are_plain() -> None:
    assert secret_mark(broker(None), "ingest") == ""
