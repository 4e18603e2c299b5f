"""Which records a request at the control point means."""

from hypothesis import given
from hypothesis import strategies as st

from device_profiles.record_access import Answer, Op, Operator, RecordAccess
from simulator.devices.record_selection import select
from simulator.memory import Record

RECORDS = [Record(number=number, frames=()) for number in (3, 4, 5, 6)]
NOTHING: frozenset[int] = frozenset()


def chosen(operator: int, operand: bytes = b"", op: int = Op.REPORT) -> list[int] | Answer:
    request = RecordAccess(op=op, operator=operator, operand=operand)
    found = select(RECORDS, request, unsupported=NOTHING)
    return found if isinstance(found, Answer) else [record.number for record in found]


def test_at_or_after_a_number_takes_the_number_itself() -> None:
    assert chosen(Operator.GREATER_OR_EQUAL, b"\x01\x05\x00") == [5, 6]


def test_up_to_a_number_takes_the_number_itself() -> None:
    assert chosen(Operator.LESS_OR_EQUAL, b"\x01\x04\x00") == [3, 4]


def test_a_range_takes_both_its_ends() -> None:
    assert chosen(Operator.RANGE, b"\x01\x04\x00\x05\x00") == [4, 5]


def test_a_range_of_one_is_a_range() -> None:
    assert chosen(Operator.RANGE, b"\x01\x04\x00\x04\x00") == [4]


def test_a_range_upside_down_is_refused() -> None:
    assert chosen(Operator.RANGE, b"\x01\x05\x00\x04\x00") == Answer.INVALID_OPERAND


def test_no_records_is_an_empty_choice_and_no_refusal() -> None:
    assert chosen(Operator.GREATER_OR_EQUAL, b"\x01\x07\x00") == []


def test_an_operator_that_the_meter_lacks_is_refused() -> None:
    request = RecordAccess(op=Op.REPORT, operator=Operator.LAST)
    answer = select(RECORDS, request, unsupported=frozenset({Operator.LAST}))
    assert answer == Answer.OPERATOR_NOT_SUPPORTED


@given(op=st.integers(0, 255), operator=st.integers(0, 255), operand=st.binary(max_size=8))
def test_any_request_gets_records_or_an_answer(op: int, operator: int, operand: bytes) -> None:
    found = chosen(operator, operand, op)
    assert isinstance(found, (list, Answer))
