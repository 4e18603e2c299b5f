"""A consent as it is recorded: by whom, how, when, and to which words."""

from typing import Final
from uuid import UUID

from care.changes import lock_patient
from care.consent_texts import current_text, text_named
from care.consents import Consent, add_consent, list_consents
from care.errors import InvalidError
from care.wall_clock import instant_of
from console.clinic.asking import Asking
from console.web.forms import Form

NAMES: Final = ("given_by", "representative", "method", "given_on", "given_time", "note")
LABELS: Final = {
    "given_by": "Who consents",
    "representative": "Representative",
    "method": "How",
    "given_on": "When",
    "kinds": "What they agree to",
    "monitoring": "What they agree to",
}


def values(it: Asking, form: Form | None) -> dict[str, str]:
    if form is not None:
        return {name: form.text(name) for name in NAMES}
    local = it.now.astimezone(it.zone)
    return {
        "given_by": "patient",
        "representative": "",
        "method": "verbal",
        "given_on": local.date().isoformat(),
        "given_time": f"{local:%H:%M}",
        "note": "",
    }


async def record(it: Asking, form: Form, kinds: list[str]) -> list[Consent]:
    """Each kind that does not hold already; all in one transaction. Raises InvalidError."""
    await lock_patient(it.conn, *it.whose)
    held = {each.kind for each in await standing(it)}
    given_at = instant_of("given_on", form.text("given_on"), form.text("given_time"), it.zone)
    if given_at > it.now:
        raise InvalidError("given_on", "lies in the future where the patient lives")
    text_id = await _words(it, form.text("text"))
    given_by = form.text("given_by")
    return [
        await add_consent(
            it.conn,
            *it.whose,
            kind=kind,
            method=form.text("method"),
            given_at=given_at,
            note=form.text("note"),
            given_by=given_by,
            representative=form.given("representative") if given_by == "representative" else None,
            text_id=text_id,
            **it.by,
        )
        for kind in dict.fromkeys(kinds)
        if kind not in held
    ]


async def standing(it: Asking) -> list[Consent]:
    """Those that hold now."""
    return [each for each in await list_consents(it.conn, *it.whose) if each.holds(it.now)]


async def _words(it: Asking, shown: str) -> UUID:
    """The version that the page showed, and that was read out; the newest where it names none."""
    try:
        wanted = UUID(shown)
    except ValueError:
        language = it.patient.language
        return (await current_text(it.conn, it.caller.organisation_id, language, now=it.now)).id
    return (await text_named(it.conn, it.caller.organisation_id, wanted)).id
