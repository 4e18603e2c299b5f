"""What one entry of the adjustments says before anybody decides: all lines that it is about, what
follows from approving it, and whether whoever reads it may. Pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from billing.months.views import Adjustment, own_change
from billing.months.what_follows import Follows, Touched, Way, follows_of
from console.web.formats import counted

WAYS: Final[dict[Way, tuple[str, str]]] = {
    Way.REPLACED: (
        "goes again with the next 837P, as a replacement (7) of the payer's claim",
        "go again with the next 837P, as replacements (7) of the payer's claims",
    ),
    Way.NEW: (
        "goes with the next 837P as a new claim (1)",
        "go with the next 837P as new claims (1)",
    ),
    Way.REOPENED: (
        "is in no 837P, because it takes no replacement: ask for a reopening, by hand",
        "are in no 837P, because it takes no replacements: ask for a reopening, by hand",
    ),
    Way.NUMBER: (
        "is in no 837P until somebody enters the payer's claim number at the line",
        "are in no 837P until somebody enters the payer's claim number at each",
    ),
    Way.FORM: (
        "is in no 837P, because this payer takes none: correct it by hand",
        "are in no 837P, because this payer takes none: correct them by hand",
    ),
    Way.HELD: ("is not approved: it stays as it is", "are not approved: they stay as they are"),
}
"""One line, several."""


class Entry(Struct, frozen=True, kw_only=True):
    """One adjustment, or those of several patients that say the same."""

    codes: dict[str, str]
    """By detail: on how many lines of each code it stands."""
    of_patient: dict[UUID, str]
    """By adjustment: the patient's own lines."""
    follows: list[tuple[str, list[str]]]
    """By payer, in words."""
    own: str
    """Why whoever reads it may not approve it; empty: they may."""


def entry_of(those: Sequence[Adjustment], lines: Mapping[UUID, Touched], reader: UUID) -> Entry:
    """`lines`: those that anything which waits is about."""
    by_detail: dict[str, list[UUID]] = {}
    for each in those:
        for one in each.details:
            by_detail.setdefault(_key(one), []).extend(one.lines)
    all_of_them = dict.fromkeys(line for some in by_detail.values() for line in some)
    return Entry(
        codes={key: _counts(some, lines) for key, some in by_detail.items()},
        of_patient={
            each.id: _counts([line for one in each.details for line in one.lines], lines)
            for each in those
        },
        follows=[
            _words(each)
            for each in follows_of([lines[line] for line in all_of_them if line in lines])
        ],
        own=_own(those, reader),
    )


def _key(detail: Any) -> str:
    return f"{detail.name}/{detail.was}/{detail.now}"


def _counts(those: Sequence[UUID], lines: Mapping[UUID, Touched]) -> str:
    many = Counter(lines[each].code for each in dict.fromkeys(those) if each in lines)
    return ", ".join(
        code if count == 1 else f"{code} × {count}"  # noqa: RUF001 - as elsewhere on pages
        for code, count in sorted(many.items())
    )


def _words(of: Follows) -> tuple[str, list[str]]:
    return of.payer, [
        f"{counted(count, 'line')} {WAYS[way][count > 1]}." for way, count in of.lines.items()
    ]


def _own(those: Sequence[Adjustment], reader: UUID) -> str:
    """Named, with who else has changed it: then a third person is needed."""
    found = [
        (each, own) for each in those if (own := own_change(each.causes, each.details, reader))
    ]
    if not found:
        return ""
    one, own = found[0]
    others = {
        str(cause["by_name"])
        for each, _ in found
        for cause in each.causes
        if cause.get("by_name") and str(cause.get("by")) != str(reader)
    }
    whose = f"of {one.given_name} {one.family_name}"
    if len(found) > 1:
        whose = f"of {counted(len(found), 'patient')}"
    what = f"({own}, {whose})"
    if not others:
        return (
            f"You have changed this yourself {what}: another biller or administrator approves it."
        )
    return (
        f"You and {', '.join(sorted(others))} have both changed this {what}: a third person,"
        " another biller or administrator, approves it. Without one it can only be left as locked."
    )
