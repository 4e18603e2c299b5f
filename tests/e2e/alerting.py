"""From a cuff's frame to the nurse's queue, on one machine, as outside checks do it."""

import datetime as dt
import json
import urllib.request
import uuid
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.e2e.machine import get, sign_in, until


def reading(device: str, user: int | None, systolic: float, at: dt.datetime) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{device}{at.isoformat()}")),
        "device": device,
        "user": user,
        "kind": "blood_pressure",
        "measured_at": at.isoformat(),
        "time_quality": "device",
        "values": {"systolic": systolic, "diastolic": 96.0, "pulse": 80.0},
    }


def publish(ready: dict[str, Any], *readings: dict[str, Any]) -> None:
    """As the spare gateway, with its own name and password."""
    broker = ready["mqtt"]
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="")
    client.username_pw_set(broker["username"], broker["password"])
    client.connect(broker["host"], broker["port"])
    client.loop_start()
    now = dt.datetime.now(dt.UTC).isoformat()
    body = {"v": 1, "sent_at": now, "readings": list(readings)}
    topic = f"hearthbeat/v1/{broker['username']}/readings"
    client.publish(topic, json.dumps(body), qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def a_confirmed_value_is_in_the_nurses_queue(ready: dict[str, Any]) -> None:
    token = sign_in(ready, "nurse")
    device, user, patient = watched_cuff(ready, token)
    first = dt.datetime.now(dt.UTC)
    publish(ready, reading(device, user, 188, first))

    def alert(*states: str) -> Any:
        items = get(f"{ready['api']}/alerts?patient={patient}", token)["items"]
        grave = [each for each in items if each["severity"] == "critical"]
        return next((each for each in grave if each["state"] in states), None)

    waiting = until(lambda: alert("awaiting_repeat"), within_s=90)
    publish(ready, reading(device, user, 190, first + dt.timedelta(minutes=2)))
    opened = until(lambda: alert("open", "escalated"), within_s=90)
    assert opened["id"] == waiting["id"]
    assert "190" in opened["why"]
    queue = get(f"{ready['api']}/queue", token)["items"]
    assert queue[0]["patient"] == patient


def watched_cuff(ready: dict[str, Any], token: str) -> tuple[str, int | None, str]:
    """The address of a cuff, and a user slot of it, whose owner has limits from now on."""
    for device in get(f"{ready['api']}/devices", token)["items"]:
        held = get(f"{ready['api']}/devices/{device['id']}/assignments", token)["items"]
        if held and "blood pressure" in device["label"].lower():
            put_limits(ready, token, held[0]["patient"])
            return device["address"], held[0]["user_slot"], held[0]["patient"]
    raise AssertionError("the demonstration has no cuff")


def put_limits(ready: dict[str, Any], token: str, patient: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - Our own.
        f"{ready['api']}/patients/{patient}/limits",
        data=json.dumps({"programme": "hypertension-us", "reason": "a test"}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        assert json.loads(answer.read())["plan"]["programme"] == "hypertension-us"
