"""By what names the workers are known at the broker."""

from ingest.consumers import secret_mark
from wire.address import BrokerAddress


def broker(password: str | None) -> BrokerAddress:
    return BrokerAddress(
        host="127.0.0.1", port=1883, username="clinic", password=password, protocol="5"
    )


def test_all_workers_agree_on_the_mark_and_no_home_can_tell_it() -> None:
    mark = secret_mark(broker("the clinic's"))
    assert mark == secret_mark(broker("the clinic's"))
    assert mark != secret_mark(broker("a home's"))
    assert len("ingest-0" + mark) <= 23  # What every broker for MQTT 3.1.1 has to accept.


def test_without_a_password_the_names_are_plain() -> None:
    assert secret_mark(broker(None)) == ""
