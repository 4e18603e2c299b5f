"""The routes of what is done around a patient: limits, team, consents, orders, episodes."""

from typing import Final

from care.consents import Consent
from care.episodes import Episode
from care.orders import Order
from care.teams import Member
from console.access import READERS, REGISTRARS, SELF
from console.api import changes, consents, episodes, orders, patient_changes, plans, programmes
from console.api import teams as team
from console.api.patients import PatientAnswer
from console.routing import API, Parameter, Route

PATIENT: Final = f"{API}/patients/{{id}}"
ITEM: Final = "{item}"

CARE_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="PATCH", path=PATIENT, handler=patient_changes.update,
          about="Change what is given of a patient.", roles=REGISTRARS, remembers=True,
          body=patient_changes.ChangedPatient, answer=PatientAnswer),
    Route(method="GET", path=f"{PATIENT}/limits", handler=plans.get_limits,
          about="The plan in force, and every version.", roles=READERS | SELF,
          answer=plans.LimitsAnswer),
    Route(method="PUT", path=f"{PATIENT}/limits", handler=plans.put_limits,
          about="Set a new version of the plan, with a reason.", roles=REGISTRARS, remembers=True,
          body=plans.NewLimits, body_bytes_max=plans.LIMITS_BYTES_MAX, answer=plans.LimitsAnswer),
    Route(method="POST", path=f"{PATIENT}/limits/end", handler=plans.end_limits,
          about="End the plan.", roles=REGISTRARS, remembers=True, body=plans.EndedLimits,
          answer=plans.LimitsAnswer),
    Route(method="POST", path=f"{PATIENT}/limits/withdraw", handler=plans.withdraw_limits,
          about="Withdraw a version of the plan that has not begun.", roles=REGISTRARS,
          remembers=True, body=plans.WithdrawnLimits, answer=plans.LimitsAnswer),
    Route(method="GET", path=f"{PATIENT}/team", handler=team.get_team,
          about="Who looks after a patient.", roles=READERS, answer=team.TeamAnswer),
    Route(method="POST", path=f"{PATIENT}/team", handler=team.add, about="Add to the team.",
          roles=REGISTRARS, remembers=True, body=team.NewMember, answer=Member, status=201),
    Route(method="POST", path=f"{PATIENT}/team/{ITEM}/end", handler=team.remove,
          about="End a membership.", roles=REGISTRARS, remembers=True, body=team.LeavingMember,
          answer=Member),
    Route(method="GET", path=f"{PATIENT}/consents", handler=consents.get_consents,
          about="What a patient agreed to.", roles=READERS, answer=consents.ConsentsAnswer),
    Route(method="POST", path=f"{PATIENT}/consents", handler=consents.add,
          about="Record a consent.", roles=REGISTRARS, remembers=True, body=consents.NewConsent,
          answer=Consent, status=201),
    Route(method="POST", path=f"{PATIENT}/consents/{ITEM}/withdraw", handler=consents.withdraw,
          about="Record that a consent is withdrawn.", roles=REGISTRARS, remembers=True,
          body=consents.WithdrawnConsent, answer=Consent),
    Route(method="GET", path=f"{PATIENT}/orders", handler=orders.get_orders,
          about="A clinician's orders for monitoring.", roles=READERS,
          answer=orders.OrdersAnswer),
    Route(method="POST", path=f"{PATIENT}/orders", handler=orders.add, about="Record an order.",
          roles=REGISTRARS, remembers=True, body=orders.NewOrder, answer=Order, status=201),
    Route(method="POST", path=f"{PATIENT}/orders/{ITEM}/correct", handler=orders.correct,
          about="Correct what was entered wrongly of an order.", roles=REGISTRARS, remembers=True,
          body=orders.CorrectedOrder, answer=Order),
    Route(method="POST", path=f"{PATIENT}/orders/{ITEM}/end", handler=orders.end,
          about="End an order.", roles=REGISTRARS, remembers=True, body=orders.EndedOrder,
          answer=Order),
    Route(method="GET", path=f"{PATIENT}/episodes", handler=episodes.get_episodes,
          about="In which programmes a patient was and is.", roles=READERS,
          answer=episodes.EpisodesAnswer),
    Route(method="POST", path=f"{PATIENT}/episodes", handler=episodes.start,
          about="Start an episode.", roles=REGISTRARS, remembers=True, body=episodes.NewEpisode,
          answer=Episode, status=201),
    Route(method="POST", path=f"{PATIENT}/episodes/{ITEM}/end", handler=episodes.end,
          about="End an episode, and its plan.", roles=REGISTRARS, remembers=True,
          body=episodes.EndedEpisode, answer=Episode),
    Route(method="GET", path=f"{PATIENT}/changes", handler=changes.get_changes,
          about="Who changed what around a patient, when and why.", roles=READERS,
          answer=changes.ChangesAnswer),
    Route(method="GET", path=f"{API}/programmes", handler=programmes.list_all,
          about="Programmes that plans can be made of.", roles=READERS,
          answer=programmes.ProgrammesAnswer),
    Route(method="GET", path=f"{API}/programmes/{{id}}", handler=programmes.get_one,
          about="One programme, the newest version of it.", roles=READERS,
          parameters=(Parameter(name="version", about="that one instead",
                                schema={"type": "integer", "minimum": 1}),),
          answer=programmes.ProgrammeAnswer),
)  # fmt: skip
