"""The API against its own description, by requests that schemathesis makes up."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.integration.console.conftest import Api, Practice

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
EXAMPLES = 4
"""Made up for each operation, besides the cases that cover its description."""
PROGRAM = Path(sys.executable).with_name("schemathesis")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ["admin", "nurse", "patient"])
async def test_no_request_finds_a_fault_of_ours_or_an_answer_that_is_not_described(
    api: Api, north: Practice, role: str, tmp_path: Path
) -> None:
    token = await api.signed_in(north, role)
    process = await asyncio.create_subprocess_exec(
        *(str(PROGRAM), "run", f"{api.base}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {token}"),
        *("--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing"),
        *("--max-examples", str(EXAMPLES), "--seed", "20261122"),
        # Two threads that read source at once trip over Python 3.11's own parser (gh-106905).
        *("--workers", "1"),
        *("--exclude-path", "/api/v1/alerts/stream", "--exclude-path", "/api/v1/logout"),
        *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-8000:]
