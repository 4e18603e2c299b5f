"""Which outbox numbers have arrived, as ranges: 20,000 readings in a row are one range."""

from collections.abc import Iterable


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Half-open ranges that hold exactly `numbers`, in order and not touching each other."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


def multirange(numbers: Iterable[int]) -> str:
    """PostgreSQL's text for an int8multirange of `numbers`."""
    return "{" + ",".join(f"[{low},{high})" for low, high in ranges(numbers)) + "}"
