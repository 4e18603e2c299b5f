"""A device's memory: numbers, capacity, and what is still to be delivered."""

import pytest

from simulator.memory import Memory


def filled(*, capacity: int = 10, records: int = 3, first_number: int = 1) -> Memory:
    memory = Memory(capacity=capacity, first_number=first_number)
    for count in range(records):
        memory.add((("2a35", bytes([count])),))
    return memory


def numbers(memory: Memory) -> list[int]:
    return [record.number for record in memory]


def test_records_are_numbered_in_order() -> None:
    assert numbers(filled()) == [1, 2, 3]


def test_numbers_start_again_after_the_last_one() -> None:
    assert numbers(filled(first_number=0xFFFE)) == [0xFFFE, 0xFFFF, 0]


@pytest.mark.parametrize(("records", "kept", "lost"), [(2, 2, 0), (3, 3, 0), (4, 3, 1)])
def test_a_full_memory_loses_its_oldest(records: int, kept: int, lost: int) -> None:
    memory = filled(capacity=3, records=records)
    assert (len(memory), memory.overwritten) == (kept, lost)
    assert numbers(memory)[-1] == records


def test_what_was_collected_is_not_lost_when_it_makes_room() -> None:
    memory = filled(capacity=3)
    memory.all_delivered()
    memory.add((("2a35", b"x"),))
    assert (numbers(memory), memory.overwritten) == ([2, 3, 4], 0)


def test_a_record_is_delivered_with_its_last_frame() -> None:
    memory = Memory(capacity=3)
    memory.add((("2a9d", b"w"), ("2a9c", b"b")))
    assert not memory.delivered(1, "2a9d")
    assert list(memory.waiting()) == [(1, "2a9c", b"b")]
    assert memory.delivered(1, "2a9c")
    assert not memory.has_news
    assert len(memory) == 1


def test_what_was_never_there_cannot_be_delivered() -> None:
    assert not filled().delivered(9, "2a35")


def test_everything_can_be_offered_again() -> None:
    memory = filled()
    memory.all_delivered()
    assert not memory.has_news
    memory.offer_again()
    assert [number for number, _, _ in memory.waiting()] == [1, 2, 3]


def test_a_forgotten_record_does_not_wait_any_more() -> None:
    memory = filled()
    memory.forget(1)
    assert [number for number, _, _ in memory.waiting()] == [2, 3]


def test_a_record_with_a_number_of_its_own_goes_before_the_next_one() -> None:
    memory = filled(records=0)
    memory.add((("2a18", b"a"),), number=40)
    memory.add((("2a18", b"b"),))
    assert numbers(memory) == [40, 41]
