"""docs/alert-states.md is generated; `HB_TEST_WRITE_GOLDEN=1` writes it anew."""

import os
from pathlib import Path

from alerts.life.alert import State
from alerts.life.states import TABLE
from alerts.life.states_shown import as_markdown

PAGE = Path(__file__).parents[3] / "docs" / "alert-states.md"
BEGIN, END = "<!-- states: begin -->\n", "<!-- states: end -->\n"


def test_the_page_shows_the_table_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    shown, _, tail = rest.partition(END)
    if os.environ.get("HB_TEST_WRITE_GOLDEN"):  # noqa: TID251
        PAGE.write_text(head + BEGIN + as_markdown() + END + tail, encoding="utf-8")
    assert shown == as_markdown()


def test_every_event_is_on_the_page_once() -> None:
    rows = [line for line in as_markdown().splitlines() if line.startswith("| `")]
    assert sorted(line.split("`")[1] for line in rows) == sorted(event.name for event in TABLE)


def test_every_way_between_states_is_in_the_diagram() -> None:
    drawn = [line for line in as_markdown().splitlines() if " --> " in line]
    for event, moves in TABLE.items():
        for source, target in moves.items():
            if source is not target:
                (line,) = [
                    each for each in drawn if each.strip().startswith(f"{source} --> {target}:")
                ]
                assert event.name in line


def test_only_hearthbeat_withdraws_and_nothing_leads_back_into_waiting() -> None:
    ways = [target for moves in TABLE.values() for target in moves.values()]
    stays = [moves for moves in TABLE.values() if State.AWAITING_REPEAT in moves.values()]
    assert State.OPEN in ways
    assert all(
        source is State.AWAITING_REPEAT
        for moves in stays
        for source, target in moves.items()
        if target is State.AWAITING_REPEAT
    )
