"""Readings that came and do not count: an item for each device, or hub of unknown ones. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from alerts.technical.facts import Held
from alerts.technical.items import AMBIGUOUS, QUARANTINED, Item, Key, iso, reason

DEVICE_CLOCK = "from_the_future"
"""The reason that is a clock's doing."""


def key_of(held: Held) -> Key:
    return Key(held.subject_kind, held.subject, AMBIGUOUS if held.ambiguous else QUARANTINED)


def held_back(held: Iterable[Held]) -> dict[Key, Item]:
    """Counted by reason; readings with values are nowhere here."""
    groups: dict[Key, list[Held]] = defaultdict(list)
    for each in held:
        groups[key_of(each)].append(each)
    return {key: _item(key, group) for key, group in groups.items()}


def _item(key: Key, group: list[Held]) -> Item:
    counts: Counter[str] = Counter()
    for each in group:
        counts[each.reason] += each.count
    first = min(each.first_received for each in group)
    last = max(each.last_received for each in group)
    return Item(
        key=key,
        onset_at=first,
        last_at=last,
        readings=counts.total(),
        reason=reason(
            key.rule,
            **{key.subject_kind: key.subject},
            count=counts.total(),
            reasons=dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
            first_at=iso(first),
            last_at=iso(last),
        ),
    )
