import datetime as dt
import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog

from observe import logs
from observe.redaction import REDACTED, described, redact, without_passwords
from vitals.metrics import METRICS


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(process="ingest", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], level = before
    root.setLevel(level)


def told(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("key", sorted(METRICS))
def test_a_measured_value_never_reaches_a_log(key: str) -> None:
    assert redact(None, "info", {"event": "seen", key: 128.0})[key] == REDACTED


@pytest.mark.parametrize("key", ["given_name", "MRN", "password", "token", "passkey", "frame"])
def test_names_and_secrets_never_reach_a_log(key: str) -> None:
    assert redact(None, "info", {"event": "seen", key: "Ada"})[key] == REDACTED


def test_a_patient_beside_a_device_is_redacted_and_alone_is_an_opaque_id() -> None:
    patient = UUID(int=7)
    assert (
        redact(None, "info", {"patient_id": patient, "gateway": "gw-1"})["patient_id"] == REDACTED
    )
    assert redact(None, "info", {"patient_id": patient})["patient_id"] == str(patient)


def test_bodies_are_told_by_their_size() -> None:
    event = redact(None, "info", {"got": b"secret", "table": {"a": 1}, "long": "x" * 501})
    assert event == {"got": "bytes[6]", "table": "dict[1]", "long": "text[501]"}


def test_facts_about_the_machinery_stay_readable() -> None:
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    event = redact(None, "info", {"rows": 3, "gateways": ["gw-1", "gw-2"], "at": at, "ok": True})
    assert event == {"rows": 3, "gateways": ["gw-1", "gw-2"], "at": str(at), "ok": True}


def test_a_password_in_an_address_is_masked() -> None:
    assert without_passwords("to postgresql://hb:hush@db/x") == "to postgresql://hb:***@db/x"


def test_a_foreign_exception_is_told_without_its_text() -> None:
    assert described(ValueError("Ada Lovelace has 128/81")) == "ValueError"
    assert described(ConnectionRefusedError(111, "Connection refused")) == (
        "ConnectionRefusedError: Connection refused (errno 111)"
    )


def test_a_line_is_one_json_object_with_process_level_and_time(lines: io.StringIO) -> None:
    structlog.get_logger().info("batch stored", rows=12)
    (line,) = told(lines)
    assert (line["process"], line["level"], line["event"], line["rows"]) == (
        "ingest",
        "info",
        "batch stored",
        12,
    )
    assert line["timestamp"].endswith("Z")


def test_an_exception_is_logged_by_type_and_place_with_its_causes(lines: io.StringIO) -> None:
    def fails() -> None:
        try:
            int("Ada")
        except ValueError as error:
            raise KeyError("128/81") from error

    try:
        fails()
    except KeyError:
        structlog.get_logger().exception("failed")
    (line,) = told(lines)
    assert line["exception"].startswith("KeyError at test_redaction.py:")
    assert " <- ValueError at test_redaction.py:" in line["exception"]
    assert "Ada" not in lines.getvalue()
    assert "128/81" not in lines.getvalue()


def test_the_standard_librarys_loggers_go_the_same_way(lines: io.StringIO) -> None:
    logging.getLogger("paho").warning("lost %s", "the line")
    (line,) = told(lines)
    assert (line["event"], line["logger"], line["process"]) == ("lost the line", "paho", "ingest")
