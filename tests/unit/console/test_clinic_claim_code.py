"""A hub's one-time code, drawn."""

import re

from console.clinic.claim_code import claim_code
from console.clinic.faults import sentence

CODE = "H3Y2-GEIT-NJVD-HP23-COZR-UURY-BGOC-IBEV"


def test_the_picture_has_no_style_and_no_script_and_stays_black_on_white() -> None:
    made = claim_code(CODE, server="https://clinic.example.org")
    assert "style" not in made.picture
    assert "<script" not in made.picture
    assert set(re.findall(r"#[0-9a-f]+", made.picture)) == {"#fff", "#000"}
    assert made.command.endswith(f"--server https://clinic.example.org --code {CODE}")
    assert "-".join(made.groups) == CODE


def test_a_fault_is_a_sentence() -> None:
    assert sentence("must not be empty") == "Must not be empty."
    assert sentence("Is it?") == "Is it?"
    assert sentence("") == ""
