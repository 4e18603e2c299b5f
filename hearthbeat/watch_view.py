"""How `watch` looks: the latest readings in a table, and above it what comes and what waits."""

import collections
import datetime as dt
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from hearthbeat.feed import Arrival, Totals, in_words
from vitals.kinds import PANELS

RATE_OVER: Final = dt.timedelta(seconds=60)
PICTURE_COLUMNS: Final = 110
WAITING: Final = "Waiting for the database …"
FONT_FROM_ELSEWHERE: Final = re.compile(r"@font-face\s*\{[^}]*\}", re.DOTALL)


class Shown(Protocol):
    """Where readings are shown."""

    def open_with(self, latest: Sequence[Arrival]) -> None:
        """What was there before anything arrived."""

    def add(self, arrivals: Sequence[Arrival], counted: Totals | None) -> None:
        """What has arrived, and the totals: None while the database does not answer."""


class View:
    """What is on the screen."""

    def __init__(self, *, rows: int) -> None:
        self._latest: collections.deque[Arrival] = collections.deque(maxlen=rows)
        self._arrivals: collections.deque[dt.datetime] = collections.deque()
        self._started = dt.datetime.now(dt.UTC)
        self._totals: Totals | None = None
        self._answered = False
        self._seen = 0

    def open_with(self, latest: Sequence[Arrival]) -> None:
        """These are shown, and not counted: they arrived before."""
        self._latest.extend(latest)

    def add(self, arrivals: Sequence[Arrival], counted: Totals | None) -> None:
        """Take what is new."""
        self._latest.extend(arrivals)
        self._arrivals.extend(one.received_at for one in arrivals)
        self._seen += len(arrivals)
        self._totals = counted
        self._answered = self._answered or counted is not None

    def render(self) -> RenderableType:
        """The screen at this moment."""
        now = dt.datetime.now(dt.UTC)
        return Group(self._head(now), self._table(now))

    def _head(self, now: dt.datetime) -> Text:
        while self._arrivals and self._arrivals[0] < now - RATE_OVER:
            self._arrivals.popleft()
        if self._totals is None and self._answered:
            return Text("The database does not answer; waiting for it.", style="bold red")
        if self._totals is None:
            return Text(WAITING, style="dim")
        over = min(RATE_OVER, now - self._started) or RATE_OVER
        rate = len(self._arrivals) / max(over.total_seconds(), 1)
        return Text(
            f"{self._seen} new readings, {rate:.1f}/s · {self._totals.gateways} gateways "
            f"hold {self._totals.on_gateways} without receipt · "
            f"{self._totals.to_evaluate} to evaluate "
            f"· {self._totals.dead_letters} dead letters",
            style="bold",
        )

    def _table(self, now: dt.datetime) -> Table:
        table = Table(expand=True, box=None, header_style="dim")
        for name in ("age", "gateway", "device", "kind", "value", ""):
            table.add_column(name, no_wrap=name != "value")
        for one in reversed(self._latest):
            table.add_row(
                age(now - one.measured_at),
                one.gateway,
                one.device,
                PANELS[one.kind].label,
                in_words(one),
                Text(one.doubt.replace("_", " ") if one.doubt else "", style="yellow"),
            )
        return table


def write_picture(view: View, file: Path) -> None:
    """What is on the screen, as an SVG that needs no font from elsewhere."""
    console = Console(width=PICTURE_COLUMNS, record=True, file=io.StringIO())
    console.print(view.render())
    svg = console.export_svg(title="hearthbeat watch", unique_id="watch")
    file.write_text(FONT_FROM_ELSEWHERE.sub("", svg), encoding="utf-8")


def line(one: Arrival) -> str:
    """One reading in one line."""
    held = f"  [held back: {one.doubt.replace('_', ' ')}]" if one.doubt else ""
    at = one.received_at.astimezone().strftime("%H:%M:%S")
    kind = PANELS[one.kind].label.lower()
    return f"{at}  {one.gateway:<16} {one.device:<18} {kind:<16} {in_words(one)}{held}"


def age(span: dt.timedelta) -> str:
    """Roughly how long ago: `4 s`, `12 min`, `3 h`, `2 d`."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
