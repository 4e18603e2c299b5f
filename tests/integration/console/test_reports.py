"""What browsers report: anybody can send it, and nothing of it does harm."""

from typing import Final

import pytest

from console.web.page import REPORTS
from tests.integration.console.conftest import Api

JUNK: Final = (
    b"", b"null", b"[]", b"NaN", b"\xff\xfe", b'{"csp-report": 5}', b"[" * 16_000,
    b'{"csp-report":' * 1_100, b'{"csp-report": {"effective-directive": "a\\nb\\ud800"}}',
)  # fmt: skip


@pytest.mark.parametrize("body", JUNK, ids=range(len(JUNK)))
async def test_a_report_that_is_none_is_taken_and_forgotten(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/csp-report"}
    async with api._client.post(REPORTS, data=body, headers=headers) as answer:
        assert answer.status == 204
