"""What a home checks and writes when it joins, without a clinic."""

import stat
from pathlib import Path

import pytest

from hearthbeat import settings
from hearthbeat.commands.gateway_join import said
from hearthbeat.errors import EnrolmentError
from hearthbeat.join_files import CREDENTIAL, UNIT_FILE, Place, make_ready, write
from hearthbeat.join_settings import as_toml
from hearthbeat.joining import BrokerSignIn, Enrolment, endpoint

SECRET = "s3cr3t-\"'\\-ü"


def enrolment(url: str = "mqtts://broker.example.org:8883", zone: str | None = None) -> Enrolment:
    return Enrolment(
        gateway="gw-1",
        mqtt=BrokerSignIn(url=url, username="gw-1", password=SECRET),
        time_zone=zone,
    )


@pytest.mark.parametrize(
    ("server", "asked"),
    [
        ("https://clinic.example.org", "https://clinic.example.org/api/v1/enrolments"),
        ("https://clinic.example.org/", "https://clinic.example.org/api/v1/enrolments"),
        ("clinic.example.org:8443", "https://clinic.example.org:8443/api/v1/enrolments"),
        ("https://example.org/rpm/api/v1", "https://example.org/rpm/api/v1/enrolments"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v1/enrolments"),
        ("http://localhost:8080", "http://localhost:8080/api/v1/enrolments"),
        ("http://[::1]:8080", "http://[::1]:8080/api/v1/enrolments"),
    ],
)
def test_the_clinic_is_asked_at_one_address(server: str, asked: str) -> None:
    assert endpoint(server) == asked


@pytest.mark.parametrize(
    ("server", "why"),
    [
        ("http://clinic.example.org", "needs https"),
        ("http://127.0.0.1.example.org", "needs https"),
        ("ftp://clinic.example.org", "is not an address"),
        ("file:///etc/passwd", "is not an address"),
        ("https://user:secret@clinic.example.org", "is not an address"),
        ("https://", "is not an address"),
        ("https://clinic:port", "is not an address"),
        ("", "is not an address"),
    ],
)
def test_no_code_is_sent_to_any_other(server: str, why: str) -> None:
    with pytest.raises(EnrolmentError, match=why):
        endpoint(server)


def test_the_settings_that_are_written_are_read(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "home" / "gateway.toml")
    make_ready(place, replace=False)
    authority = tmp_path / "authority.pem"
    authority.write_text("a certificate")
    write(place, enrolment(zone="America/New_York"), ca=authority)
    read = settings.load(place.settings, environ={})
    assert read.gateway.id == "gw-1"
    assert read.gateway.time_zone == "America/New_York"
    assert read.gateway.data_dir == tmp_path / "home" / "data"
    assert (read.mqtt.url, read.mqtt.username) == ("mqtts://broker.example.org:8883", "gw-1")
    assert read.mqtt.password == SECRET
    assert read.mqtt.ca is not None
    assert read.mqtt.ca.read_text() == "a certificate"


def test_the_password_is_its_owners_alone_and_stands_nowhere_else(tmp_path: Path) -> None:
    place = Place.at(tmp_path / "gateway.toml")
    write(place, enrolment(), ca=None)
    assert stat.S_IMODE(place.password.stat().st_mode) == 0o600
    assert SECRET not in place.settings.read_text()
    assert SECRET not in repr(enrolment())


def test_the_unit_gets_the_password_from_systemd_and_its_own_directory() -> None:
    assert Place.at(UNIT_FILE).for_unit
    text = as_toml(enrolment(), password_file=CREDENTIAL, data_dir=None, ca=None)
    unit = (Path(__file__).parents[3] / "deploy" / "hearthbeat-gateway.service").read_text()
    assert f'password_file = "{CREDENTIAL}"' in text
    assert f'"{CREDENTIAL}"' in unit
    assert f"LoadCredential=mqtt-password:{Place.at(UNIT_FILE).password}" in unit
    assert f"--config {UNIT_FILE} gateway" in unit
    assert "data_dir" not in text


@pytest.mark.parametrize("there", ["gateway.toml", "mqtt-password"])
def test_an_enrolment_that_is_there_is_not_overwritten_unasked(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("the first")
    place = Place.at(tmp_path / "gateway.toml")
    with pytest.raises(EnrolmentError, match=r"enrolled already .*--replace.*has not been used"):
        make_ready(place, replace=False)
    make_ready(place, replace=True)
    assert (tmp_path / there).read_text() == "the first"


def test_a_place_that_cannot_be_written_is_found_before_the_code_is_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnrolmentError, match=r"cannot be written .*has not been used"):
        make_ready(Place.at(tmp_path / "file" / "gateway.toml"), replace=False)


@pytest.mark.parametrize(
    ("broker", "server", "doubt"),
    [
        ("mqtts://b.example.org:8883", "https://c.example.org", None),
        ("mqtt://127.0.0.1:1883", "http://127.0.0.1:8080", None),
        ("mqtt://127.0.0.1:1883", "https://c.example.org", "mqtt.public_url"),
        ("mqtt://b.example.org:1883", "https://c.example.org", "has no TLS"),
    ],
)
def test_a_broker_that_will_not_do_is_pointed_out(
    tmp_path: Path, broker: str, server: str, doubt: str | None
) -> None:
    words = "\n".join(said(Place.at(tmp_path / "g.toml"), enrolment(broker), server=server))
    assert ("Look at this" in words) == (doubt is not None)
    assert doubt is None or doubt in words
    assert SECRET not in words


def test_what_to_do_next_is_said() -> None:
    words = said(Place.at(UNIT_FILE), enrolment(), server="https://c.example.org")
    assert words[-1] == "Next: sudo systemctl enable --now hearthbeat-gateway"
