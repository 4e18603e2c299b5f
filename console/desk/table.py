"""The pages of this room."""

from typing import Final

from console.access import ADMIN, AUDITOR, READERS, REGISTRARS
from console.desk import doubt, equipment, hubs, letters, reach, system
from console.routing import Door, Route

WATCHERS: Final = REGISTRARS | {AUDITOR}
ADMINS: Final = frozenset({ADMIN})

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/desk", handler=doubt.show, about="Readings in doubt.",
          door=Door.PAGE, roles=WATCHERS),
    Route(method="POST", path="/desk/look-again", handler=doubt.look_again,
          about="Look for owners of readings again.", door=Door.PAGE, roles=REGISTRARS),
    Route(method="GET", path="/desk/letters", handler=letters.show,
          about="Messages that could not be read.", door=Door.PAGE, roles=ADMINS | {AUDITOR}),
    Route(method="GET", path="/desk/letters/{id}", handler=letters.show_one,
          about="One unreadable message with its content.", door=Door.PAGE, roles=ADMINS),
    Route(method="POST", path="/desk/letters/{id}/replay", handler=letters.replay_one,
          about="Try to read a message again.", door=Door.PAGE, roles=ADMINS),
    Route(method="POST", path="/desk/letters/{id}/dismiss", handler=letters.dismiss_one,
          about="Put an unreadable message aside.", door=Door.PAGE, roles=ADMINS),
    Route(method="POST", path="/desk/{id}", handler=doubt.say, about="Say whose a reading is.",
          door=Door.PAGE, roles=REGISTRARS),
    Route(method="POST", path="/desk/{id}/seen", handler=doubt.see,
          about="Say that a reading in doubt has been seen.", door=Door.PAGE, roles=REGISTRARS),
    Route(method="POST", path="/desk/{id}/unseen", handler=doubt.unsee,
          about="Put a reading that was seen back on the desk.", door=Door.PAGE, roles=REGISTRARS),
    Route(method="GET", path="/devices", handler=equipment.show_all, about="Hubs and devices.",
          door=Door.PAGE, roles=WATCHERS),
    Route(method="GET", path="/devices/{id}", handler=equipment.show_device,
          about="One device.", door=Door.PAGE, roles=READERS),
    Route(method="POST", path="/devices/{id}/udi", handler=equipment.say_udi,
          about="Say a device's UDI, or another one.", door=Door.PAGE, roles=REGISTRARS),
    Route(method="GET", path="/hubs/{id}", handler=equipment.show_hub, about="One hub.",
          door=Door.PAGE, roles=READERS),
    Route(method="POST", path="/hubs/{id}/revoke", handler=hubs.shut_out,
          about="Shut a hub out for good.", door=Door.PAGE, roles=ADMINS),
    Route(method="GET", path="/system", handler=system.show, about="How the whole works.",
          door=Door.PAGE, roles=ADMINS | {AUDITOR}),
    Route(method="GET", path="/notifications", handler=reach.show,
          about="How people are reached, and what became of messages.", door=Door.PAGE,
          roles=WATCHERS),
    Route(method="POST", path="/notifications", handler=reach.add, about="Add a way to be reached.",
          door=Door.PAGE, roles=REGISTRARS),
    Route(method="POST", path="/notifications/duty", handler=reach.add_duty, about="Put on call.",
          door=Door.PAGE, roles=ADMINS),
    Route(method="POST", path="/notifications/duty/{id}/end", handler=reach.end_duty,
          about="Take off call.", door=Door.PAGE, roles=ADMINS),
    Route(method="POST", path="/notifications/{id}/test", handler=reach.try_out,
          about="Send a test message.", door=Door.PAGE, roles=REGISTRARS),
    Route(method="POST", path="/notifications/{id}/end", handler=reach.end,
          about="Send nothing there any more.", door=Door.PAGE, roles=REGISTRARS),
)  # fmt: skip
