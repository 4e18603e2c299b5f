"""Options that no command can do anything with are refused before anything is started."""

from pathlib import Path

import pytest

from hearthbeat import cli

WRONG_CALL = 2


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.run(list(arguments)) == WRONG_CALL
    return capsys.readouterr().err


@pytest.mark.parametrize("speed", ["nan", "NaN", "-nan", "inf", "-inf", "1e300", "0", "fast"])
@pytest.mark.parametrize("command", ["up", "homes", "replay"])
def test_a_speed_that_is_none_is_refused_in_words(
    command: str, speed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    files = [] if command == "up" else [str(file)]
    said = refused(capsys, command, f"--speed={speed}", *files)
    assert "--speed" in said
    assert "is not" in said


@pytest.mark.parametrize("port", ["abc", "65536", "99999", "-1", "80.5", ""])
@pytest.mark.parametrize("option", ["--port", "--mqtt-port"])
def test_a_port_that_is_none_is_refused_in_words(
    option: str, port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "up", f"{option}={port}")
    assert f"{port!r} is no port: that is a number from 1 to 65535, or 0 for any free one" in said


@pytest.mark.parametrize(
    "options",
    [("--port", "18830", "--mqtt-port", "18830"), ("--port", "1883"), ("--mqtt-port", "8080")],
)
def test_one_port_for_two_is_refused(
    options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "up", "--data", str(tmp_path / "data"), *options)
    assert "cannot be the console's and the broker's" in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808"])
@pytest.mark.parametrize(
    "call",
    [("dead-letters", "show", "--"), ("dead-letters", "replay", "--"),
     ("programme", "show", "x", "--version")],
)  # fmt: skip
def test_a_number_that_no_row_can_have_is_refused_in_words(
    call: tuple[str, ...], number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is not in the range" in refused(capsys, *call, number)
