"""What the processes write: kept in files of bounded size; what matters is said aloud."""

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

BYTES_MAX: Final = 10 * 1024 * 1024
"""Of one file; one older is kept beside it."""

_LOUD: Final = frozenset({"warning", "error", "critical"})
_ALARMING: Final = ("PANIC:", "Traceback", "Error:")
"""In lines of programs that do not log as JSON."""
_LEFT_OUT: Final = frozenset({"event", "level", "timestamp", "process", "exception"})


def aloud(text: str) -> str | None:
    """The line as a person should see it, or None where it can stay in its file. Pure."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return text if any(word in text for word in _ALARMING) else None
    if said.get("aloud") is True:
        return str(said.get("event", ""))
    if said.get("level") not in _LOUD:
        return None
    facts = " ".join(f"{name}={value}" for name, value in said.items() if name not in _LEFT_OUT)
    return f"{said['level']}: {said.get('event', '')} {facts}".rstrip()


class LogFiles:
    """One file per process. `aloud` gets the lines that a person at the terminal should see."""

    def __init__(self, directory: Path, *, aloud: Callable[[str], None], everything: bool) -> None:
        self._directory = directory
        self._aloud = aloud
        self._everything = everything
        self._open: dict[str, IO[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        while self._open:
            self._open.popitem()[1].close()

    def line(self, name: str, text: str) -> None:
        """Take one line of the process of that name."""
        file = self._file(name)
        file.write(text + "\n")
        file.flush()
        shown = text if self._everything else aloud(text)
        if shown is not None:
            self._aloud(f"{name:>9} | {shown}")

    def _file(self, name: str) -> IO[str]:
        file = self._open.get(name)
        if file is not None and file.tell() < BYTES_MAX:
            return file
        path = self._directory / f"{name}.log"
        if file is not None:
            file.close()
            path.replace(path.with_suffix(".log.1"))
        self._open[name] = path.open("a", encoding="utf-8")
        return self._open[name]
