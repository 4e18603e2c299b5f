"""What happened, in words a colleague would use. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from console.web.formats import Units, counted
from vitals.kinds import PANELS, Kind

ALERT_EVENTS: Final = {
    "opened": "Opened",
    "worse": "Found to be worse",
    "confirmed": "Confirmed",
    "cleared": "Over",
    "recurred": "Out of limits again",
    "withdrawn": "Withdrawn: it does not hold",
    "reinstated": "Holds again",
    "step_due": "Escalated, nobody had taken it on",
    "acknowledgement_expired": "Open again, nothing was done since",
    "snooze_ended": "Snooze ended",
    "auto_closed": "Closed, the values stayed good",
    "claimed": "Claimed",
    "released": "Claim released",
    "acknowledged": "Acknowledged",
    "snoozed": "Snoozed",
    "escalated": "Escalated",
    "resolved": "Resolved",
    "reopened": "Reopened",
    "noted": "Note",
}
BECAUSE: Final = {
    ("confirmed", "confirmed"): "Confirmed by a repeat",
    ("confirmed", "no_repeat"): "Not measured again in time: it stands as measured",
    ("cleared", "good_again"): "Values are good again",
    ("cleared", "plan_changed"): "Limits changed: the plan does not have this one any more",
}
"""Events that say different things for different reasons."""
CODES: Final = frozenset({"confirmed", "cleared"})
"""Events whose reasons may be codes: those of `BECAUSE`, and names of rules' reasons."""
CHANGES: Final = {
    "plan set": "Plan set",
    "plan ended": "Plan ended",
    "plan withdrawn": "A plan that had not begun was withdrawn",
    "consent given": "Consent given",
    "consent withdrawn": "Consent withdrawn",
    "order added": "Order added",
    "order corrected": "What was entered of an order was corrected",
    "order ended": "Order ended",
    "episode started": "Episode started",
    "episode ended": "Episode ended",
    "team member added": "Added to the team",
    "team member removed": "Left the team",
    "patient changed": "What is known of the patient was changed",
    "reading received": "A reading was given to this patient",
    "reading given away": "A reading was found not to be this patient's",
    "contact added": "Contact added",
    "contact ended": "Contact ended",
}
FACTS: Final = ("version", "programme", "kind", "method", "role", "reason", "ordered_by")
"""Of a change those that a reader wants beside it."""
NOTES: Final = {
    "call": "Call",
    "video": "Video call",
    "visit": "Visit",
    "message": "Message",
    "note": "Note",
}
PARTIES: Final = {
    "patient": "patient",
    "caregiver": "caregiver",
    "clinician": "clinician",
    "pharmacy": "pharmacy",
    "laboratory": "laboratory",
    "home_care": "home care",
    "other": "somebody else",
}
DIRECTIONS: Final = {"to_them": "to", "from_them": "from"}


def alert_event_words(
    event: str, actor: str | None, facts: Mapping[str, Any], *, reason: str = ""
) -> str:
    """Resolved by Ana: advice given, 6 min"""
    said = ALERT_EVENTS.get(event, event.replace("_", " ").capitalize())
    said = BECAUSE.get((event, reason), said)
    if actor:
        said += f" by {actor}"
    details = [str(facts["outcome"]).replace("_", " ")] if facts.get("outcome") else []
    if facts.get("minutes"):
        details.append(f"{facts['minutes']} min")
    return f"{said}: {', '.join(details)}" if details else said


def alert_reason_words(event: str, reason: str) -> str:
    """What people wrote and sentences, as they are; nothing for a code, which the event has in
    words (`alert_event_words`).
    """
    return "" if event in CODES and " " not in reason else reason


def change_words(what: str, facts: Mapping[str, Any]) -> str:
    """Plan set: version 3, hypertension-us 1"""
    said = CHANGES.get(what, what.capitalize())
    details = []
    for name in FACTS:
        value = facts.get(name)
        if value is None or value == "":
            continue
        words = str(value).replace("_", " ")
        details.append(f"version {words}" if name == "version" else words)
    return f"{said}: {', '.join(details)}" if details else said


def note_words(
    kind: str, with_whom: str | None, direction: str | None, *, reached: bool | None
) -> str:
    """Call to the patient, not reached"""
    said = NOTES[kind]
    if with_whom is not None:
        party = PARTIES[with_whom]
        article = "" if with_whom in {"other", "home_care"} else "the "
        said += f" {DIRECTIONS.get(direction or '', 'with')} {article}{party}"
    return f"{said}, not reached" if reached is False else said


def readings_words(row: Mapping[str, Any], units: Units) -> str:
    """Blood pressure: 4 readings, 128/81 to 152/90 mmHg"""
    panel = PANELS[Kind(row["kind"])]
    names = [metric.name for metric in panel.primary if f"{metric.name}_low" in row]
    said = f"{panel.label}: {counted(row['readings'], 'reading')}"
    if not names or any(row[f"{name}_low"] is None for name in names):
        return said
    low, high = (
        "/".join(units.number(name, row[f"{name}_{side}"]) for name in names)
        for side in ("low", "high")
    )
    values = low if low == high else f"{low} to {high}"
    return f"{said}, {values} {units.unit(names[0])}"


def device_words(row: Mapping[str, Any]) -> str:
    name = row["label"] or row["address"]
    slot = "" if row["user_slot"] is None else f", user {row['user_slot']}"
    return f"{'Given' if row['began'] else 'Taken back'}: {name}{slot}"


def time_words(row: Mapping[str, Any]) -> str:
    """Call, 6 min, live"""
    minutes, seconds = divmod(row["seconds"], 60)
    spent = f"{minutes} min {seconds:02} s" if seconds else f"{minutes} min"
    live = "" if row["mode"] == "none" else f", {row['mode'].replace('_', ' ')}"
    return f"Time logged: {row['activity'].replace('_', ' ')}, {spent}{live}"
