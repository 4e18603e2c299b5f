"""Every route of the API: what is served, who may, and what is published, from this one table."""

from typing import Final

from care.rules import Lane
from console.access import ADMIN, AUDITOR, READERS, REGISTRARS, SELF
from console.api import (
    alert_actions,
    alert_stream,
    alerts,
    attribution,
    devices,
    dry_run,
    enrolments,
    gateways,
    held,
    patients,
    readings,
)
from console.api.account_table import ACCOUNT_ROUTES
from console.api.alert_answer import AlertAnswer, AlertPage
from console.api.audit import AUDIT_ROUTES
from console.api.billing_export_table import BILLING_EXPORT_ROUTES
from console.api.billing_rules import BILLING_RULE_ROUTES
from console.api.billing_table import BILLING_ROUTES
from console.api.care_table import CARE_ROUTES
from console.api.chart_table import CHART_ROUTES
from console.api.my_table import MY_ROUTES
from console.api.queue_table import QUEUE_ROUTES
from console.api.reach_table import REACH_ROUTES
from console.api.reading_answer import ReadingAnswer
from console.api.taken import Taken
from console.api.time_table import TIME_ROUTES
from console.live import LiveEvent
from console.routing import API, CURSOR, LIMIT, Door, Parameter, Route
from vitals.kinds import Kind
from wire.messages import MOST_BYTES, Readings

EVERYBODY: Final = READERS | SELF
WATCHERS: Final = REGISTRARS | {AUDITOR}
ADMINS: Final = frozenset({ADMIN})
INSTANT: Final = {"type": "string", "format": "date-time"}

