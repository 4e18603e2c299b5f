"""The pages of this room."""

from typing import Final

from console.access import PATIENT, SELF
from console.my import guide, history, invitation, language, people, pulse, today
from console.routing import Door, Route

THE_PATIENT: Final = frozenset({PATIENT})

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/my", handler=today.today, door=Door.PAGE, roles=SELF,
          about="A patient's newest readings."),
    Route(method="GET", path="/my/pulse", handler=pulse.pulse, door=Door.PUBLIC,
          about="Whether there is something new."),
    Route(method="GET", path="/my/readings", handler=history.readings, door=Door.PAGE, roles=SELF,
          about="A patient's past readings."),
    Route(method="GET", path="/my/how", handler=guide.how, door=Door.PAGE, roles=SELF,
          about="How to measure."),
    Route(method="GET", path="/my/help", handler=guide.help_, door=Door.PAGE, roles=SELF,
          about="Who to call."),
    Route(method="POST", path="/my/language", handler=language.switch, door=Door.PAGE, roles=SELF,
          about="Another language."),
    Route(method="GET", path="/my/people", handler=people.people, door=Door.PAGE,
          roles=THE_PATIENT, about="Who can see a patient's readings."),
    Route(method="POST", path="/my/people", handler=people.invite, door=Door.PAGE,
          roles=THE_PATIENT, about="Invite somebody to look along."),
    Route(method="POST", path="/my/people/take-back", handler=people.take_back, door=Door.PAGE,
          roles=THE_PATIENT, about="Take an invitation back."),
    Route(method="POST", path="/my/people/stop", handler=people.stop, door=Door.PAGE,
          roles=THE_PATIENT, about="End that somebody can look."),
    Route(method="GET", path="/invitation", handler=invitation.ask_for_code, door=Door.PUBLIC,
          about="Where an invitation's code is typed."),
    Route(method="POST", path="/invitation", handler=invitation.go_to_code, door=Door.PUBLIC,
          about="To the page of a code."),
    Route(method="GET", path="/invitation/{code}", handler=invitation.look, door=Door.PUBLIC,
          about="Who invites whom."),
    Route(method="POST", path="/invitation/{code}", handler=invitation.join, door=Door.PUBLIC,
          about="Accept an invitation."),
)  # fmt: skip
