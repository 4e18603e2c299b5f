import io
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hearthbeat import cli
from hearthbeat.command_table import COMMANDS, GATEWAY_COMMANDS
from hearthbeat.lazy_group import load

HEAVY = ("sqlalchemy", "asyncpg", "aiohttp", "alembic", "rich", "numpy", "amqtt", "bumble", "store")


def imported_by(*arguments: str) -> set[str]:
    """Top-level modules that a command line brings into a fresh interpreter."""
    script = (
        "import sys, json\n"
        "from hearthbeat import cli\n"
        f"cli.run({list(arguments)!r})\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_imports_no_command() -> None:
    assert not imported_by("--help") & set(HEAVY)


def test_a_gateway_imports_nothing_of_the_clinic() -> None:
    assert not imported_by("gateway", "--help") & {*HEAVY, "care", "ingest", "console"}


def test_a_home_joins_without_the_packages_of_the_clinic() -> None:
    call = ("gateway", "join", "--server", "http://clinic.example.org", "--code", "x")
    brought = imported_by(*call)
    assert "hearthbeat" in brought
    assert not brought & {*HEAVY, "care", "ingest", "console", "bleak", "paho"}


def test_every_command_of_the_table_is_there_with_help() -> None:
    for table in (COMMANDS, GATEWAY_COMMANDS):
        for name, entry in table.items():
            assert load(name, entry).help, name


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_answers_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([name, "--help"]) == 0
    assert "Usage: hearthbeat" in capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("hearthbeat, version ")


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([]) == 0
    assert "Run everything on this machine." in capsys.readouterr().out


def test_an_unknown_command_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["uup"]) == 2
    assert "No such command 'uup'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["uup"], "No such command 'uup'. Did you mean 'up'?"),
        (["Watch"], "Did you mean 'watch'?"),
        (["organization", "list"], "Did you mean 'organisation'?"),
        (["gateway", "lst"], "Did you mean 'list'?"),
        (["gateway", "enroll"], "Did you mean 'enrol'?"),
        (["patient", "ad"], "Did you mean 'add'?"),
        (["dead-letters", "reply"], "Did you mean 'replay'?"),
        (["device", "remove"], "There are add, assign, list, udi, unassign."),
    ],
)
def test_a_mistyped_command_is_told_what_may_have_been_meant(
    call: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(call) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["user", "add", "joy", "--role", "nurse"], "--password-file FILE or --password-stdin"),
        (["user", "password", "joy"], "nobody is there to type a password"),
        (["gateway", "join", "--server", "https://x.invalid"], "nobody is there to answer"),
    ],
)
def test_a_question_to_nobody_is_a_wrong_call(call: list[str], words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hearthbeat", *call],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "GetPassWarning" not in done.stderr


def test_ctrl_c_is_said_as_that_where_nobody_could_answer_a_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: click.Context) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.program, "invoke", interrupted)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert cli.run(["decode"]) == cli.INTERRUPTED
    assert "nobody is there" not in capsys.readouterr().err


def test_wrong_settings_are_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.toml"
    file.write_text("[console]\nport = 'a'")
    assert cli.run(["--config", str(file), "config", "check"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("hearthbeat: ")
    assert "console.port: 'a' is not a whole number from 0 to 65535" in said
    assert "Traceback" not in said


def test_a_command_without_settings_does_not_read_them(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("nonsense")
    assert cli.run(["--config", str(file), "decode", "2a19", "64"]) in {0, 1}


def test_the_resolved_settings_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.toml"
    file.write_text("[mqtt]\npassword = 'hunter2'")
    assert cli.run(["--config", str(file), "--print-config"]) == 0
    shown = capsys.readouterr().out
    assert 'password = "********"' in shown
    assert "hunter2" not in shown
