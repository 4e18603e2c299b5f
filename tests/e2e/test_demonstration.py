"""`hearthbeat up --demo` as somebody who sees Hearthbeat for the first time."""

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.machine import get, sign_in, until, up

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket, pytest.mark.timeout(900)]


def patients_with_alerts(ready: dict[str, Any]) -> set[str]:
    items = get(f"{ready['api']}/alerts?limit=500", sign_in(ready, "nurse"))["items"]
    return {each["patient"] for each in items if each["patient"]}


def test_the_past_is_made_while_the_console_answers_and_completed_after_a_kill(
    tmp_path: Path,
) -> None:
    options = ("--homes", "0", "--patients", "4")
    with up(tmp_path, "amqtt", *options) as (process, ready):
        assert {"nurse2", "clinician", "auditor", "caregiver"} <= set(ready["users"])
        process.send_signal(signal.SIGKILL)
        process.wait()
    with up(tmp_path, "amqtt", *options) as (_, again):
        assert again["users"] == ready["users"]
        until(lambda: len(patients_with_alerts(again)) >= 4, within_s=180)
        token = sign_in(again, "nurse")
        queue = get(f"{again['api']}/queue", token)["items"]
        assert queue[0]["alerts"][0]["severity"] == "critical"
        assert len(get(f"{again['api']}/patients", token)["items"]) >= 5
