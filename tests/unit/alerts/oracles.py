"""Other projects' published results, in the archives that `hb.py test` downloads."""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[3]
IGLU: Final = ROOT / ".venv" / "oracles" / "iglu_python-0.4.3.tar.gz"


def iglu(*members: str) -> list[bytes]:
    """Files of the archive; skips the test where it has not been downloaded."""
    if not IGLU.exists():
        pytest.skip(f"{IGLU.name} is not in .venv/oracles: `python3 hb.py test` downloads it")
    with tarfile.open(IGLU) as archive:
        return [_read(archive, f"iglu_python-0.4.3/{member}") for member in members]


def iglu_runs(*methods: str) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """(method, file, arguments, result columns) of each run of R iglu 4.3.0 of these methods."""
    (text,) = iglu("tests/expected_results.json")
    for run in json.loads(text)["test_runs"]:
        if run["method"] in methods:
            yield run["method"], run["input_file_name"], run["kwargs"], run["results"]


def _read(archive: tarfile.TarFile, member: str) -> bytes:
    stream = archive.extractfile(member)
    assert stream is not None, member
    return stream.read()
