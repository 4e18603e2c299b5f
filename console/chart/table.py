"""The pages of this room."""

from typing import Final

from console.access import READERS
from console.chart import page, patients
from console.routing import Door, Route

PATIENT: Final = "/patients/{id}"

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/patients", handler=patients.list_page,
          about="Patients by name.", door=Door.PAGE, roles=READERS),
    Route(method="POST", path="/patients", handler=patients.search,
          about="Patients of a name or number.", door=Door.PAGE, roles=READERS),
    Route(method="GET", path=PATIENT, handler=page.overview, about="A patient's charts.",
          door=Door.PAGE, roles=READERS),
    Route(method="GET", path=f"{PATIENT}/rows", handler=page.rows,
          about="The readings of one chart as a table.", door=Door.PAGE, roles=READERS),
)  # fmt: skip