ROUTES: Final[tuple[Route, ...]] = (
    *ACCOUNT_ROUTES,
    Route(method="POST", path=f"{API}/enrolments", handler=enrolments.enrolment,
          about="Turn a hub's one-time code into its credentials.", door=Door.OPEN,
          body=enrolments.EnrolmentCode, answer=enrolments.HubCredentials, status=201),
    Route(method="GET", path=f"{API}/patients", handler=patients.list_patients,
          about="Patients by name.", roles=EVERYBODY, parameters=(LIMIT, CURSOR),
          answer=patients.PatientPage),
    Route(method="POST", path=f"{API}/patients", handler=patients.add, about="Add a patient.",
          roles=REGISTRARS, remembers=True, body=patients.NewPatient,
          answer=patients.PatientAnswer, status=201),
    Route(method="GET", path=f"{API}/patients/{{id}}", handler=patients.get_patient,
          about="One patient.", roles=EVERYBODY, answer=patients.PatientAnswer),
    Route(method="GET", path=f"{API}/patients/{{id}}/readings", handler=patients.list_readings,
          about="A patient's readings, the latest first.", roles=EVERYBODY,
          parameters=(
              Parameter(name="kind", about="only this kind",
                        schema={"type": "string", "enum": [str(kind) for kind in Kind]}),
              Parameter(name="from", about="measured then or later", schema=INSTANT),
              Parameter(name="to", about="measured before", schema=INSTANT),
              LIMIT, CURSOR,
          ),
          answer=patients.ReadingPage),
    *CARE_ROUTES,
    *CHART_ROUTES,
    *REACH_ROUTES,
    *MY_ROUTES,
    *AUDIT_ROUTES,
    *TIME_ROUTES,
    *BILLING_ROUTES,
    *BILLING_RULE_ROUTES,
    *BILLING_EXPORT_ROUTES,
    Route(method="POST", path=f"{API}/readings", handler=readings.take,
          about="Readings from a hub that speaks HTTP; answered after the commit.",
          door=Door.SOURCE, body=Readings, body_bytes_max=MOST_BYTES, answer=Taken),
    Route(method="GET", path=f"{API}/readings/{{id}}", handler=readings.get_reading,
          about="One reading with its provenance.", roles=EVERYBODY, answer=ReadingAnswer),
    Route(method="POST", path=f"{API}/readings/{{id}}/reassign",
          handler=attribution.reassign_reading, about="Say whose a reading is, or that it is"
          " nobody's; both patients are judged anew.", roles=REGISTRARS, remembers=True,
          body=attribution.NewOwner, answer=attribution.ReassignAnswer),
    Route(method="GET", path=f"{API}/readings/{{id}}/attribution",
          handler=attribution.get_attribution, about="What was ever said about whose it is.",
          roles=WATCHERS, answer=attribution.AttributionAnswer),
    Route(method="GET", path=f"{API}/gateways", handler=gateways.list_all,
          about="Hubs, each with what is missing from it.", roles=WATCHERS,
          parameters=(LIMIT, CURSOR), answer=gateways.GatewayPage),
    Route(method="POST", path=f"{API}/gateways", handler=gateways.add,
          about="Add a hub; answers its one-time code.", roles=REGISTRARS,
          body=gateways.NewGateway, answer=gateways.Enrolment, status=201),
    Route(method="POST", path=f"{API}/gateways/{{id}}/code", handler=gateways.new_code,
          about="A fresh one-time code; one given out before is void.", roles=ADMINS,
          answer=gateways.Enrolment, status=201),
    Route(method="POST", path=f"{API}/gateways/{{id}}/revoke", handler=gateways.revoke,
          about="Shut a hub out for good.", roles=ADMINS, status=204),
    Route(method="GET", path=f"{API}/devices", handler=devices.list_all, about="Devices.",
          roles=WATCHERS, parameters=(LIMIT, CURSOR), answer=devices.DevicePage),
    Route(method="POST", path=f"{API}/devices", handler=devices.add, about="Add a device.",
          roles=REGISTRARS, remembers=True, body=devices.NewDevice, answer=devices.DeviceAnswer,
          status=201),
    Route(method="PATCH", path=f"{API}/devices/{{id}}", handler=devices.change,
          about="Say a device's UDI, or another one.", roles=REGISTRARS, remembers=True,
          body=devices.ChangedDevice, answer=devices.DeviceAnswer),
    Route(method="GET", path=f"{API}/devices/{{id}}/assignments", handler=devices.assignments,
          about="Who has, and had, a device.", roles=WATCHERS, answer=devices.AssignmentPage),
    Route(method="POST", path=f"{API}/devices/{{id}}/assignments", handler=devices.hand_out,
          about="Hand a device out to a patient.", roles=REGISTRARS, remembers=True,
          body=devices.NewAssignment,
          answer=devices.AssignmentAnswer, status=201),
    Route(method="POST", path=f"{API}/devices/{{id}}/unassign", handler=devices.take_back,
          about="End who has a device.", roles=REGISTRARS, remembers=True,
          body=devices.EndedAssignment,
          answer=devices.AssignmentAnswer),
    Route(method="GET", path=f"{API}/queue", handler=alerts.queue,
          about="What waits, one row for each patient, worst first.", roles=WATCHERS,
          answer=alerts.Queue),
    Route(method="GET", path=f"{API}/alerts", handler=alerts.list_alerts,
          about="Alerts, the worst first.", roles=WATCHERS,
          parameters=(
              Parameter(name="state", about="only these, comma between"),
              Parameter(name="severity", about="only these, comma between"),
              Parameter(name="patient", about="only this patient's",
                        schema={"type": "string", "format": "uuid"}),
              Parameter(name="lane", about="only this kind of work",
                        schema={"type": "string", "enum": [str(lane) for lane in Lane]}),
              LIMIT, CURSOR,
          ),
          answer=AlertPage),
    Route(method="GET", path=f"{API}/alerts/stream", handler=alert_stream.stream,
          about="Changes as they happen: events `alert`, `moved`, `looking`, `beat`, `reload`.",
          roles=WATCHERS, answer=LiveEvent, endless=True),
    Route(method="POST", path=f"{API}/limits/dry-run", handler=dry_run.try_limits,
          about="What limits would have raised on patients' past readings. Changes nothing.",
          roles=REGISTRARS, body=dry_run.LimitsTrial, body_bytes_max=dry_run.BYTES_MAX,
          answer=dry_run.TrialAnswer, by_itself=True),
    *QUEUE_ROUTES,
    Route(method="GET", path=f"{API}/alerts/{{id}}", handler=alerts.get_alert,
          about="One alert, what was done about it, and what it rests on.", roles=WATCHERS,
          answer=alerts.AlertDetail),
    *(
        Route(method="POST", path=f"{API}/alerts/{{id}}/{name}", handler=handler, about=about,
              roles=REGISTRARS, body=body, answer=AlertAnswer)
        for name, handler, body, about in (
            ("claim", alert_actions.claim, alert_actions.ClaimBody, "Say that you look at it."),
            ("release", alert_actions.release, alert_actions.Versioned, "Say that you left it."),
            ("acknowledge", alert_actions.acknowledge, alert_actions.AcknowledgeBody,
             "Take it on."),
            ("snooze", alert_actions.snooze, alert_actions.SnoozeBody, "Put it off, with an end."),
            ("escalate", alert_actions.escalate, alert_actions.ReasonBody, "Hand it up."),
            ("resolve", alert_actions.resolve, alert_actions.ResolveBody, "Say what came of it."),
            ("reopen", alert_actions.reopen, alert_actions.ReasonBody,
             "Take back an acknowledgement, a snooze or a resolution."),
            ("note", alert_actions.note, alert_actions.NoteBody, "Write something down."),
        )
    ),
    Route(method="GET", path=f"{API}/quarantine", handler=held.list_quarantine,
          about="Readings that are kept and do not count.", roles=WATCHERS,
          parameters=(Parameter(name="reason", about="only those held for this"),
                      Parameter(name="seen", about="those dealt with instead of those that wait",
                                schema={"type": "boolean"}), LIMIT, CURSOR),
          answer=held.QuarantinePage),
    Route(method="POST", path=f"{API}/quarantine/{{id}}/seen", handler=held.see,
          about="Say that one which no name makes good has been seen.", roles=REGISTRARS,
          body=held.SeenBody, answer=held.SeenAnswer),
    Route(method="POST", path=f"{API}/quarantine/{{id}}/unseen", handler=held.unsee,
          about="Put it back among those that wait.", roles=REGISTRARS, body=held.UnseenBody,
          answer=held.SeenAnswer),
    Route(method="POST", path=f"{API}/quarantine/recheck", handler=held.recheck_quarantine,
          about="Judge those again that lacked an owner.", roles=REGISTRARS,
          answer=held.RecheckAnswer),
    Route(method="GET", path=f"{API}/dead-letters", handler=held.list_letters,
          about="What could not be read.", roles=ADMINS | {AUDITOR},
          parameters=(Parameter(name="replayed", about="also those that are readings by now",
                                schema={"type": "boolean"}), LIMIT, CURSOR),
          answer=held.LetterPage),
    Route(method="GET", path=f"{API}/dead-letters/{{id}}", handler=held.get_letter,
          about="One of them with its content.", roles=ADMINS, answer=held.LetterAnswer),
    Route(method="POST", path=f"{API}/dead-letters/{{id}}/replay", handler=held.replay_letter,
          about="Through admission once more.", roles=ADMINS, answer=held.ReplayAnswer),
)  # fmt: skip
