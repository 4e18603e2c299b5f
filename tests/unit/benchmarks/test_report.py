from benchmarks.report import interleaved, number, percentile, spread


def test_contenders_take_turns_so_that_a_slow_minute_hits_all() -> None:
    order: list[str] = []

    def run(name: str) -> int:
        order.append(name)
        return len(order)

    samples = interleaved(
        {"a": lambda: run("a"), "b": lambda: run("b")}, rounds=2, say=lambda _: None
    )
    assert order == ["a", "b", "a", "b"]
    assert samples == {"a": [1, 3], "b": [2, 4]}


def test_the_99th_percentile_of_a_hundred_is_the_largest_but_none() -> None:
    assert percentile(list(range(100)), 99) == 99
    assert percentile(list(range(100)), 50) == 50
    assert percentile([7.0], 99) == 7.0


def test_large_numbers_have_no_digits_that_mean_nothing() -> None:
    assert number(999.4) == "999"
    assert number(1000.4) == "1,000"
    assert spread([3.14159, 12_345.6]) == "3.14 … 12,346"
