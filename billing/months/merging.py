"""A patient's month as it was locked, with one half of what is known now: days, time and lines, or
what claims say besides. Pure.

The two are decided about each by itself: neither comes in silence with the other.
"""

from collections.abc import Collection
from uuid import UUID

from msgspec.structs import replace

from billing.months.details import counterpart, still_named
from billing.months.records import Cover, EpisodeOf, LineOf, PatientMonth, Who


def with_facts(locked: PatientMonth, now: PatientMonth) -> PatientMonth:
    """Days, time and lines as they are now; who, whose payer and by whom as it was locked."""
    return replace(
        now,
        who=locked.who,
        cover=locked.cover if locked.cover is not None else now.cover,
        lines=tuple(_as_locked(each, locked) for each in now.lines),
        episodes=tuple(_with_ground(each, locked) for each in now.episodes),
    )


def with_details(locked: PatientMonth, now: PatientMonth, lines: Collection[UUID]) -> PatientMonth:
    """Days, time and lines as they were locked; what claims say besides as it is known now, of
    these lines.
    """
    return replace(
        locked,
        who=_who(locked.who, now.who),
        cover=_cover(locked.cover, now.cover),
        lines=tuple(_as_now(each, now) if each.line_id in lines else each for each in locked.lines),
        episodes=tuple(_with_ground(each, now) for each in locked.episodes),
    )


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


def _as_now(line: LineOf, now: PatientMonth) -> LineOf:
    said = counterpart(line, now)
    if said is None:
        return line
    made = replace(
        line,
        diagnoses=said.diagnoses or line.diagnoses,
        rendering=still_named(line.rendering, said.rendering) or line.rendering,
        ordering=still_named(line.ordering, said.ordering) or line.ordering,
        supervising=still_named(line.supervising, said.supervising),
        place_of_service=said.place_of_service or line.place_of_service,
    )
    if said.line_id != line.line_id:
        return made
    made = replace(made, modifiers=said.modifiers)
    if line.charge is not None or said.units != line.units:
        return made
    return replace(made, charge=said.charge, expected=said.expected)


def _who(was: Who, now: Who) -> Who:
    return replace(
        now, birth_date=now.birth_date or was.birth_date, address=now.address or was.address,
        sex=now.sex or was.sex,
    )  # fmt: skip


def _cover(was: Cover | None, now: Cover | None) -> Cover | None:
    if was is None or now is None:
        return now or was
    if was.payer != now.payer:
        return now
    return replace(
        now, payer_id=now.payer_id or was.payer_id, member_id=now.member_id or was.member_id
    )


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
