"""A form that sends every field of a patient, and a colleague who has changed some meanwhile."""

from care.changes import lock_patient
from care.patients import find_patient
from console.clinic import patient_form
from console.clinic.asking import Asking
from console.web.forms import Form


async def changed_meanwhile(it: Asking, form: Form) -> dict[str, str]:
    """What differs, where the record is not what it was when the form was opened. Nobody changes
    it until the request is done.
    """
    await lock_patient(it.conn, *it.whose)
    kept = patient_form.of_patient(await find_patient(it.conn, *it.whose))
    if form.given("base") in {None, patient_form.stamp(kept)}:
        return {}
    return patient_form.meanwhile(patient_form.typed(form), kept)
