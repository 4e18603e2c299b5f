"""A month, written by us into a folder of the test's."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import pytest

from billing.exports.manifest import Asked, FileKind, Manifest
from billing.exports.write import export
from billing.months.records import MonthHead, PatientMonth
from tests.unit.billing.exports.making import HEAD, MADE

Writing: TypeAlias = Callable[..., Manifest]


@pytest.fixture
def written(tmp_path: Path) -> Writing:
    def write(
        kind: FileKind,
        patients: Iterable[PatientMonth],
        *,
        head: MonthHead = HEAD,
        asked: Asked = MADE,
        out: Path | None = None,
    ) -> Manifest:
        return asyncio.run(export(head, patients, kind, out or tmp_path / kind, asked=asked))

    return write
