"""Entries that say too little: the same note for several, no note, nobody's credential. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.entries import Entry
from billing.overlaps import day_of
from billing.pointers.how_long import by_staff
from billing.pointers.pointer import Kind, Pointer

NOTE_LEAST: Final = 20
"""Characters, once it is made alike: "no answer" is the same for everybody, and may be. Policy."""
TIMES_LEAST: Final = 3
"""Twice may be chance. Policy."""
_NO_WORD: Final = re.compile(r"[^\w]+")
_SHOWN: Final = 80


def alike(note: str) -> str:
    """Without what does not change its meaning: case, spaces, marks, forms of one letter."""
    text = unicodedata.normalize("NFKC", note).casefold()
    return _NO_WORD.sub(" ", text).strip()


def same_notes(entries: Iterable[Entry], zone: ZoneInfo) -> list[Pointer]:
    """One text at three or more entries, of several patients or days."""
    groups: dict[str, list[Entry]] = {}
    for each in entries:
        text = alike(each.note)
        if each.counts and len(text) >= NOTE_LEAST:
            groups.setdefault(text, []).append(each)
    found = []
    for rows in groups.values():
        patients = {each.patient_id for each in rows}
        days = {day_of(each, zone) for each in rows}
        if len(rows) >= TIMES_LEAST and (len(patients) > 1 or len(days) > 1):
            found.append(_same(rows, len(patients), sorted(days)))
    return found


def _same(rows: Sequence[Entry], patients: int, days: Sequence[object]) -> Pointer:
    first = min(rows, key=lambda each: (each.started_at, each.id.int))
    note = first.note if len(first.note) <= _SHOWN else f"{first.note[: _SHOWN - 1].rstrip()}…"
    staff = {each.user_id: each.staff_name for each in rows}
    dates = sorted(each.started_at.date() for each in rows)
    return Pointer(
        kind=Kind.SAME_NOTE,
        what=f"“{note}” stands at {len(rows)} entries, of {_counted(patients, 'patient')} and on "
        f"{_counted(len(days), 'day')}.",
        who=", ".join(sorted(staff.values())),
        staff=next(iter(staff)) if len(staff) == 1 else None,
        since=dates[0],
        until=dates[-1],
        entries=tuple(each.id for each in rows),
    )


def without_note(entries: Iterable[Entry]) -> list[Pointer]:
    return _lacking(
        Kind.NO_NOTE, [each for each in entries if not each.note.strip()], "say nothing of what "
        "was done"
    )  # fmt: skip


def without_credential(entries: Iterable[Entry]) -> list[Pointer]:
    """Who did it is always known; as what, only where somebody has entered it."""
    return _lacking(
        Kind.NO_CREDENTIAL, [each for each in entries if not each.credential.strip()],
        "do not say which credential their author had"
    )  # fmt: skip


def _lacking(kind: Kind, entries: Sequence[Entry], what: str) -> list[Pointer]:
    found = []
    for staff, rows in by_staff(entries).items():
        dates = sorted(each.started_at.date() for each in rows)
        words = f"1 entry {_singular(what)}." if len(rows) == 1 else f"{len(rows)} entries {what}."
        found.append(
            Pointer(
                kind=kind, what=words, who=rows[0].staff_name, staff=staff, since=dates[0],
                until=dates[-1], entries=_ids(rows),
            )
        )  # fmt: skip
    return found


def _ids(rows: Sequence[Entry]) -> tuple[UUID, ...]:
    return tuple(each.id for each in rows)


def _singular(what: str) -> str:
    return what.replace("say nothing", "says nothing").replace(
        "do not say which credential their author", "does not say which credential its author"
    )


def _counted(number: int, one: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {one}s"
