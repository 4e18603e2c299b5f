"""A file of rules that somebody hands in: read strictly, each fault with its place. Pure."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from billing.eligibility.rule_set import Monitoring, RuleBook, RuleSet
from billing.eligibility.words import ATTESTED
from billing.errors import RuleSetError
from billing.parties.checks import CODE
from billing.rule_books import Stated, imported, sets_of
from billing.rule_files import authority_of, followed_by, read, shipped_sets
from billing.rule_notice import horizon
from care.errors import FaultsError, InvalidError, TakenError
from care.faults import Fault, Path, meant

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}-[a-z0-9]{1,20}")
CERTAINTIES: Final = ("V+", "V1", "K", "P", "C")
FIELD: Final = "file"
REPLACES: Final = "replaces"
BODY_MAX: Final = 256 * 1024
"""Of characters: the shipped files have ten thousand."""


class Given(Struct, frozen=True, kw_only=True):
    """A file that can be read, with its one set."""

    rules: RuleSet
    body: str
    file: str


def given(text: str, file: str, *, today: dt.date) -> Given:
    """Raises InvalidError for what is no such file, FaultsError with all that is wrong in it."""
    if not text.strip():
        raise InvalidError(FIELD, "must not be empty")
    if len(text) > BODY_MAX:
        raise InvalidError(FIELD, f"may have at most {BODY_MAX} characters")
    try:
        raw = tomllib.loads(text)
        sets = read(text, where=file)
    except (RuleSetError, tomllib.TOMLDecodeError, AttributeError) as error:
        said = str(error) if isinstance(error, RuleSetError) else f"{file}: is no file of rules"
        raise InvalidError(FIELD, said) from error
    if len(sets) != 1:
        found = ", ".join(sets) or "none"
        raise InvalidError(FIELD, f"{file}: has to hold one set, and holds {found}")
    [(name, rules)] = sets.items()
    faults = [*_unknown(raw, _known(sets), ()), *_wrong(name, rules, today)]
    if faults:
        raise FaultsError(faults, name=file)
    return Given(rules=msgspec.structs.replace(rules, name=name), body=text, file=file)


def check_added(new: Given, stated: tuple[Stated, ...]) -> None:
    """Raises TakenError for a set that is there already, InvalidError where dates do not fit."""
    rules, file = new.rules, new.file
    shipped, _ = shipped_sets()
    known, files = imported(stated)
    there = known.get(rules.name)
    if rules.name in shipped and there is None:
        raise TakenError(
            FIELD, f"{file}: {rules.name} comes with Hearthbeat and is never edited: give the set "
            "another name, with the day from which it holds",
        )  # fmt: skip
    if there is not None and rules.version <= there.version:
        raise TakenError(FIELD, _already(new, there, files[rules.name], stated))
    others = tuple(each for each in stated if each.name != rules.name)
    sets, of_sets = sets_of(others)
    sets.pop(rules.name, None)
    sets = followed_by(sets, rules.name, rules)
    try:
        RuleBook({**sets, rules.name: _ended(rules, sets)}, files={**of_sets, rules.name: file})
    except RuleSetError as error:
        raise InvalidError(FIELD, str(error)) from error


def check_taken(new: Given, known: Iterable[RuleSet], replaces: Iterable[str]) -> tuple[str, ...]:
    """Names of sets whose confirmed days the new one takes, all of them said to be replaced. Raises
    InvalidError; pure.
    """
    said = {name.strip() for name in replaces if name.strip()}
    taken = {each.name: each for each in known if _takes(new.rules, each)}
    for each in taken.values():
        if each.name not in said:
            raise InvalidError(
                REPLACES,
                f"{new.file}: {new.rules.name} begins on {new.rules.effective_from}, and "
                f"{each.name} is confirmed from {each.effective_from} through {_last(each)}: what "
                "was worked out by it would be worked out anew. Give the set a later day, or say "
                f"that it replaces {each.name}, and why",
            )
    if needless := sorted(said - set(taken)):
        raise InvalidError(
            REPLACES, f"{needless[0]!r} is no set of which it takes a confirmed day: leave it out"
        )
    return tuple(sorted(taken))


def _takes(new: RuleSet, other: RuleSet) -> bool:
    if other.name == new.name or authority_of(other.name) != authority_of(new.name):
        return False
    ends = new.effective_to is None or new.effective_to >= other.effective_from
    return ends and new.effective_from <= _last(other)


def _last(rules: RuleSet) -> dt.date:
    """The last day on which it holds, as far as that is confirmed."""
    return min(rules.confirmed_through, rules.effective_to or rules.confirmed_through)


def _ended(rules: RuleSet, others: Mapping[str, RuleSet]) -> RuleSet:
    """Where a later set follows, one without an end ends the day before."""
    found = {rules.name: rules}
    for name, each in sorted(others.items(), key=lambda one: one[1].effective_from):
        found = followed_by(found, name, each)
    return found[rules.name]


def _already(new: Given, there: RuleSet, file: str, stated: tuple[Stated, ...]) -> str:
    same = any(each.body == new.body and each.name == new.rules.name for each in stated)
    name = new.rules.name
    if same:
        return f"{new.file}: {name} version {new.rules.version} is here already, word for word"
    return (
        f"{new.file}: {name} version {there.version} is here already, from {file}, and is never "
        f"edited: give what has changed version = {there.version + 1}"
    )


def _known(sets: Mapping[str, RuleSet]) -> Any:
    """With every field that there could be."""
    return {name: msgspec.to_builtins(each) for name, each in sets.items()}


def _unknown(raw: Any, known: Any, path: Path) -> Iterator[Fault]:
    """What stands in the file and was not taken over: a word that is misspelt would be lost."""
    if isinstance(raw, dict) and isinstance(known, dict):
        for name, each in raw.items():
            here = (*path, name)
            if name not in known or (name == "name" and len(path) == 1):
                yield Fault(path=here, message=f"is no field of a rule set{meant(name, known)}")
            else:
                yield from _unknown(each, known[name], here)
    elif isinstance(raw, list) and isinstance(known, list | tuple):
        for number, (each, taken) in enumerate(zip(raw, known, strict=True)):
            yield from _unknown(each, taken, (*path, number))


def _wrong(name: str, rules: RuleSet, today: dt.date) -> Iterator[Fault]:
    if NAME.fullmatch(name) is None:
        yield Fault(path=(name,), message="is named by its authority and a year, as medicare-2027")
    yield from _wrong_dates(name, rules, today)
    if rules.version < 1:
        yield Fault(path=(name, "version"), message="is a number from 1 on")
    for row in rules.rows():
        if row.certainty not in CERTAINTIES:
            yield _of(name, row.code, f"certainty is one of {', '.join(CERTAINTIES)}")
        if not row.source.strip():
            yield _of(name, row.code, "source is missing: where it was read")
    yield from _wrong_codes(name, rules)
    yield from _wrong_numbers(name, rules)
    yield from _wrong_words(name, rules)


def _wrong_dates(name: str, rules: RuleSet, today: dt.date) -> Iterator[Fault]:
    until, most = rules.confirmed_through, horizon(today)
    if rules.effective_to is not None and rules.effective_to < rules.effective_from:
        yield Fault(
            path=(name, "effective_to"),
            message=f"{rules.effective_to} lies before {rules.effective_from}, when it begins",
        )
    if until < rules.effective_from:
        yield Fault(
            path=(name, "confirmed_through"),
            message=f"{until} lies before {rules.effective_from}, when the set begins",
        )
    if until > most:
        yield Fault(
            path=(name, "confirmed_through"),
            message=f"{until} is too far off: {most} at most, for nobody can have read what "
            "holds after it",
        )
    if rules.source_read_on is None:
        yield Fault(path=(name, "source_read_on"), message="is missing: when it was read")
    elif rules.source_read_on > today:
        yield Fault(path=(name, "source_read_on"), message="lies in the future")


def _wrong_codes(name: str, rules: RuleSet) -> Iterator[Fault]:
    codes = [row.code for row in rules.rows()]
    named = [getattr(row, "requires", None) for row in rules.rows()]
    beside = [code for rule in rules.exclusions for code in (*rule.keep, *rule.drop)]
    for code in dict.fromkeys([*codes, *filter(None, named), *beside]):
        if CODE.fullmatch(code) is None:
            yield _of(name, code, "is no code: five characters, as 99454 or G0556")


def _wrong_numbers(name: str, rules: RuleSet) -> Iterator[Fault]:
    monitoring: list[RuleSet | Monitoring] = [rules, *rules.rtm.values()]
    for supply in (each for kind in monitoring for each in kind.supply):
        if not 1 <= supply.min_days <= supply.max_days <= 30:  # noqa: PLR2004 - days of a period
            yield _of(
                name, supply.code, "min_days and max_days lie between 1 and 30, in this order"
            )
    for kind in monitoring:
        if not 0 <= kind.setup.min_days <= 30:  # noqa: PLR2004
            yield _of(name, kind.setup.code, "min_days lies between 0 and 30")
    for row in rules.rows():
        if getattr(row, "min_seconds", 0) < 0:
            yield _of(name, row.code, "min_seconds is 0 or more")
        if getattr(row, "each_seconds", 1) < 1:
            yield _of(name, row.code, "each_seconds is 1 or more")


def _wrong_words(name: str, rules: RuleSet) -> Iterator[Fault]:
    for care in rules.care:
        words = [care.asked_by, care.dos]
        for family in care.families:
            words += [*family.needs, *(word for rule in family.within
                                       for word in (rule.since, rule.then))]  # fmt: skip
        for word in dict.fromkeys(filter(None, words)):
            if word not in ATTESTED:
                yield Fault(
                    path=(name, "care", care.program),
                    message=f"{word!r} is nothing that can be attested{meant(word, ATTESTED)}",
                )


def _of(name: str, code: str, message: str) -> Fault:
    return Fault(path=(name, code), message=message)
