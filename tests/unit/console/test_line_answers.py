"""What may be said of a line, by where it stands and whether it has left the house."""

import pytest

from billing.months.records import Status
from console.billing.line_page import answers_of

ALL = ["accepted", "paid", "denied", "void", "number"]


@pytest.mark.parametrize(
    ("status", "exported", "offered"),
    [
        (Status.HELD, False, []),
        (Status.HELD, True, ALL),
        (Status.READY, True, ALL),
        (Status.APPROVED, False, []),
        (Status.APPROVED, True, ALL),
        (Status.EXPORTED, True, ALL),
        (Status.PAID, True, ["denied", "void", "number"]),
        (Status.CORRECTED, True, ["void", "number"]),
        (Status.VOID, True, ["number"]),
    ],
)
def test_what_the_payer_may_have_said(
    status: Status, *, exported: bool, offered: list[str]
) -> None:
    assert [name for name, _ in answers_of(status, exported=exported)] == offered
