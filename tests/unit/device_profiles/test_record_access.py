"""The Record Access Control Point: requests, answers and counts of every width."""

import pytest

from device_profiles import record_access
from device_profiles.errors import DecodeError, EncodeError
from device_profiles.record_access import Answer, Op, Operator, RecordAccess


@pytest.mark.parametrize(
    ("request_frame", "hex_digits"),
    [
        (record_access.report_all(), "0101"),
        (record_access.report_from(42), "0103012a00"),
        (record_access.report_last(), "0106"),
        (record_access.count_all(), "0401"),
        (record_access.count_from(0xFFFF), "040301ffff"),
        (record_access.abort(), "0300"),
        (record_access.response(Op.REPORT, Answer.NO_RECORDS), "06000106"),
        (record_access.count_response(7), "05000700"),
    ],
)
def test_a_request_is_these_bytes(request_frame: bytes, hex_digits: str) -> None:
    assert request_frame.hex() == hex_digits
    assert record_access.encode(record_access.decode(request_frame)) == request_frame


@pytest.mark.parametrize("count_bytes", ["07", "0700", "07000000"])
def test_a_count_is_read_in_every_width_that_meters_send(count_bytes: str) -> None:
    assert record_access.decode(bytes.fromhex("0500" + count_bytes)).count == 7


def test_a_success_is_told_from_a_refusal() -> None:
    assert record_access.decode(bytes.fromhex("06000101")).succeeded
    refused = record_access.decode(bytes.fromhex("06000106"))
    assert not refused.succeeded
    assert (refused.request, refused.response) == (Op.REPORT, Answer.NO_RECORDS)


def test_a_request_has_no_answer_in_it() -> None:
    asked = record_access.decode(record_access.report_all())
    assert (asked.request, asked.response, asked.count) == (None, None, None)


@pytest.mark.parametrize("hex_digits", ["", "06", "0600", "060001", "05", "0500", "01"])
def test_an_answer_cut_short_is_refused(hex_digits: str) -> None:
    with pytest.raises(DecodeError):
        record_access.decode(bytes.fromhex(hex_digits))


@pytest.mark.parametrize(
    ("frame", "numbers"),
    [
        (record_access.report_all(), ()),
        (record_access.report_from(42), (42,)),
        (bytes.fromhex("0104012a002b00"), (42, 43)),
        (bytes.fromhex("010302ea070b16080f05"), ()),  # By user-facing time.
    ],
)
def test_the_sequence_numbers_of_a_request_can_be_read(
    frame: bytes, numbers: tuple[int, ...]
) -> None:
    assert record_access.sequence_operand(record_access.decode(frame)) == numbers


def test_a_range_without_its_end_is_refused() -> None:
    asked = RecordAccess(op=Op.REPORT, operator=Operator.RANGE, operand=bytes.fromhex("012a00"))
    with pytest.raises(DecodeError):
        record_access.sequence_operand(asked)


def test_a_sequence_number_beyond_16_bits_is_refused() -> None:
    with pytest.raises(EncodeError):
        record_access.report_from(0x10000)
