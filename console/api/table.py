"""Every route of the API: what is served, who may, and what is published, from this one table."""

from typing import Final

from console.access import ADMIN, AUDITOR, READERS, REGISTRARS, SELF
from console.api import devices, enrolments, gateways, held, patients, readings, sign_in
from console.api.reading_answer import ReadingAnswer
from console.api.taken import Taken
from console.routing import API, CURSOR, LIMIT, Door, Parameter, Route
from vitals.kinds import Kind
from wire.messages import MOST_BYTES, Readings

EVERYBODY: Final = READERS | SELF
WATCHERS: Final = REGISTRARS | {AUDITOR}
ADMINS: Final = frozenset({ADMIN})
INSTANT: Final = {"type": "string", "format": "date-time"}

ROUTES: Final[tuple[Route, ...]] = (
    Route(method="POST", path=f"{API}/login", handler=sign_in.login, about="Sign in.",
          door=Door.OPEN, body=sign_in.Login, answer=sign_in.Token),
    Route(method="POST", path=f"{API}/logout", handler=sign_in.logout, about="End the session.",
          roles=EVERYBODY, status=204),
    Route(method="POST", path=f"{API}/enrolments", handler=enrolments.enrolment,
          about="Turn a hub's one-time code into its credentials.", door=Door.OPEN,
          body=enrolments.EnrolmentCode, answer=enrolments.HubCredentials, status=201),
    Route(method="GET", path=f"{API}/patients", handler=patients.list_patients,
          about="Patients by name.", roles=EVERYBODY, parameters=(LIMIT, CURSOR),
          answer=patients.PatientPage),
    Route(method="POST", path=f"{API}/patients", handler=patients.add, about="Add a patient.",
          roles=REGISTRARS, body=patients.NewPatient, answer=patients.PatientAnswer, status=201),
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
    Route(method="POST", path=f"{API}/readings", handler=readings.take,
          about="Readings from a hub that speaks HTTP; answered after the commit.",
          door=Door.SOURCE, body=Readings, body_bytes_max=MOST_BYTES, answer=Taken),
    Route(method="GET", path=f"{API}/readings/{{id}}", handler=readings.get_reading,
          about="One reading with its provenance.", roles=EVERYBODY, answer=ReadingAnswer),
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
          roles=REGISTRARS, body=devices.NewDevice, answer=devices.DeviceAnswer, status=201),
    Route(method="GET", path=f"{API}/devices/{{id}}/assignments", handler=devices.assignments,
          about="Who has, and had, a device.", roles=WATCHERS, answer=devices.AssignmentPage),
    Route(method="POST", path=f"{API}/devices/{{id}}/assignments", handler=devices.hand_out,
          about="Hand a device out to a patient.", roles=REGISTRARS, body=devices.NewAssignment,
          answer=devices.AssignmentAnswer, status=201),
    Route(method="POST", path=f"{API}/devices/{{id}}/unassign", handler=devices.take_back,
          about="End who has a device.", roles=REGISTRARS, body=devices.EndedAssignment,
          answer=devices.AssignmentAnswer),
    Route(method="GET", path=f"{API}/quarantine", handler=held.list_quarantine,
          about="Readings that are kept and do not count.", roles=WATCHERS,
          parameters=(Parameter(name="reason", about="only those held for this"), LIMIT, CURSOR),
          answer=held.QuarantinePage),
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
