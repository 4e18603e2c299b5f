"""What a person is told to type."""

from pathlib import Path

import pytest

from hearthbeat.called_as import in_words


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """An environment in the directory `home`, as `make run` builds it."""
    made = tmp_path / "home" / ".venv" / "bin" / "hearthbeat"
    made.parent.mkdir(parents=True)
    made.touch(mode=0o755)
    return made


def said(script: Path, *, program: Path, here: Path, on_path: Path | None = None) -> str:
    return in_words(
        program=program,
        python=script.with_name("python"),
        here=here,
        on_path=None if on_path is None else str(on_path),
    )


def test_the_name_alone_is_enough_where_it_is_on_the_path(script: Path) -> None:
    assert said(script, program=script, here=Path("/"), on_path=script) == "hearthbeat"


def test_another_one_on_the_path_is_not_us(script: Path, tmp_path: Path) -> None:
    other = tmp_path / "hearthbeat"
    other.touch(mode=0o755)
    words = said(script, program=script, here=tmp_path / "home", on_path=other)
    assert words == ".venv/bin/hearthbeat"


def test_the_way_to_us_is_short_from_where_we_were_started(script: Path, tmp_path: Path) -> None:
    assert said(script, program=script, here=tmp_path / "home") == ".venv/bin/hearthbeat"
    assert said(script, program=script, here=Path("/elsewhere")) == str(script)


def test_started_as_a_module_we_are_found_beside_python(script: Path, tmp_path: Path) -> None:
    module = Path("/somewhere/hearthbeat/__main__.py")
    assert said(script, program=module, here=tmp_path / "home") == ".venv/bin/hearthbeat"


def test_without_a_script_python_is_told_the_module(tmp_path: Path) -> None:
    python = tmp_path / "my python" / "python"
    words = in_words(program=Path("-m"), python=python, here=tmp_path, on_path=None)
    assert words == "'my python/python' -m hearthbeat"
