"""The table of states as a page: docs/alert-states.md is made from it, and from nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from alerts.life.alert import State
from alerts.life.events import ByClock, ByPerson, ByRules, Event
from alerts.life.states import TABLE

_WHO: Final = (("rules", ByRules), ("the clock", ByClock), ("people", ByPerson))
_BEGINNINGS: Final = (State.AWAITING_REPEAT, State.OPEN)
"""How an alert begins: alerts.evaluating.reconcile."""


def as_markdown() -> str:
    """A diagram of what changes the state, a table of everything, and the words for both."""
    return "\n".join((*_diagram(), "", *_table(), "", *_events())) + "\n"


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in _BEGINNINGS:
        yield f"    [*] --> {state}: opened"
    between: dict[tuple[State, State], list[str]] = defaultdict(list)
    for event, moves in TABLE.items():
        for source, target in moves.items():
            if source is not target:
                between[source, target].append(event.name)
    for (source, target), names in sorted(between.items(), key=lambda each: _place(*each[0])):
        yield f"    {source} --> {target}: {', '.join(names)}"
    yield "```"


def _place(source: State, target: State) -> tuple[int, int]:
    order = list(State)
    return order.index(source), order.index(target)


def _table() -> Iterator[str]:
    yield "| event | by | " + " | ".join(f"`{state}`" for state in State) + " |"
    yield "| --- | --- |" + " --- |" * len(State)
    for who, event in _all():
        moves = TABLE[event]
        cells = [_cell(state, moves.get(state)) for state in State]
        yield f"| `{event.name}` | {who} | " + " | ".join(cells) + " |"


def _cell(source: State, target: State | None) -> str:
    if target is None:
        return ""
    return "stays" if target is source else f"`{target}`"


def _events() -> Iterator[str]:
    for who, event in _all():
        said = " ".join((event.__doc__ or "").split()) or "Until the instant that it named."
        yield f"- `{event.name}` ({who}): {said}"


def _all() -> Iterator[tuple[str, type[Event]]]:
    for who, events in _WHO:
        for event in events.__args__:
            yield who, event
