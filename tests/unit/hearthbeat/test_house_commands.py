"""hb.py: what is said while the environment is built."""

import sys

import pytest

import hb

PIP = """
import sys
for number in range(60):
    print(f"Collecting package-{number}")
    print("  Using cached package.whl")
print("a warning", file=sys.stderr)
print("Installing collected packages: many")
sys.exit(int(sys.argv[1]))
"""


def test_a_long_installation_says_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert hb._said_briefly([sys.executable, "-c", PIP, "0"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "hb: 25 packages found",
        "hb: 50 packages found",
        "hb: installing 60 packages",
    ]


def test_all_that_was_said_is_shown_when_the_installation_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert hb._said_briefly([sys.executable, "-c", PIP, "3"]) == 3
    said = capsys.readouterr().out
    assert "Collecting package-59" in said
    assert "a warning" in said
