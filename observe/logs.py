"""Logs: one JSON object per line on standard error, with nothing in it about a person."""

import logging
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from traceback import extract_tb
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from observe.redaction import described, redact


def configure(
    *, level: str = "INFO", as_json: bool = True, process: str = "", stream: TextIO | None = None
) -> None:
    """Set up structlog and the standard library's logging alike; call once, first, per process.

    `process` (gateway, ingest, …) is added to every line. Without `as_json` lines are for eyes.
    """
    shared = _processors(process)
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    target = stream or sys.stderr
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.getLevelName(level.upper()), logging.WARNING))
    # Request lines hold paths, and paths hold patient ids: console writes its own access lines.
    logging.getLogger("aiohttp.access").disabled = True


@contextmanager
def warnings_only() -> Iterator[None]:
    """For a command that answers on the terminal: what would be logged beside its answer is not.

    Warnings go to standard error, for eyes. What was configured before holds again afterwards.
    """
    before = structlog.get_config()
    last = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[*_processors(""), last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    try:
        yield
    finally:
        structlog.configure(**before)


def _processors(process: str) -> Sequence[Processor]:
    def named(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"process": process, **event} if process else event

    return (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception,
        redact,
        named,
    )


def _exception(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """`exc_info` as types and places: the text of a foreign exception may quote a row."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else None
    if info is True:
        error = sys.exc_info()[1]
    elif isinstance(info, tuple):
        error = info[1]
    if error is not None:
        event["exception"] = " <- ".join(_chain(error))
    return event


def _chain(error: BaseException) -> list[str]:
    """The exception and its causes, each with its innermost places."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = extract_tb(current.__traceback__)[-4:]
        places = " > ".join(
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames
        )
        told.append(f"{described(current)} at {places}" if places else described(current))
        if isinstance(current, BaseExceptionGroup):
            told += [part for inner in current.exceptions for part in _chain(inner)]
        current = current.__cause__ or current.__context__
    return told
