"""What the sheet with a patient's own invitation says, in the patient's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSheet:
    title: str
    for_whom: str
    what: str
    steps: tuple[str, ...]
    picture: str
    or_type: str
    code: str
    once: str
    not_watched: str
    urgent_number: str


SHEETS: Final[Mapping[str, AccountSheet]] = {
    "en": AccountSheet(
        title="Your own page",
        for_whom="For",
        what="See your readings at home, on a phone or a computer.",
        steps=(
            "Scan the picture with your phone, or type the address.",
            "Pick a user name and a password.",
            "Sign in. Your readings are there.",
        ),
        picture="A picture of the link, to scan with a phone",
        or_type="The address",
        code="Or go to {where} and type this code",
        once="It works one time, until",
        not_watched="No one watches these readings day and night. In an emergency, call",
        urgent_number="the emergency number",
    ),
    "es": AccountSheet(
        title="Su propia página",
        for_whom="Para",
        what="Vea sus medidas en casa, en un teléfono o una computadora.",
        steps=(
            "Escanee la imagen con su teléfono o escriba la dirección.",
            "Elija un nombre de usuario y una contraseña.",
            "Entre. Allí están sus medidas.",
        ),
        picture="Una imagen del enlace, para escanear con un teléfono",
        or_type="La dirección",
        code="O vaya a {where} y escriba este código",
        once="Funciona una sola vez, hasta",
        not_watched="Nadie vigila estas medidas de día y de noche. En una emergencia, llame al",
        urgent_number="número de emergencias",
    ),
}
