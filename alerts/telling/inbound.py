"""Short messages that come in: stop words are done, the rest is answered and not kept.

Nobody reads this number. What a patient writes is no reading and no alert, and is not stored: a
message that looked taken would be waited for.
"""

import datetime as dt
from typing import Final

from structlog import get_logger

from alerts.telling.contacts import QUERIES, SAID
from alerts.telling.patient_words import not_watched, words_for
from alerts.telling.stop_words import Wish, wish_of
from store.pool import Connection

log = get_logger()

SHOWN: Final = 20


async def take_inbound(
    conn: Connection,
    *,
    sender: str,
    text: str,
    phone: str | None,
    emergency: str | None,
    now: dt.datetime,
) -> str:
    """What to answer, in the patient's language. Logged without number and content."""
    async with conn.transaction():
        known = await conn.fetchrow(QUERIES["whose_number"], sender)
        wish = wish_of(text)
        if wish is Wish.STOP:
            why = f"{SAID}{' '.join(text.upper().split())[:SHOWN]}"
            await conn.execute(QUERIES["said_stop"], sender, now, why)
            await conn.execute(QUERIES["hush_number"], sender, now)
        elif wish is Wish.START:
            await conn.execute(QUERIES["said_start"], sender)
    log.info("sms in", wish=wish, known=known is not None)
    language = None if known is None else known["language"]
    words = words_for(language)
    match wish:
        case Wish.STOP:
            return words.stopped
        case Wish.START if known is not None:
            return words.started
        case _:
            return not_watched(language=language, phone=phone, emergency=emergency)
