"""What a patient is told before they consent to monitoring: the clinic's own words, in versions.

A version never changes and is never deleted: a consent names the words that were read.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.errors import InvalidError, NotFoundError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "consent_texts.sql")

LANGUAGES: Final = ("en", "es")
LONGEST: Final = 8000
SUGGESTED: Final = {
    "en": """\
You are asked to take part in remote monitoring of your health at home.

What happens: you measure at home with the devices that we give you. Each measurement is sent \
to our clinic through a small box, the hub. Our staff look at the measurements on working days and \
may call you about them.

What it is not: it is not an emergency service. Nobody watches your measurements around the clock. \
If you feel seriously unwell, call the emergency number at once and do not wait for us.

Your data: your measurements, your name and how to reach you are kept in our clinic's records. \
Only people who look after you, and those who make out our bills, may see them.

Costs: your insurance may ask you for a part of the cost. Only one clinic may bill for remote \
monitoring of you at a time.

Your choice: taking part is voluntary. You may stop at any time by telling us, and it does not \
change how we treat you otherwise. The devices then come back to us.""",
    "es": """\
Le pedimos que participe en el control de su salud a distancia, desde su casa.

Qué pasa: usted se mide en casa con los aparatos que le damos. Cada medida llega a nuestra clínica \
por medio de una caja pequeña. Nuestro personal mira las medidas en días laborables y puede \
llamarle.

Qué no es: no es un servicio de urgencias. Nadie mira sus medidas las 24 horas. Si se siente muy \
mal, llame enseguida al número de emergencias y no espere nuestra llamada.

Sus datos: sus medidas, su nombre y su teléfono quedan en los registros de nuestra clínica. Solo \
pueden verlos quienes le atienden y quienes hacen nuestras facturas.

Costes: su seguro puede pedirle una parte del coste. Solo una clínica a la vez puede cobrar por \
el control a distancia.

Usted decide: participar es voluntario. Puede dejarlo cuando quiera, basta con decírnoslo, y no \
cambia en nada el resto de su atención. En ese caso nos devuelve los aparatos.""",
}
"""Suggested, to be read by the clinic's own lawyer before it is used."""


class ConsentText(Struct, frozen=True, kw_only=True):
    id: UUID
    language: str
    version: int
    body: str
    created_by: UUID | None
    created_at: dt.datetime


async def current_text(
    conn: Connection, organisation_id: UUID, language: str, *, now: dt.datetime
) -> ConsentText:
    """The newest of a language; where the clinic has written none, the suggested one, kept from now
    on as version 1. For a language that we have no words in: English.
    """
    spoken = language if language in LANGUAGES else "en"
    if (found := await _newest(conn, organisation_id, spoken)) is not None:
        return found
    body = SUGGESTED[spoken]
    await conn.execute(QUERIES["add"], organisation_id, spoken, 1, body, None, now)
    made = await _newest(conn, organisation_id, spoken)
    if made is None:
        raise NotFoundError("organisation", f"there is none with the id {organisation_id}")
    return made


async def write_text(
    conn: Connection,
    organisation_id: UUID,
    *,
    language: str,
    body: str,
    actor: UUID | None,
    now: dt.datetime,
) -> ConsentText:
    """A new version; the same words again change nothing. Consents that were given stay as they
    are: who must be asked anew is the clinic's decision.
    """
    fields.one_of("language", language, LANGUAGES)
    words = _checked(body)
    async with conn.transaction():
        await conn.execute(QUERIES["lock"], organisation_id)
        held = await current_text(conn, organisation_id, language, now=now)
        if held.body == words:
            return held
        number = held.version + 1
        await conn.execute(QUERIES["add"], organisation_id, language, number, words, actor, now)
        return await current_text(conn, organisation_id, language, now=now)


async def text_named(conn: Connection, organisation_id: UUID, text_id: UUID) -> ConsentText:
    """Raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["one"], organisation_id, text_id)
    if record is None:
        raise NotFoundError("text", "there is no such text in this clinic")
    return ConsentText(**record)


async def _newest(conn: Connection, organisation_id: UUID, language: str) -> ConsentText | None:
    record = await conn.fetchrow(QUERIES["newest"], organisation_id, language)
    return None if record is None else ConsentText(**record)


def _checked(typed: str) -> str:
    words = typed.strip().replace("\r\n", "\n")
    if not words:
        raise InvalidError("body", "must not be empty: this is what patients are told")
    if len(words) > LONGEST:
        raise InvalidError("body", f"may have at most {LONGEST} characters")
    if not all(character.isprintable() or character == "\n" for character in words):
        raise InvalidError("body", "holds a character that cannot be printed")
    return words
