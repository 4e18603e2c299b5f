"""A patient's month as it was locked, with one half of what is known now: days, time and lines, or
what claims say besides. Pure.

The two are decided about each by itself: neither comes in silence with the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from billing.months.details import OF_COVER, Difference, counterpart, still_named
from billing.months.records import Cover, EpisodeOf, LineOf, PatientMonth, Practice, Who

_Said = TypeVar("_Said", bound=Struct)

PERSON: Final[dict[str, tuple[str, ...]]] = {
    "patient_name": ("family_name", "given_name"),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
    "address": ("address",),
}
COVER: Final[dict[str, tuple[str, ...]]] = {
    "payer": ("payer_name",),
    **{name: (name,) for name in OF_COVER - {"payer"}},
}
PRACTICE: Final[dict[str, tuple[str, ...]]] = {
    "billing_name": ("name",),
    "billing_npi": ("npi",),
    "tax_id": ("tax_id",),
    "taxonomy": ("taxonomy",),
    "billing_address": ("address",),
}
ORDER: Final[dict[str, tuple[str, ...]]] = {
    "ordering": ("ordered_at", "by"),
    "diagnoses": ("diagnoses", "kinds"),
}
"""By detail: in which fields it stands."""


def with_facts(locked: PatientMonth, now: PatientMonth) -> PatientMonth:
    """Days, time and lines as they are now; who, whose payer and by whom as it was locked."""
    return replace(
        now,
        who=locked.who,
        cover=locked.cover if locked.cover is not None else now.cover,
        lines=tuple(_as_locked(each, locked) for each in now.lines),
        episodes=tuple(_with_ground(each, locked) for each in now.episodes),
    )


def with_details(
    locked: PatientMonth, now: PatientMonth, asked: Iterable[Difference]
) -> PatientMonth:
    """Days, time and lines as they were locked, and so is what claims say besides: but for those
    details that somebody was asked about, which are as they are known now.
    """
    names: dict[UUID, set[str]] = {}
    for each in asked:
        for line_id in each.lines:
            names.setdefault(line_id, set()).add(each.name)
    of_all = frozenset().union(*names.values())
    return replace(
        locked,
        who=_who(locked.who, now.who, of_all),
        cover=_cover(locked.cover, now.cover, of_all),
        lines=tuple(_as_now(each, now, names.get(each.line_id, ())) for each in locked.lines),
        episodes=tuple(_with_asked(each, now, of_all) for each in locked.episodes),
    )


def practice_with(locked: Practice, now: Practice, names: Collection[str]) -> Practice:
    """As it was locked, but for the details of these names."""
    return _with(locked, now, names, PRACTICE)


def _as_locked(line: LineOf, locked: PatientMonth) -> LineOf:
    was = counterpart(line, locked)
    if was is None:
        return line
    kept = replace(
        line,
        diagnoses=was.diagnoses,
        rendering=was.rendering,
        ordering=was.ordering,
        supervising=was.supervising,
        place_of_service=was.place_of_service,
    )
    if was.line_id != line.line_id:
        return kept
    kept = replace(kept, modifiers=was.modifiers)
    if was.units != line.units:
        return kept
    return replace(kept, charge=was.charge, expected=was.expected)


def _as_now(line: LineOf, now: PatientMonth, names: Collection[str]) -> LineOf:
    said = counterpart(line, now)
    if said is None:
        return line
    made: dict[str, object] = {
        "diagnoses": said.diagnoses or line.diagnoses,
        "rendering": still_named(line.rendering, said.rendering) or line.rendering,
        "ordering": still_named(line.ordering, said.ordering) or line.ordering,
        "supervising": still_named(line.supervising, said.supervising),
        "place_of_service": said.place_of_service or line.place_of_service,
    }
    if said.line_id == line.line_id:
        made["modifiers"] = said.modifiers
        made["charge"] = said.charge
    line = replace(line, **{name: made[name] for name in made if name in names})
    return replace(line, expected=said.expected) if {"charge"} & made.keys() & set(names) else line


def _who(was: Who, now: Who, names: Collection[str]) -> Who:
    return _with(was, now, names, PERSON)


def _cover(was: Cover | None, now: Cover | None, names: Collection[str]) -> Cover | None:
    if OF_COVER.isdisjoint(names):
        return was
    if was is None or now is None or was.payer != now.payer:
        return now or was
    return _with(was, now, names, COVER)


def _with(
    was: _Said, now: _Said, names: Collection[str], fields: Mapping[str, Sequence[str]]
) -> _Said:
    those = [field for name in names for field in fields.get(name, ())]
    return replace(was, **{each: getattr(now, each) for each in those})


def _with_asked(episode: EpisodeOf, month: PatientMonth, names: Collection[str]) -> EpisodeOf:
    """With order and practitioner as that month has them, as far as somebody was asked."""
    said = _episode(episode, month)
    if said is None:
        return episode
    order = episode.order
    if order is None or said.order is None:
        order = order or said.order
    else:
        order = _with(order, said.order, names, ORDER)
    practitioner = episode.practitioner
    if "rendering" in names or practitioner is None:
        practitioner = said.practitioner or practitioner
    return replace(episode, order=order, practitioner=practitioner)


def _with_ground(episode: EpisodeOf, month: PatientMonth) -> EpisodeOf:
    """With order and practitioner as that month has them, where it has any."""
    said = _episode(episode, month)
    if said is None:
        return episode
    return replace(
        episode,
        order=said.order or episode.order,
        practitioner=said.practitioner or episode.practitioner,
    )


def _episode(episode: EpisodeOf, month: PatientMonth) -> EpisodeOf | None:
    return next((each for each in month.episodes if each.episode_id == episode.episode_id), None)
