from typing import Any

import pytest

from care.errors import InvalidError
from care.preferences import ABOUT, ACTIONS, changed, key_of


def test_what_is_not_named_stays() -> None:
    assert changed({"move_on": True}, {"shortcuts": False}) == {"move_on": True, "shortcuts": False}


def test_keys_and_sounds_are_changed_one_by_one() -> None:
    kept = changed({}, {"keys": {"claim": "y"}, "sound": {"critical": True}})
    made = changed(kept, {"keys": {"note": "m"}, "sound": {"high": False}})
    assert made["keys"] == {"claim": "y", "note": "m"}
    assert made["sound"] == {"critical": True, "high": False}


def test_nothing_takes_a_choice_back() -> None:
    kept = {"move_on": True, "keys": {"claim": "y", "note": "m"}}
    assert changed(kept, {"move_on": None, "keys": {"claim": None}}) == {"keys": {"note": "m"}}


def test_two_actions_may_swap_their_keys() -> None:
    made = changed({}, {"keys": {"claim": "a", "acknowledge": "c"}})
    assert key_of(made)["claim"] == "a"
    assert key_of(made)["next"] == ACTIONS["next"]


def test_several_actions_may_have_no_key() -> None:
    assert changed({}, {"keys": {"claim": "", "note": ""}})["keys"] == {"claim": "", "note": ""}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"theme": "dark"}, "preferences/theme"),
        ({"shortcuts": "yes"}, "preferences/shortcuts"),
        ({"shortcuts": 1}, "preferences/shortcuts"),
        ({"move_on": []}, "preferences/move_on"),
        ({"keys": []}, "preferences/keys"),
        ({"keys": {"fly": "f"}}, "preferences/keys/fly"),
        ({"keys": {"claim": "cc"}}, "preferences/keys/claim"),
        ({"keys": {"claim": 1}}, "preferences/keys/claim"),
        ({"keys": {"claim": " "}}, "preferences/keys/claim"),
        ({"keys": {"claim": "\x1b"}}, "preferences/keys/claim"),
        ({"keys": {"claim": "g"}}, "preferences/keys/claim"),
        ({"keys": {"claim": "j"}}, "preferences/keys/claim"),
        ({"keys": {"claim": "y", "note": "y"}}, "preferences/keys/note"),
        ({"sound": {"loud": True}}, "preferences/sound/loud"),
        ({"sound": {"high": "on"}}, "preferences/sound/high"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        changed({}, changes)
    assert refused.value.field == field


def test_every_action_has_a_key_of_its_own_and_words() -> None:
    assert len(set(ACTIONS.values())) == len(ACTIONS)
    assert list(ACTIONS) == list(ABOUT)
