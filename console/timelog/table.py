"""The pages of this room."""

from typing import Final

from console.access import ADMIN, CARERS, READERS
from console.routing import Door, Route
from console.timelog import entry_pages, pages, timer_pages

ENTRY: Final = "/time/entries/{entry}"
TIMER: Final = "/time/timers/{timer}"
CORRECTORS: Final = CARERS | {ADMIN}

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/time", handler=pages.log, about="The time log.", door=Door.PAGE,
          roles=READERS),
    Route(method="GET", path="/time/log.csv", handler=pages.as_file,
          about="The time log as a file.", door=Door.PAGE, roles=READERS),
    Route(method="GET", path="/time/new", handler=entry_pages.new, about="Write time down.",
          door=Door.PAGE, roles=CARERS),
    Route(method="POST", path="/time/new", handler=entry_pages.add, about="Write time down.",
          door=Door.PAGE, roles=CARERS),
    Route(method="GET", path=ENTRY, handler=entry_pages.one, about="One entry, with its history.",
          door=Door.PAGE, roles=READERS),
    Route(method="POST", path=ENTRY, handler=entry_pages.change, about="Correct an entry.",
          door=Door.PAGE, roles=CORRECTORS),
    Route(method="GET", path="/time/waiting", handler=timer_pages.waiting,
          about="Timers that wait to be logged.", door=Door.PAGE, roles=CARERS),
    Route(method="GET", path=TIMER, handler=timer_pages.one, about="Log a timer.",
          door=Door.PAGE, roles=CARERS),
    Route(method="POST", path=TIMER, handler=timer_pages.log_it, about="Log a timer.",
          door=Door.PAGE, roles=CARERS),
    Route(method="POST", path=f"{TIMER}/discard", handler=timer_pages.discard_it,
          about="Discard a timer.", door=Door.PAGE, roles=CARERS),
)  # fmt: skip
