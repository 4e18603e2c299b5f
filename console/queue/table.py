"""The pages of this room."""

from typing import Final

from console.access import AUDITOR, REGISTRARS
from console.queue import acting, details, pages, saved, shift
from console.routing import Door, Route

WATCHERS: Final = REGISTRARS | {AUDITOR}
ALERT: Final = "/queue/alerts/{id}/{action}"

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/queue", handler=pages.queue, door=Door.PAGE, roles=WATCHERS,
          about="What waits, one row for each patient, worst first."),
    Route(method="POST", path="/queue", handler=pages.search, door=Door.PAGE, roles=WATCHERS,
          about="The same, searched by name or number; nothing is changed."),
    Route(method="GET", path="/queue/rows", handler=pages.rows, door=Door.PAGE, roles=WATCHERS,
          about="Some rows, or all, for a page that is open."),
    Route(method="GET", path="/queue/row/{kind}/{subject}", handler=details.row, door=Door.PAGE,
          roles=WATCHERS, about="A row opened: each alert, its history, its readings."),
    Route(method="GET", path=ALERT, handler=acting.form, door=Door.PAGE, roles=REGISTRARS,
          about="The form of something to be done about an alert."),
    Route(method="POST", path=ALERT, handler=acting.send, door=Door.PAGE, roles=REGISTRARS,
          about="Do it."),
    Route(method="POST", path="/queue/views", handler=saved.keep, door=Door.PAGE, roles=WATCHERS,
          about="Keep a filter under a name."),
    Route(method="POST", path="/queue/views/{id}/remove", handler=saved.remove, door=Door.PAGE,
          roles=WATCHERS, about="Remove a filter of one's own."),
    Route(method="GET", path="/queue/hand-over", handler=shift.page, door=Door.PAGE,
          roles=WATCHERS, about="What is open, what was done this shift, and earlier notes."),
    Route(method="POST", path="/queue/hand-over", handler=shift.write, door=Door.PAGE,
          roles=REGISTRARS, about="Write the note for the next shift."),
    Route(method="POST", path="/queue/hand-over/{id}/read", handler=shift.read, door=Door.PAGE,
          roles=WATCHERS, about="Say that one has read it."),
)  # fmt: skip
