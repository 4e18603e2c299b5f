"""The routes of how people are reached: contacts, the on-call schedule, messages and their fate."""

from typing import Final

from alerts.telling.contacts import Contact
from alerts.telling.deliveries import Delivery
from alerts.telling.oncall import Duty, DutySchedule
from console.access import ADMIN, AUDITOR, PATIENT, READERS, SELF
from console.api import contacts, notifications, on_call, sms
from console.routing import API, CURSOR, LIMIT, Door, Parameter, Route

ADMINS: Final = frozenset({ADMIN})
OWNERS: Final = READERS | {PATIENT}
"""Who may say how they are reached; a caregiver sees it."""
ID: Final = {"type": "string", "format": "uuid"}

REACH_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=f"{API}/contacts", handler=contacts.get_contacts,
          about="How one is reached; a patient's; for admins everybody's.", roles=READERS | SELF,
          parameters=(
              Parameter(name="patient", about="this patient's", schema=ID),
              Parameter(name="user", about="this person's", schema=ID),
              Parameter(name="ended", about="also those not in use any more",
                        schema={"type": "boolean"}),
          ),
          answer=contacts.ContactsAnswer),
    Route(method="POST", path=f"{API}/contacts", handler=contacts.add,
          about="Add a way to be reached; a webhook's secret is shown this once.", roles=OWNERS,
          body=contacts.NewContact, answer=contacts.AddedContact, status=201),
    Route(method="POST", path=f"{API}/contacts/{{id}}/end", handler=contacts.end,
          about="Send nothing there any more.", roles=OWNERS, remembers=True, answer=Contact),
    Route(method="POST", path=f"{API}/contacts/{{id}}/test", handler=contacts.test,
          about="Send a test message, at most one a minute.", roles=OWNERS, remembers=True,
          answer=Delivery, status=202),
    Route(method="GET", path=f"{API}/contacts/{{id}}/messages", handler=contacts.messages,
          about="What became of the last messages to it.", roles=READERS | SELF,
          answer=contacts.MessagesAnswer),
    Route(method="GET", path=f"{API}/on-call", handler=on_call.get_schedule,
          about="Who is on call, and when nobody is within 14 days.", roles=READERS,
          answer=DutySchedule),
    Route(method="POST", path=f"{API}/on-call", handler=on_call.add, about="Put on call.",
          roles=ADMINS, remembers=True, body=on_call.NewShift, answer=Duty, status=201),
    Route(method="POST", path=f"{API}/on-call/{{id}}/end", handler=on_call.end,
          about="Take off call: now, or before it began.", roles=ADMINS, remembers=True,
          answer=Duty),
    Route(method="GET", path=f"{API}/notifications", handler=notifications.list_all,
          about="What became of messages, the latest first; addresses are masked.",
          roles=ADMINS | {AUDITOR},
          parameters=(
              Parameter(name="state", about="only these, comma between"),
              Parameter(name="what", about="only these, comma between"),
              LIMIT, CURSOR,
          ),
          answer=notifications.NotificationPage),
    Route(method="GET", path=f"{API}/notifications/{{id}}", handler=notifications.get_one,
          about="One message.", roles=ADMINS | {AUDITOR}, answer=Delivery),
    Route(method="POST", path=f"{API}/sms/inbound", handler=sms.inbound,
          about="A short message that came in, signed by its provider.", door=Door.OPEN),
    Route(method="POST", path=f"{API}/sms/status", handler=sms.status,
          about="What became of a short message, signed by its provider.", door=Door.OPEN,
          status=204),
)  # fmt: skip
