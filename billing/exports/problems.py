"""What keeps a line out of a claim, or should be looked at: whose, which field, what to do."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.exports.cells import Column, Row, Table


class Weight(StrEnum):
    LEFT_OUT = "left out"
    LOOK = "look at"


class Problem(Struct, frozen=True, kw_only=True):
    """`mrn` and `line_id` are None for what is the practice's."""

    field: str
    what: str
    remedy: str
    weight: Weight = Weight.LEFT_OUT
    mrn: str | None = None
    line_id: UUID | None = None
    code: str = ""

    @property
    def reason(self) -> str:
        return f"{self.field}: {self.what}"


PROBLEMS: Final = Table(
    name="problems",
    sheet="Problems",
    columns=(
        Column("weight"), Column("mrn"), Column("line_id", width=37), Column("code", width=8),
        Column("field", width=24), Column("problem", width=60), Column("what_to_do", width=60),
    ),
)  # fmt: skip


def row_of(problem: Problem) -> Row:
    return (
        str(problem.weight),
        problem.mrn or "(practice)",
        problem.line_id,
        problem.code,
        problem.field,
        problem.what,
        problem.remedy,
    )
