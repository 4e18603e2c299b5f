"""Whose billing shows one thing each, told in data: what a month says of somebody without consent,
with typed values only, and so on. And what is done besides for those with a past.
"""

from typing import Final

from msgspec import Struct


class Session(Struct, frozen=True, kw_only=True):
    """Care time in one piece."""

    minutes: int
    live: bool = True
    service: str = "rpm"


class Billed(Struct, frozen=True, kw_only=True):
    """One person, with a cuff and nothing else to tell of."""

    mrn: str
    given: str
    family: str
    sex: str
    born: str
    days: int = 20
    """On which they measure, of each thirty: the first ones."""
    payer: str = "medicare_ffs"
    member: bool = True
    """Whether their number with the payer is entered."""
    consent: bool = True
    order: bool = True
    established: bool = True
    typed: bool = False
    """Values that they say on the telephone."""
    rtm: bool = False
    """Another practice bills therapeutic monitoring for them."""
    late: bool = False
    """One reading comes when its month is locked already."""
    new: bool = False
    """Began only in the month that is just over."""
    sessions: tuple[Session, ...] = ()
    """Of each month."""


def _live(*minutes: int) -> tuple[Session, ...]:
    return tuple(Session(minutes=each) for each in minutes)


PEOPLE: Final = (
    Billed(mrn="600101", given="Cordula", family="Ashgrove-Pell", sex="female", born="1949-02-17",
           days=1, sessions=_live(8)),
    Billed(mrn="600102", given="Winfred", family="Halloransen", sex="male", born="1944-08-30",
           new=True, sessions=(Session(minutes=14, live=False), Session(minutes=11, live=False))),
    Billed(mrn="600103", given="Marguerite", family="Dellacroix", sex="female", born="1956-05-09",
           consent=False, sessions=_live(22)),
    Billed(mrn="600104", given="Obadiah", family="Kettlethorpe", sex="male", born="1951-11-21",
           order=False, sessions=_live(21)),
    Billed(mrn="600105", given="Ines", family="Varandela", sex="female", born="1960-01-04",
           established=False, sessions=_live(23)),
    Billed(mrn="600106", given="Torvald", family="Lindqvarn", sex="male", born="1947-07-13",
           payer="northern_lights", sessions=_live(24)),
    Billed(mrn="600107", given="Philippa", family="Rutherglade", sex="female", born="1958-03-28",
           rtm=True, sessions=_live(20)),
    Billed(mrn="600108", given="Amadou", family="Kouyatanga", sex="male", born="1953-10-02",
           typed=True, sessions=_live(12)),
    Billed(mrn="600109", given="Beatrix", family="Hollingmoor", sex="female", born="1962-12-11",
           days=9, sessions=_live(12)),
    Billed(mrn="600110", given="Lucian", family="Pembertreve", sex="male", born="1965-04-19",
           days=9, payer="blue_harbour", sessions=_live(27)),
    Billed(mrn="600111", given="Rosamund", family="Eaglesfield-Tor", sex="female",
           born="1950-06-06", days=15, late=True, sessions=_live(13)),
    Billed(mrn="600112", given="Hyacinth", family="Oyelowumi", sex="female", born="1946-09-24",
           payer="riverbend", sessions=_live(21)),
    Billed(mrn="600113", given="Gwendolen", family="Starkbridge", sex="female", born="1948-10-15",
           days=18, sessions=_live(22)),
    Billed(mrn="600114", given="Casimir", family="Oldenfeather", sex="male", born="1952-04-03",
           days=17, member=False, sessions=_live(14)),
)  # fmt: skip
"""Below days and minutes; new, and nobody spoken with; no consent; no order; no visit before; an
unknown payer; therapeutic monitoring elsewhere; typed only; a short period; a payer who refuses its
code; a late reading; a health centre whose claims are institutional; nothing to remark; no member
number yet."""

OF_CAST: Final[dict[int, tuple[Session, ...]]] = {
    1: (*_live(24, 22), Session(minutes=26, service="ccm")),
    2: _live(23, 25, 24),
    4: _live(9),
    5: _live(22),
    6: _live(21),
    9: _live(24, 25, 26, 24, 25),
    10: _live(21),
    14: _live(7),
    17: _live(20, 21),
}
"""By number in the cast; each month, besides what is done for them anyway."""
PAYERS_OF_CAST: Final[dict[int, str]] = {3: "blue_harbour", 5: "riverbend", 8: "blue_harbour",
                                         12: "blue_harbour", 16: "blue_harbour"}  # fmt: skip
"""The others have Medicare."""
CARED_FOR: Final = 1
"""Of the cast: who has chronic care management besides."""
NOTES: Final = (
    "Readings since the last call gone through with the patient. Dose stays; salt explained again.",
    "Two high mornings looked at together: coffee before measuring. Will wait half an hour.",
    "Trend of the month told, questions answered. Next look in two weeks.",
    "Medication list compared with the pharmacy's. One refill asked for.",
    "Cuff position checked by telephone, values are steadier since.",
)
