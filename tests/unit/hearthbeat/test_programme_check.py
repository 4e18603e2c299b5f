"""`hearthbeat programme check`: what it says of a file."""

from pathlib import Path

import pytest

from hearthbeat import cli
from tests.unit.care.test_programme_files import GOOD


def test_faults_are_told_in_the_order_of_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.toml"
    text = GOOD.replace("version = 1", "version = 0").replace("18:00", "07:00")
    text = text.replace('op = ">=", value = 130', 'op = "=>", value = 130')
    file.write_text(text.replace('end = "12:00"', 'end = "03:00"'))
    assert cli.run(["programme", "check", str(file)]) == 1
    told = capsys.readouterr().err.removeprefix("hearthbeat: ").splitlines()
    lines = [int(each.removeprefix(f"{file}:").partition(":")[0]) for each in told]
    assert len(lines) == 4
    assert lines == sorted(lines)


@pytest.mark.parametrize(("rules", "said"), [(1, "with 1 rule."), (2, "with 2 rules.")])
def test_a_sound_file_has_its_rules_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rules: int, said: str
) -> None:
    head, one, two = GOOD.split("[[rules]]")
    second, ladders = two.split("[[ladders]]", 1)
    texts = [one, second][:rules]
    text = "[[rules]]".join([head, *texts])
    file = tmp_path / "good.toml"
    file.write_text(f"{text}\n[[ladders]]{ladders}")
    assert cli.run(["programme", "check", str(file)]) == 0
    assert capsys.readouterr().out.endswith(f"is sound, {said}\n")
