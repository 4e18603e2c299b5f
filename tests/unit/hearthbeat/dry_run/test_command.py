"""`hearthbeat alerts dry-run` on files: what is printed, the JSON, the exit status."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from alerts.dry_run.result import DryRunResult
from hearthbeat import cli
from hearthbeat.command_table import ALERT_COMMANDS
from hearthbeat.lazy_group import load

LIMITS = """
[[rules]]
id = "high"
type = "limit"
kind = "glucose"
severity = "high"
bounds = [{ metric = "glucose", op = ">", value = 250 }]
"""
TABLE = """time,person,glucose
2026-01-02 08:00,a,260
2026-01-03 08:00,a,120
2026-01-03 08:00,b,300
2026-01-04 08:00,b,310
2026-01-05 08:00,b,9000
,b,100
"""

Call: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Call:
    (tmp_path / "limits.toml").write_text(LIMITS)
    (tmp_path / "table.csv").write_text(TABLE)

    def called(*arguments: str) -> tuple[int, str, str]:
        placed = [each.replace("@", f"{tmp_path}/") for each in arguments]
        status = cli.run(["alerts", "dry-run", *placed])
        out, err = capfd.readouterr()
        return status, out, err

    return called


def test_the_command_is_in_the_group_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["alerts", "--help"]) == 0
    assert "dry-run" in capsys.readouterr().out
    for name, entry in ALERT_COMMANDS.items():
        assert load(name, entry).help, name


def test_counts_for_people(call: Call) -> None:
    status, out, _ = call("--limits", "@limits.toml", "@table.csv")
    assert status == 0
    assert "6 readings read, 4 valid, of 2 patients in 4 patient-days" in " ".join(out.split())
    assert "refused: implausible:glucose: 1" in out
    assert "refused: no date: 1" in out
    assert "nobody: it waits in the list" in out
    (line,) = [line for line in out.splitlines() if line.split()[:1] == ["high"]]
    assert line.split() == ["high", "high", "2", "3.50", "2", "3", "3", "33.3", "%"]


def test_the_json_has_the_documented_shape(call: Call) -> None:
    status, out, _ = call("--limits", "@limits.toml", "@table.csv", "--json")
    told: dict[str, Any] = json.loads(out)
    assert status == 0
    assert list(told) == list(DryRunResult.__struct_fields__)
    page = (Path(__file__).parents[4] / "docs" / "alerts-dry-run.md").read_text(encoding="utf-8")
    for name in told:
        assert f"`{name}" in page, name
    assert told["readings"] == {
        "read": 6, "valid": 4, "refused": {"implausible:glucose": 1, "no date": 1},
        "doubtful": {}, "late": 0,
    }  # fmt: skip
    assert (told["alerts"], told["crossings"], told["against"], told["acted_on"]) == (
        2, 3, None, None,
    )  # fmt: skip


PRESSURE = "time,systolic,diastolic\n2026-01-02 08:00,180,90\n2026-01-03 08:00,120,80\n"


def test_limits_for_another_kind_are_no_quiet_night(call: Call, tmp_path: Path) -> None:
    (tmp_path / "pressure.csv").write_text(PRESSURE)
    status, out, _ = call("--limits", "@limits.toml", "@pressure.csv")
    assert status == 0
    assert "WARNING: no reading is of a kind that these rules judge" in " ".join(out.split())
    assert "they judge: glucose; read were: 2 of blood pressure" in " ".join(out.split())
    _, out, err = call("--limits", "@limits.toml", "@pressure.csv", "--json")
    assert json.loads(out)["kinds_without_rules"] == {"blood_pressure": 2}
    assert "WARNING: no reading" in err


def test_readings_that_no_rule_judges_are_named_beside_those_that_one_does(
    call: Call, tmp_path: Path
) -> None:
    (tmp_path / "pressure.csv").write_text(PRESSURE)
    _, out, _ = call("--limits", "@limits.toml", "@pressure.csv", "@table.csv")
    assert "no rule judges: 2 of blood pressure" in out
    assert "WARNING" not in out
    _, out, err = call("--limits", "@limits.toml", "@table.csv", "--json")
    assert (json.loads(out)["kinds_without_rules"], err) == ({}, "")


def test_another_plan_beside_it(call: Call, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(LIMITS.replace("250", "280"))
    status, out, _ = call("--limits", "@other.toml", "--against", "@limits.toml", "@table.csv")
    assert status == 0
    assert "New: 0, and 0 graver than what was; lost: 1" in " ".join(out.split())
    assert "lost: high: 1 of 2" in out


def test_a_fault_in_the_limits_is_told_with_its_place(call: Call, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(LIMITS.replace('op = ">"', 'op = "=>"'))
    status, out, err = call("--limits", "@bad.toml", "@table.csv")
    assert (status, out) == (1, "")
    assert f"{tmp_path}/bad.toml:7: rules[0].bounds[0].op: " in err
    assert ">=" in err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--limits", "@limits.toml"), 2, "name the files with readings, or --stored"),
        (("@table.csv",), 2, "--limits"),
        (("--limits", "@limits.toml", "--stored", "@table.csv"), 2, "name no files with it"),
        (("--limits", "@limits.toml", "--patient", "7", "@table.csv"), 2, "--patient goes with"),
        (("--limits", "@limits.toml", "--from", "2026", "@table.csv"), 2, "--from goes with"),
        (("--limits", "@limits.toml", "--time-zone", "Mars/Base", "@table.csv"), 2, "Mars/Base"),
        (("--limits", "@limits.toml", "@table.csv", "@./table.csv"), 2, "named twice"),
        (("--limits", "@limits.toml", "@none.csv"), 2, "none.csv"),
        (("--limits", "@limits.toml", "@limits.toml"), 1, "none of the known formats"),
        (("--limits", "@table.csv", "@table.csv"), 1, "is no TOML"),
    ],
)
def test_calls_that_come_to_nothing(
    call: Call, arguments: tuple[str, ...], status: int, words: str
) -> None:
    got, out, err = call(*arguments)
    assert (got, out) == (status, "")
    assert words in err


def test_a_file_without_a_valid_reading_is_no_success(call: Call, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("time,glucose\n,100\n")
    status, out, err = call("--limits", "@limits.toml", "@empty.csv", "--json")
    assert status == 1
    assert json.loads(out)["readings"]["valid"] == 0
    assert "no valid reading" in err


@pytest.mark.parametrize(("zone", "days"), [("UTC", 1), ("Asia/Tokyo", 2)])
def test_days_are_those_of_the_zone(call: Call, tmp_path: Path, zone: str, days: int) -> None:
    rows = ["time,glucose", "2026-01-02T14:00:00Z,100", "2026-01-02T16:00:00Z,100"]
    (tmp_path / "aware.csv").write_text("\n".join(rows))
    _, out, _ = call("--limits", "@limits.toml", "--time-zone", zone, "@aware.csv", "--json")
    assert json.loads(out)["patient_days"] == days
