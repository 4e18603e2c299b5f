"""How this program was called, so that it can name commands that work when they are typed."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

NAME: Final = "hearthbeat"


def called_as() -> str:
    """What to type before `watch` or `doctor`, in the directory where we were started."""
    return in_words(
        program=Path(sys.argv[0]),
        python=Path(sys.executable),
        here=Path.cwd(),
        on_path=shutil.which(NAME),
    )


def in_words(*, program: Path, python: Path, here: Path, on_path: str | None) -> str:
    """`hearthbeat` where that is us, else the way to us: the script of our own environment."""
    script = program if program.name == NAME else python.with_name(NAME)
    if on_path is not None and _is_one(Path(on_path), script):
        return NAME
    if os.access(script, os.X_OK):
        return shlex.quote(_seen_from(here, script))
    return f"{shlex.quote(_seen_from(here, python))} -m {NAME}"


def _is_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _seen_from(here: Path, file: Path) -> str:
    """Not resolved: an environment's python is a link to another's."""
    whole = file if file.is_absolute() else here / file
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)
