"""The routes of the time log and its timers."""

from typing import Final

from console.access import ADMIN, CARERS, READERS
from console.api import time_entries, timers
from console.routing import API, CURSOR, LIMIT, Parameter, Route

ID: Final = {"type": "string", "format": "uuid"}
INSTANT: Final = {"type": "string", "format": "date-time"}
ONE: Final = f"{API}/timers/{{id}}"

TIME_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=f"{API}/time-entries", handler=time_entries.list_all,
          about="The time log, the latest first.", roles=READERS,
          parameters=(
              Parameter(name="patient", about="only this patient's", schema=ID),
              Parameter(name="staff", about="only this person's work", schema=ID),
              Parameter(name="from", about="begun then or later", schema=INSTANT),
              Parameter(name="to", about="begun before", schema=INSTANT),
              Parameter(name="replaced", about="also what was corrected or withdrawn",
                        schema={"type": "boolean"}),
              LIMIT, CURSOR,
          ),
          answer=time_entries.EntryPage),
    Route(method="POST", path=f"{API}/time-entries", handler=time_entries.add,
          about="Write down one's own work.", roles=CARERS, remembers=True,
          body=time_entries.NewEntry, answer=time_entries.EntryAnswer, status=201),
    Route(method="POST", path=f"{API}/time-entries/{{id}}/correct",
          handler=time_entries.correct_one,
          about="Put another entry in place of one, or withdraw it, with a reason.",
          roles=CARERS | {ADMIN}, remembers=True, body=time_entries.Correction,
          answer=time_entries.EntryAnswer, status=201),
    Route(method="GET", path=f"{API}/timers", handler=timers.mine,
          about="One's own timers that are not logged.", roles=CARERS, answer=timers.TimerList,
          polled=True),
    Route(method="POST", path=f"{API}/timers", handler=timers.start,
          about="Count time for a patient; what else of one's own was running pauses.",
          roles=CARERS, body=timers.StartBody, answer=timers.TimerAnswer),
    Route(method="POST", path=f"{ONE}/beat", handler=timers.beat,
          about="Somebody is there, every 15 s.", roles=CARERS, body=timers.BeatBody,
          answer=timers.TimerAnswer, polled=True),
    Route(method="POST", path=f"{ONE}/pause", handler=timers.pause,
          about="Count no more for now.", roles=CARERS, body=timers.PauseBody,
          answer=timers.TimerAnswer),
    Route(method="POST", path=f"{ONE}/stop", handler=timers.stop,
          about="Write its time into the log.", roles=CARERS, remembers=True,
          body=timers.StopBody, answer=timers.LoggedAnswer, status=201),
    Route(method="POST", path=f"{ONE}/discard", handler=timers.discard,
          about="It was no care: a reason says why.", roles=CARERS, remembers=True,
          body=timers.DiscardBody, answer=timers.TimerAnswer),
)  # fmt: skip
