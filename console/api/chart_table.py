"""The routes of the chart: what happened to a patient, and notes about it."""

from typing import Final

from care.care_notes import CareNote
from console.access import CARERS, READERS
from console.api import timeline, timeline_notes
from console.routing import API, CURSOR, LIMIT, Parameter, Route

PATIENT: Final = f"{API}/patients/{{id}}"

CHART_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=f"{PATIENT}/timeline", handler=timeline.get_timeline,
          about="What happened to a patient, the latest first.", roles=READERS,
          parameters=(
              Parameter(name="kinds", about="only these, comma between: "
                        + ", ".join(timeline.KINDS)),
              LIMIT, CURSOR,
          ),
          answer=timeline.TimelinePage),
    Route(method="POST", path=f"{PATIENT}/notes", handler=timeline_notes.add,
          about="Write down a call, visit, message or note. Nothing is changed later: a correction"
          " is a new one.", roles=CARERS, remembers=True, body=timeline_notes.NewNote,
          answer=CareNote, status=201),
)  # fmt: skip
