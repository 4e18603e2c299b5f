"""The API against its own description, by requests that schemathesis makes up."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

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


Wanted: TypeAlias = Callable[[set[str] | None], bool]
WALKED: Final[dict[str, Wanted]] = {
    "admin": lambda roles: roles is None or "admin" in roles,
    "nurse": lambda roles: roles is not None and "nurse" in roles and "admin" not in roles,
    "patient": lambda roles: roles is not None and "patient" in roles,
}
"""What each is asked for, by the roles that reach it: everything once, and what patients see of
themselves as they see it. That nobody is let in elsewhere is the walk of test_roles.py."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", WALKED)
async def test_no_request_finds_a_fault_of_ours_or_an_answer_that_is_not_described(
    api: Api, north: Practice, role: str, tmp_path: Path
) -> None:
    token = await api.signed_in(north, role)
    _, document = await api.get("/openapi.json")
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps({**document, "paths": walked(document["paths"], WALKED[role])}))
    process = await asyncio.create_subprocess_exec(
        *(str(PROGRAM), "run", str(file), "--url", api.base),
        *("--header", f"Authorization: Bearer {token}"),
        *("--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing"),
        *("--max-examples", str(EXAMPLES), "--seed", "20261122"),
        # Two threads that read source at once trip over Python 3.11's own parser (gh-106905).
        *("--workers", "1"),
        *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-8000:]


def walked(paths: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
    """Without what has no end, and what ends the session."""
    found = {
        path: {
            method: each
            for method, each in methods.items()
            if wanted(None if "x-roles" not in each else set(each["x-roles"]))
        }
        for path, methods in paths.items()
        if not path.endswith(("/alerts/stream", "/logout"))
    }
    return {path: methods for path, methods in found.items() if methods}


async def test_every_route_of_the_api_is_walked_by_somebody(api: Api) -> None:
    _, document = await api.get("/openapi.json")
    paths = document["paths"]
    whole = walked(paths, lambda _: True)
    met = {
        (path, method)
        for wanted in WALKED.values()
        for path, methods in walked(paths, wanted).items()
        for method in methods
    }
    assert met == {(path, method) for path, methods in whole.items() for method in methods}
