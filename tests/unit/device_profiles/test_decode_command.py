"""`hearthbeat decode` on the command line."""

import json

import pytest
from click.testing import CliRunner

from hearthbeat.commands.decode import command, decode

CUFF = "1e800051006100ea070b16080f054700010400"


def run(*arguments: str) -> tuple[int, dict[str, object]]:
    outcome = CliRunner().invoke(decode, arguments)
    return outcome.exit_code, json.loads(outcome.stdout)


def test_a_frame_is_printed_as_measurement_json() -> None:
    assert run("2a35", CUFF) == (
        0,
        {
            "kind": "blood_pressure",
            "values": {"systolic": 128.0, "diastolic": 81.0, "mean": 97.0, "pulse": 71.0},
            "flags": ["irregular_pulse"],
            "device_time": "2026-11-22T08:15:05",
            "sequence": None,
            "user": 1,
            "details": {"unit": "mmHg", "status": 4},
        },
    )


@pytest.mark.parametrize("uuid", ["2A35", "0x2A35", "00002A35-0000-1000-8000-00805F9B34FB"])
@pytest.mark.parametrize("digits", [CUFF.upper(), "0x" + CUFF, f" {CUFF} ", "1e:" + CUFF[2:]])
def test_uuids_and_digits_may_be_written_in_any_usual_way(uuid: str, digits: str) -> None:
    assert run(uuid, digits) == run("2a35", CUFF)


def test_a_profile_reads_its_makers_frames() -> None:
    frame = "56800051000000ea070b16080f000047010004"
    status, said = run("2a35", frame, "--profile", "beurer-bm85")
    assert status == 0
    assert said["values"] == {"systolic": 128.0, "diastolic": 81.0, "pulse": 71.0}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("2a35", "0102"), "truncated"),
        (("2a35", ""), "truncated"),
        (("2aff", "00"), "unknown_characteristic"),
        (("2a35", "abc"), "bad_hex"),
        (("2a35", "xyzt"), "bad_hex"),
        (("2a35", CUFF, "--profile", "nobody"), "unknown_profile"),
    ],
)
def test_what_cannot_be_decoded_is_said_as_json_with_exit_status_1(
    arguments: tuple[str, ...], error: str
) -> None:
    status, said = run(*arguments)
    assert status == 1
    assert said.keys() == {"error", "detail"}
    assert said["error"] == error


def test_the_help_names_the_profiles() -> None:
    outcome = CliRunner().invoke(command, ["--help"])
    assert outcome.exit_code == 0
    assert "caresens" in outcome.output
