"""Plans, teams, consents, orders, episodes and programmes by command."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.care.test_commands import PASSWORD, Terminal
from tests.unit.care.test_programme_files import GOOD


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    made = Terminal(capsys, monkeypatch, database)
    made.done("organisation", "add", "Oak Street", "--time-zone", "Europe/Berlin")
    made.done("patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer")
    made.done("user", "add", "joy", "--role", "nurse", "--password-stdin", typed=PASSWORD + "\n")
    return made


def test_a_plan_is_set_changed_shown_and_ended(terminal: Terminal, tmp_path: Path) -> None:
    plan = ("patient", "plan")
    assert "say which --programme" in terminal.refused(*plan, "set", "A-1", "--reason", "x")
    said = terminal.done(*plan, "set", "A-1", "--programme", "hypertension-us", "--reason",
                         "first visit", "--by", "joy")  # fmt: skip
    assert "Set version 1 from" in said
    assert "10 rules" in said
    again = terminal.done(*plan, "set", "A-1", "--reason", "x")
    assert "Nothing to change: version 1" in again
    file = tmp_path / "ann.toml"
    file.write_text(
        '[[rules]]\nrule = "bp-very-high"\nset = { bounds = '
        '[{ metric = "systolic", op = ">=", value = 170 }] }\n'
    )
    terminal.done(*plan, "set", "A-1", "--overrides", str(file), "--off", "irregular-pulse",
                  "--reason", "known fibrillation")  # fmt: skip
    shown = terminal.done(*plan, "show", "A-1")
    assert "systolic at or above 170 mmHg, confirmed" in shown
    assert "irregular-pulse" not in shown
    versions = json.loads(terminal.done(*plan, "history", "A-1", "--json"))
    assert [(each["version"], each["username"], each["reason"]) for each in versions] == [
        (2, None, "known fibrillation"),
        (1, "joy", "first visit"),
    ]
    assert versions[1]["effective_to"] == versions[0]["effective_from"]
    terminal.done(*plan, "end", "A-1", "--reason", "moved away")
    assert "there is none for A-1" in terminal.refused(*plan, "show", "A-1")
    assert "moved away" in terminal.done(*plan, "history", "A-1")


def overrides_of(terminal: Terminal) -> dict[str, dict[str, Any]]:
    versions = json.loads(terminal.done("patient", "plan", "history", "A-1", "--json"))
    return {each["rule"]: each["set"] for each in versions[0]["overrides"]["rules"]}


def test_personal_limits_stay_until_somebody_says_otherwise(
    terminal: Terminal, tmp_path: Path
) -> None:
    place = ("patient", "plan", "set", "A-1", "--reason", "x")
    file = tmp_path / "ann.toml"
    file.write_text(
        '[[rules]]\nrule = "bp-very-high"\nset = { bounds = '
        '[{ metric = "systolic", op = ">=", value = 170 }] }\n'
    )
    terminal.done(*place, "--programme", "hypertension-us", "--overrides", str(file))
    said = terminal.done(*place, "--off", "irregular-pulse")
    assert "kept from version 1: bp-very-high: systolic >= 170, confirmed" in said
    assert "falls away" not in said
    limit = overrides_of(terminal)["bp-very-high"]
    assert limit["bounds"][0]["value"] == 170
    assert overrides_of(terminal)["irregular-pulse"] == {"enabled": False}
    # Each rule has one place: what is switched off keeps its own bounds for when it is on again.
    terminal.done(*place, "--off", "bp-very-high")
    assert overrides_of(terminal)["bp-very-high"] == {**limit, "enabled": False}
    terminal.done(*place, "--on", "bp-very-high", "--on", "irregular-pulse")
    assert overrides_of(terminal)["bp-very-high"] == {**limit, "enabled": True}
    said = terminal.done(*place, "--programme", "hypertension-us", "--version", "1")
    assert "Nothing to change" in said
    file.write_text('[[rules]]\nrule = "irregular-pulse"\nset = { enabled = true }\n')
    said = terminal.done(*place, "--overrides", str(file))
    assert "falls away with version 4: bp-very-high: systolic >= 170, confirmed" in said
    assert "kept from version 4: irregular-pulse: " in said
    assert list(overrides_of(terminal)) == ["irregular-pulse"]
    said = terminal.done(*place, "--no-overrides")
    assert "falls away with version 5: irregular-pulse" in said
    assert overrides_of(terminal) == {}


def test_personal_limits_that_another_programme_cannot_have_are_not_dropped_in_silence(
    terminal: Terminal,
) -> None:
    place = ("patient", "plan", "set", "A-1", "--reason", "x")
    terminal.done(*place, "--programme", "hypertension-us", "--off", "irregular-pulse")
    assert "has no rule 'irregular-pulse'" in terminal.refused(*place, "--programme", "copd")
    said = terminal.done(*place, "--programme", "copd", "--no-overrides")
    assert "falls away with version 1: irregular-pulse: switched off" in said
    both = (*place, "--off", "spo2-low", "--on", "spo2-low")
    assert "both --off and --on" in terminal.refused(*both)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--programme", "hypertension"], "programme: there is none called 'hypertension'"),
        (["--programme", "copd", "--off", "spo2-lwo"], "did you mean 'spo2-low'?"),
        (["--programme", "copd", "--from", "2020-01-01T00:00Z"],
         "effective_from: lies in the past"),
        (["--programme", "copd", "--from", "2020-01-01T00:00"], "needs its offset from UTC"),
        (["--programme", "copd", "--by", "jay"], "username: there is no user 'jay'"),
        (["--programme", "copd", "--version", "7"], "copd has no version 7: 1"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused_in_words(
    terminal: Terminal, words: list[str], said: str
) -> None:
    assert said in terminal.refused("patient", "plan", "set", "A-1", "--reason", "x", *words)
    assert json.loads(terminal.done("patient", "plan", "history", "A-1", "--json")) == []


def test_a_plan_is_backdated_when_that_is_meant(terminal: Terminal) -> None:
    said = terminal.done("patient", "plan", "set", "A-1", "--programme", "copd", "--reason", "x",
                         "--from", "2026-01-01T00:00Z", "--backdate")  # fmt: skip
    assert "from 2026-01-01T00:00:00+00:00" in said


def test_a_plan_that_has_not_begun_is_withdrawn(terminal: Terminal) -> None:
    plan = ("patient", "plan")
    terminal.done(*plan, "set", "A-1", "--programme", "copd", "--reason", "x")
    assert "there is none that has not begun" in terminal.refused(
        *plan, "withdraw", "A-1", "--reason", "x"
    )
    begins = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat(timespec="seconds")
    terminal.done(*plan, "set", "A-1", "--off", "spo2-low", "--reason", "x", "--from", begins)
    said = terminal.done(*plan, "set", "A-1", "--off", "temperature-high", "--reason", "x")
    assert f"until {begins}" in said
    assert "version 1 began at" in terminal.refused(
        *plan, "withdraw", "A-1", "--reason", "x", "--version", "1"
    )
    words = (*plan, "withdraw", "A-1", "--version", "2", "--reason", "too soon", "--by", "joy")
    assert "Withdrew version 2." in terminal.done(*words)
    assert "Nothing to change" in terminal.done(*words)
    last, gone, _ = json.loads(terminal.done(*plan, "history", "A-1", "--json"))
    assert (last["version"], last["effective_to"]) == (3, None)
    assert (gone["withdrawn_username"], gone["withdraw_reason"]) == ("joy", "too soon")


def test_programmes_are_listed_shown_checked_and_registered(
    terminal: Terminal, tmp_path: Path
) -> None:
    listed = json.loads(terminal.done("programme", "list", "--json"))
    assert {each["origin"] for each in listed} == {"shipped"}
    assert {each["signed_off"] for each in listed} == {"no, only suggested"}
    shown = terminal.done("programme", "show", "heart-failure")
    assert "suggested, to be signed off by the programme's clinical lead" in shown
    assert "weight > 2 (ends at <= 1)" in shown
    assert json.loads(terminal.done("programme", "show", "copd", "--json"))["id"] == "copd"
    file = tmp_path / "small.toml"
    file.write_text(GOOD.replace("value = 160", 'value = "160"').replace("18:00", "07:00"))
    told = terminal.refused("programme", "check", str(file))
    assert f"{file}:15: rules[0].bounds[0].value: must be a number, not '160'" in told
    assert f"{file}:39: hours.end: 07:00 is not after 08:00" in told
    assert "must be a number" in terminal.refused("programme", "register", str(file))
    file.write_text(GOOD)
    assert "is sound, with 2 rules" in terminal.done("programme", "check", str(file))
    assert "Registered small 1" in terminal.done("programme", "register", str(file))
    file.write_text(GOOD.replace("160", "165"))
    assert "give the new content a new number" in terminal.refused(
        "programme", "register", str(file)
    )
    file.write_bytes(b"\xff")
    assert "is not UTF-8" in terminal.refused("programme", "check", str(file))


def test_a_team_comes_and_goes(terminal: Terminal) -> None:
    team = ("patient", "team")
    assert "Added joy as nurse." in terminal.done(*team, "add", "A-1", "joy")
    assert "is in the team as nurse already" in terminal.refused(*team, "add", "A-1", "joy")
    assert "joy" in terminal.done(*team, "list", "A-1")
    assert "joy leaves as nurse" in terminal.done(*team, "remove", "A-1", "joy")
    assert "is not in this team" in terminal.refused(*team, "remove", "A-1", "joy")


def test_consents_are_given_and_withdrawn(terminal: Terminal) -> None:
    consent = ("patient", "consent")
    terminal.done(*consent, "add", "A-1", "monitoring", "--method", "written", "--by", "joy")
    again = terminal.refused(*consent, "add", "A-1", "monitoring", "--method", "verbal")
    assert "holds then already" in again
    terminal.done(*consent, "withdraw", "A-1", "monitoring", "--reason", "asked to")
    assert "no consent to monitoring that holds" in terminal.refused(
        *consent, "withdraw", "A-1", "monitoring"
    )
    (kept,) = json.loads(terminal.done(*consent, "list", "A-1", "--json"))
    assert kept["withdrawn_at"] is not None


def test_orders_are_recorded_and_ended(terminal: Terminal) -> None:
    order = ("patient", "order")
    add = (*order, "add", "A-1", "--ordered-by", "Dr Day", "--kind", "weight")
    assert "npi: has a digit wrong" in terminal.refused(*add, "--npi", "1234567890")
    assert "no ICD-10 code" in terminal.refused(*add, "--diagnosis", "heart")
    terminal.done(*add, "--npi", "1234567893", "--diagnosis", "I50.9")
    (kept,) = json.loads(terminal.done(*order, "list", "A-1", "--json"))
    assert (kept["kinds"], kept["diagnoses"]) == (["weight"], ["I50.9"])
    terminal.done(*order, "end", "A-1", kept["id"])


def test_an_episode_ends_with_its_plan(terminal: Terminal) -> None:
    episode = ("patient", "episode")
    terminal.done(*episode, "start", "A-1", "copd")
    terminal.done(*episode, "start", "A-1", "pregnancy")
    terminal.done("patient", "plan", "set", "A-1", "--programme", "copd", "--reason", "x")
    end = (*episode, "end", "A-1", "--reason", "goals_met")
    assert "say which of copd, pregnancy" in terminal.refused(*end)
    terminal.done(*end, "--programme", "copd")
    assert "there is none for A-1" in terminal.refused("patient", "plan", "show", "A-1")
    assert "goals_met" in terminal.done(*episode, "list", "A-1")


def test_a_patient_moves(terminal: Terminal) -> None:
    said = terminal.done("patient", "update", "A-1", "--time-zone", "Asia/Tokyo", "--by", "joy")
    assert "Asia/Tokyo" in said
    assert "no IANA time zone" in terminal.refused("patient", "update", "A-1", "--time-zone", "X")
