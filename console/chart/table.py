"""The pages of this room."""

from typing import Final

from console.access import CARERS, READERS, REGISTRARS
from console.chart import (
    about_page,
    alert_forms,
    page,
    patients,
    readings_page,
    timeline_page,
)
from console.chart.limits_table import LIMITS_PAGES
from console.routing import Door, Route

PATIENT: Final = "/patients/{id}"

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/patients", handler=patients.list_page,
          about="Patients by name.", door=Door.PAGE, roles=READERS),
    Route(method="GET", path="/patients/search", handler=patients.list_page,
          about="Patients by name, where a search was left.", door=Door.PAGE, roles=READERS),
    Route(method="POST", path="/patients/search", handler=patients.search,
          about="Patients of a name or number.", door=Door.PAGE, roles=READERS),
    Route(method="POST", path="/patients/alerts/{id}/{action}", handler=alert_forms.act,
          about="Do something about an alert, from the chart.", door=Door.PAGE, roles=REGISTRARS),
    Route(method="GET", path=PATIENT, handler=page.overview, about="A patient's charts.",
          door=Door.PAGE, roles=READERS),
    Route(method="GET", path=f"{PATIENT}/rows", handler=page.rows,
          about="The readings of one chart as a table.", door=Door.PAGE, roles=READERS),
    Route(method="GET", path=f"{PATIENT}/timeline", handler=timeline_page.timeline,
          about="What happened to a patient.", door=Door.PAGE, roles=READERS),
    Route(method="POST", path=f"{PATIENT}/timeline", handler=timeline_page.write,
          about="Write down a call, visit, message or note.", door=Door.PAGE, roles=CARERS),
    Route(method="GET", path=f"{PATIENT}/readings", handler=readings_page.readings,
          about="A patient's readings as rows.", door=Door.PAGE, roles=READERS),
    Route(method="GET", path=f"{PATIENT}/readings/{{reading}}", handler=readings_page.reading,
          about="One reading with all that proves it.", door=Door.PAGE, roles=READERS),
    Route(method="POST", path=f"{PATIENT}/readings/{{reading}}", handler=readings_page.not_theirs,
          about="Say that a reading is not this patient's.", door=Door.PAGE, roles=REGISTRARS),
    Route(method="GET", path=f"{PATIENT}/about", handler=about_page.about,
          about="Plan, team, consents, orders, devices.", door=Door.PAGE, roles=READERS),
    *LIMITS_PAGES,
)  # fmt: skip
