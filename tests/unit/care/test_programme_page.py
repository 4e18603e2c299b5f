"""docs/programmes.md says what the files say, and its examples are good."""

import re
import tomllib
from pathlib import Path

from care.overrides import read_overrides, resolve
from care.programme_files import parse
from care.programme_page import MARK, generated
from care.programmes import shipped

PAGE = Path(__file__).parents[3] / "docs" / "programmes.md"
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_is_fresh() -> None:
    _, mark, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    assert mark + rest == generated(), "run: python -m care docs/programmes.md"


def test_the_example_of_a_programme_is_sound() -> None:
    assert parse(EXAMPLES[0]).id == "our-clinic"


def test_the_example_of_overrides_is_sound() -> None:
    hypertension = next(each for each in shipped() if each.id == "hypertension-us")
    found = resolve(hypertension, read_overrides(tomllib.loads(EXAMPLES[1])))
    assert found.rules[-1].id == "pulse-after-ablation"


def test_every_shipped_rule_stands_on_the_page_with_its_source() -> None:
    text = generated()
    for programme in shipped():
        assert f"`{programme.id}`" in text
        assert all(f"`{rule.id}`" in text and rule.source in text for rule in programme.rules)
