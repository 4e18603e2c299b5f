"""The settings file of an enrolled home, as text. Pure."""

import json

from hearthbeat.joining import Enrolment


def as_toml(
    enrolment: Enrolment,
    *,
    password_file: str,
    data_dir: str | None,
    ca: str | None,
) -> str:
    """What `hearthbeat --config FILE gateway` reads; relative paths are relative to the file."""
    gateway = {"id": enrolment.gateway, "data_dir": data_dir, "time_zone": enrolment.time_zone}
    broker = {
        "url": enrolment.mqtt.url,
        "username": enrolment.mqtt.username,
        "password_file": password_file,
        "ca": ca,
    }
    return (
        "# Written by `hearthbeat gateway join`. docs/configuration.md lists every setting.\n"
        + _section("gateway", gateway)
        + _section("mqtt", broker)
    )


def _section(name: str, values: dict[str, str | None]) -> str:
    lines = [f"{key} = {_text(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["", f"[{name}]", *lines, ""])


def _text(value: str) -> str:
    """A JSON string is a TOML one, but for DEL, which TOML wants escaped."""
    return json.dumps(value).replace("\x7f", "\\u007f")
