import json
from pathlib import Path

import pytest

from hearthbeat import log_files
from hearthbeat.log_files import LogFiles, aloud


def test_a_warning_is_shown_as_words() -> None:
    text = json.dumps({"level": "warning", "event": "nobody listens", "topic": "t", "timestamp": 1})
    assert aloud(text) == "warning: nobody listens topic=t"


@pytest.mark.parametrize(
    "text", ['{"level":"info","event":"readings"}', "LOG:  database system is ready", "", "17"]
)
def test_ordinary_lines_stay_in_their_files(text: str) -> None:
    assert aloud(text) is None


def test_what_a_process_wants_said_is_said_without_being_a_warning() -> None:
    text = json.dumps({"level": "info", "event": "the history is there", "aloud": True})
    assert aloud(text) == "the history is there"
    assert aloud(text.replace("true", "false")) is None


def test_a_traceback_is_shown_as_it_is() -> None:
    assert aloud("Traceback (most recent call last):") == "Traceback (most recent call last):"


def test_everything_is_kept_and_what_matters_is_said_with_its_name(tmp_path: Path) -> None:
    said: list[str] = []
    with LogFiles(tmp_path, aloud=said.append, everything=False) as logs:
        logs.line("ingest-0", "plain")
        logs.line("database", "PANIC:  no space")
    assert (tmp_path / "ingest-0.log").read_text() == "plain\n"
    assert said == [" database | PANIC:  no space"]


def test_a_file_does_not_grow_without_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "BYTES_MAX", 10)
    with LogFiles(tmp_path, aloud=lambda _: None, everything=False) as logs:
        for number in range(5):
            logs.line("x", f"line {number}")
    kept = (tmp_path / "x.log.1").read_text() + (tmp_path / "x.log").read_text()
    assert kept == "line 2\nline 3\nline 4\n"
