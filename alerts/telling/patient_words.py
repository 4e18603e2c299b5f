"""What patients are told, in their language: short words, and nothing about their health. Pure.

Not which measurement, not a number, not how it was: a telephone's screen shows it to the room. No
text asks anything that a nurse would have to read the answer to.
"""

import datetime as dt
from typing import Final

from msgspec import Struct

EVENING: Final = 17
NOON: Final = 12


class Words(Struct, frozen=True, kw_only=True):
    """All sentences of one language."""

    reminder_subject: str
    reminder: str
    receipt_subject: str
    receipt_one: str
    receipt_many: str
    next: str
    how_to_stop: str
    stopped: str
    started: str
    not_watched: str
    call_clinic: str
    call_clinic_at: str
    emergency: str
    emergency_at: str
    parts: tuple[str, str, str]
    """This morning, this afternoon, tonight."""
    tomorrow: tuple[str, str, str]
    weekdays: tuple[str, ...]
    """On Monday …"""


ENGLISH: Final = Words(
    reminder_subject="A reminder from your clinic",
    reminder="Hi. We do not have your reading for {part} yet. Please take it when you can.",
    receipt_subject="Your reading came in",
    receipt_one="Thanks. Your reading came in at {at}.",
    receipt_many="Thanks. Your readings came in at {at}.",
    next="Next one: {when}.",
    how_to_stop="Reply STOP to end these texts.",
    stopped="You will get no more texts from us. Reply START to get them again.",
    started="You will get our texts again. Reply STOP to end them.",
    not_watched="No one reads texts to this number.",
    call_clinic="Please call your clinic.",
    call_clinic_at="Please call your clinic at {phone}.",
    emergency="In an emergency, call your local emergency number.",
    emergency_at="In an emergency, call {number}.",
    parts=("this morning", "this afternoon", "tonight"),
    tomorrow=("tomorrow morning", "tomorrow afternoon", "tomorrow night"),
    weekdays=(
        "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday",
        "on Sunday",
    ),
)  # fmt: skip

SPANISH: Final = Words(
    reminder_subject="Un aviso de su clínica",
    reminder="Hola. Nos falta su medida de {part}. Por favor, tómela cuando pueda.",
    receipt_subject="Llegó su medida",
    receipt_one="Gracias. Su medida llegó a las {at}.",
    receipt_many="Gracias. Sus medidas llegaron a las {at}.",
    next="La próxima: {when}.",
    how_to_stop="Responda ALTO para no recibir más.",
    stopped="No le mandaremos más mensajes. Responda START para recibirlos otra vez.",
    started="Le mandaremos mensajes otra vez. Responda ALTO para no recibirlos.",
    not_watched="Nadie lee los mensajes a este número.",
    call_clinic="Por favor, llame a su clínica.",
    call_clinic_at="Por favor, llame a su clínica al {phone}.",
    emergency="En una emergencia, llame al número local de emergencias.",
    emergency_at="En una emergencia, llame al {number}.",
    parts=("esta mañana", "esta tarde", "esta noche"),
    tomorrow=("mañana por la mañana", "mañana por la tarde", "mañana por la noche"),
    weekdays=("el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "el sábado",
              "el domingo"),
)  # fmt: skip


class Text(Struct, frozen=True, kw_only=True):
    subject: str
    body: str


def words_for(language: str | None) -> Words:
    """By the first part of a language tag; English where we have none."""
    primary = (language or "").replace("_", "-").partition("-")[0].strip().casefold()
    return SPANISH if primary in {"es", "spa", "spanish", "español"} else ENGLISH


def reminder(begins: dt.datetime, *, language: str | None, by_sms: bool) -> Text:
    """`begins`: of the slot, in the patient's zone."""
    words = words_for(language)
    body = words.reminder.format(part=words.parts[part_of(begins)])
    return Text(subject=words.reminder_subject, body=_ended(body, words, by_sms=by_sms))


def receipt(
    arrived: dt.datetime,
    *,
    count: int,
    following: dt.datetime | None,
    language: str | None,
    by_sms: bool,
) -> Text:
    """`arrived`, and `following`, when the next slot begins: both in the patient's zone."""
    words = words_for(language)
    said = words.receipt_one if count == 1 else words.receipt_many
    body = said.format(at=f"{arrived:%H:%M}")
    if following is not None:
        body += " " + words.next.format(when=_when(following, arrived.date(), words))
    return Text(subject=words.receipt_subject, body=_ended(body, words, by_sms=by_sms))


def not_watched(*, language: str | None, phone: str | None, emergency: str | None) -> str:
    """The answer to whatever a patient writes that is no stop word."""
    words = words_for(language)
    call = words.call_clinic if phone is None else words.call_clinic_at.format(phone=phone)
    urgent = words.emergency if emergency is None else words.emergency_at.format(number=emergency)
    return f"{words.not_watched} {call} {urgent}"


def part_of(at: dt.datetime) -> int:
    """0 morning, 1 afternoon, 2 evening."""
    return 0 if at.hour < NOON else 1 if at.hour < EVENING else 2


def _when(at: dt.datetime, today: dt.date, words: Words) -> str:
    days = (at.date() - today).days
    if days > 1:
        return words.weekdays[at.weekday()]
    return (words.parts if days <= 0 else words.tomorrow)[part_of(at)]


def _ended(body: str, words: Words, *, by_sms: bool) -> str:
    return f"{body} {words.how_to_stop}" if by_sms else body
