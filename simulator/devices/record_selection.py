"""Which records a request at a Record Access Control Point means, or why none. Pure."""

from collections.abc import Sequence
from typing import Final

from device_profiles import record_access
from device_profiles.errors import DecodeError
from device_profiles.record_access import Answer, Op, Operator, RecordAccess
from simulator.memory import Record

_PLAIN: Final = (Operator.ALL, Operator.FIRST, Operator.LAST)
_BY_NUMBER: Final = (Operator.LESS_OR_EQUAL, Operator.GREATER_OR_EQUAL, Operator.RANGE)
_OPS: Final = (Op.REPORT, Op.DELETE, Op.COUNT)


def select(
    records: Sequence[Record], request: RecordAccess, *, unsupported: frozenset[int]
) -> list[Record] | Answer:
    """The records, oldest first and perhaps none; or the answer that refuses the request."""
    refused = _refusal(request, unsupported)
    if refused is not None:
        return refused
    if request.operator in _PLAIN:
        return _plain(records, request)
    try:
        numbers = record_access.sequence_operand(request)
    except DecodeError:
        return Answer.INVALID_OPERAND
    low, high = _bounds(request.operator, numbers)
    if low > high:
        return Answer.INVALID_OPERAND
    return [record for record in records if low <= record.number <= high]


def _refusal(request: RecordAccess, unsupported: frozenset[int]) -> Answer | None:
    if request.op not in _OPS:
        return Answer.OP_NOT_SUPPORTED
    if request.operator == Operator.NULL:
        return Answer.INVALID_OPERATOR
    if request.operator in unsupported or request.operator not in (*_PLAIN, *_BY_NUMBER):
        return Answer.OPERATOR_NOT_SUPPORTED
    if request.operator in _PLAIN:
        return Answer.INVALID_OPERAND if request.operand else None
    if not request.operand:
        return Answer.INVALID_OPERAND
    by_sequence = request.operand[0] == record_access.FILTER_SEQUENCE
    return None if by_sequence else Answer.OPERAND_NOT_SUPPORTED


def _plain(records: Sequence[Record], request: RecordAccess) -> list[Record]:
    if request.operator == Operator.FIRST:
        return list(records[:1])
    return list(records[-1:]) if request.operator == Operator.LAST else list(records)


def _bounds(operator: int, numbers: tuple[int, ...]) -> tuple[int, int]:
    if operator == Operator.RANGE:
        return numbers[0], numbers[1]
    if operator == Operator.LESS_OR_EQUAL:
        return 0, numbers[0]
    return numbers[0], 0xFFFF
