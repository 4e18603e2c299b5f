"""Record Access Control Point 0x2A52: asking a meter for its stored records, and its answers."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from device_profiles.cursor import Cursor
from device_profiles.writer import Writer


class Op(IntEnum):
    """What is asked, or that an answer follows."""

    REPORT = 1
    DELETE = 2
    ABORT = 3
    COUNT = 4
    COUNT_RESPONSE = 5
    RESPONSE = 6


class Operator(IntEnum):
    """Which records are meant."""

    NULL = 0
    ALL = 1
    LESS_OR_EQUAL = 2
    GREATER_OR_EQUAL = 3
    RANGE = 4
    FIRST = 5
    LAST = 6


class Answer(IntEnum):
    """The code in a response."""

    SUCCESS = 1
    OP_NOT_SUPPORTED = 2
    INVALID_OPERATOR = 3
    OPERATOR_NOT_SUPPORTED = 4
    INVALID_OPERAND = 5
    NO_RECORDS = 6
    ABORT_UNSUCCESSFUL = 7
    NOT_COMPLETED = 8
    OPERAND_NOT_SUPPORTED = 9


ATT_IN_PROGRESS: Final = (0x80, 0xFE)
"""ATT errors for "a procedure is running": the Glucose Service's own, and the common profile's."""
ATT_CCCD_WRONG: Final = (0x81, 0xFD)
"""ATT errors for "enable notifications first", likewise."""
FILTER_SEQUENCE: Final = 1
FILTER_USER_FACING_TIME: Final = 2

_OPERAND_SIZES: Final[dict[int, int]] = {Op.RESPONSE: 2, Op.COUNT_RESPONSE: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAccess:
    """One frame of the control point; numbers that nobody has named are kept as they are."""

    op: int
    operator: int = Operator.NULL
    operand: bytes = b""
    """As sent; the properties below read it."""

    @property
    def request(self) -> int | None:
        """Which op a response answers."""
        return self.operand[0] if self.op == Op.RESPONSE else None

    @property
    def response(self) -> int | None:
        """The code of a response."""
        return self.operand[1] if self.op == Op.RESPONSE else None

    @property
    def count(self) -> int | None:
        """The number of records; meters send one, two or four bytes for it."""
        return int.from_bytes(self.operand, "little") if self.op == Op.COUNT_RESPONSE else None

    @property
    def succeeded(self) -> bool:
        return self.response == Answer.SUCCESS


def decode(data: bytes) -> RecordAccess:
    """Raises DecodeError where op and operator, or what their answer needs, is not all there."""
    fields = Cursor(data)
    op, operator = fields.u8(), fields.u8()
    needed = _OPERAND_SIZES.get(op, 0)
    operand = bytes(fields.u8() for _ in range(needed))
    return RecordAccess(op=op, operator=operator, operand=operand + fields.rest())


def encode(frame: RecordAccess) -> bytes:
    return bytes((frame.op, frame.operator)) + frame.operand


def report_all() -> bytes:
    return bytes((Op.REPORT, Operator.ALL))


def report_from(sequence: int) -> bytes:
    """Asks for the records from this number on, itself included."""
    return _by_sequence(Op.REPORT, Operator.GREATER_OR_EQUAL, sequence)


def report_last() -> bytes:
    return bytes((Op.REPORT, Operator.LAST))


def count_all() -> bytes:
    return bytes((Op.COUNT, Operator.ALL))


def count_from(sequence: int) -> bytes:
    return _by_sequence(Op.COUNT, Operator.GREATER_OR_EQUAL, sequence)


def abort() -> bytes:
    return bytes((Op.ABORT, Operator.NULL))


def response(request: int, answer: int) -> bytes:
    """A meter's answer to a request."""
    return bytes((Op.RESPONSE, Operator.NULL, request, answer))


def count_response(count: int) -> bytes:
    """A meter's answer to a count, in the two bytes that the Glucose Service says."""
    frame = Writer()
    frame.data += bytes((Op.COUNT_RESPONSE, Operator.NULL))
    frame.unsigned(count, size=2)
    return bytes(frame.data)


def _by_sequence(op: Op, operator: Operator, sequence: int) -> bytes:
    frame = Writer()
    frame.data += bytes((op, operator, FILTER_SEQUENCE))
    frame.unsigned(sequence, size=2)
    return bytes(frame.data)


def sequence_operand(frame: RecordAccess) -> tuple[int, ...]:
    """The sequence numbers in a request's operand: none, one, or for a range two.

    Raises DecodeError for an operand cut short. A filter other than the sequence number gives none.
    """
    if not frame.operand or frame.operand[0] != FILTER_SEQUENCE:
        return ()
    fields = Cursor(frame.operand[1:])
    return tuple(fields.u16() for _ in range(2 if frame.operator == Operator.RANGE else 1))
