"""Spans as PostgreSQL's tstzmultirange, and back."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from billing.spans import Span


def to_ranges(spans: Iterable[Span]) -> list[Any]:
    return [asyncpg.Range(start, end) for start, end in spans]


def from_ranges(ranges: Sequence[Any]) -> tuple[Span, ...]:
    return tuple((each.lower, each.upper) for each in ranges)
