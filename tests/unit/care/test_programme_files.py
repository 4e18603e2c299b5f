"""Bad files, each refused with its key and what is allowed; good ones come back as they went."""

import time
import tomllib
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.errors import FaultsError
from care.programme import Programme
from care.programme_files import BYTES_MAX, FAULTS_MOST, canonical, checked, digest, parse
from care.programmes import shipped

GOOD = """
id = "small"
version = 1
title = "Small"

[[measures]]
kind = "blood_pressure"
slots = [{ name = "morning", start = "04:00", end = "12:00" }]

[[rules]]
id = "high"
type = "limit"
kind = "blood_pressure"
severity = "high"
bounds = [{ metric = "systolic", op = ">=", value = 160, clear = 150 }]

[[rules]]
id = "mean"
type = "window_mean"
kind = "blood_pressure"
severity = "medium"
bounds = [{ metric = "systolic", op = ">=", value = 130 }]

[[ladders]]
severity = "critical"
steps = [{ after_min = 0, to = "care_team" }, { after_min = 15, to = "on_call" }]

[[ladders]]
severity = "high"

[[ladders]]
severity = "medium"

[[ladders]]
severity = "low"

[hours]
start = "08:00"
end = "18:00"
"""

RULE = """
[[rules]]
id = "more"
kind = "blood_pressure"
severity = "{severity}"
type = "{type}"
{rest}
"""


def with_rule(rest: str, *, kind: str = "limit", severity: str = "critical") -> str:
    return GOOD + RULE.format(type=kind, severity=severity, rest=rest)


def bound(op: str, value: object, metric: str = "systolic", clear: object = None) -> str:
    end = "" if clear is None else f", clear = {clear}"
    return f'bounds = [{{ metric = "{metric}", op = "{op}", value = {value}{end} }}]'


def faults(text: str) -> dict[str, str]:
    with pytest.raises(FaultsError) as caught:
        parse(text, name="small.toml")
    return {fault.key: fault.message for fault in caught.value.faults}


BAD: list[tuple[str, str, str, str]] = [
    # what, the file, the key that is named, and words of the message
    ("an unknown field", GOOD.replace('severity = "high"\nbounds', 'severty = "high"\nbounds'),
     "rules[0].severty", "did you mean 'severity'?"),
    ("a missing field", GOOD.replace('title = "Small"\n', ""), "title", "is missing"),
    ("an unknown severity", GOOD.replace('"medium"\nbounds', '"mediun"\nbounds'),
     "rules[1].severity", "none of low, medium, high, critical; did you mean 'medium'?"),
    ("an unknown type", GOOD.replace('"window_mean"', '"windowmean"'),
     "rules[1].type", "did you mean 'window_mean'?"),
    ("no type", GOOD.replace('type = "limit"\n', ""), "rules[0].type", "is missing: one of limit"),
    ("an unknown kind", GOOD.replace('pressure"\nslots', 'presure"\nslots'),
     "measures[0].kind", "did you mean 'blood_pressure'?"),
    ("a text for a number", GOOD.replace("value = 160", 'value = "160"'),
     "rules[0].bounds[0].value", "must be a number, not '160'"),
    ("a truth for a number", GOOD.replace("value = 160", "value = true"),
     "rules[0].bounds[0].value", "must be a number, not true"),
    ("no number", GOOD.replace("value = 160", "value = nan"),
     "rules[0].bounds[0].value", "must be a finite number"),
    ("infinity", GOOD.replace("value = 160", "value = inf"),
     "rules[0].bounds[0].value", "must be a finite number"),
    ("an unknown comparison", GOOD.replace('op = ">=", value = 160', 'op = "=>", value = 160'),
     "rules[0].bounds[0].op", "none of >=, >, <=, <"),
    ("an unknown metric", GOOD.replace('metric = "systolic", op = ">=", value = 160',
                                       'metric = "sistolic", op = ">=", value = 160'),
     "rules[0].bounds[0].metric", "did you mean 'systolic'?"),
    ("a metric of another kind", with_rule(bound(">=", 300, "glucose")),
     "rules[2].bounds[0].metric", "no metric of blood_pressure"),
    ("a derived metric of another kind",
     with_rule(bound(">=", 80, "pulse_pressure")).replace(
         'id = "more"\nkind = "blood_pressure"', 'id = "more"\nkind = "weight"'),
     "rules[2].bounds[0].metric", "no metric of weight"),
    ("a limit in another unit", with_rule(bound(">=", 16)),
     "rules[2].bounds[0].value", "no systolic that is measured: 40 to 300"),
    ("no bounds", with_rule("bounds = []"), "rules[2].bounds", "needs at least 1"),
    ("bounds that are none", with_rule("bounds = 5"), "rules[2].bounds", "must be an array"),
    ("clear on the bad side, above", with_rule(bound(">=", 180, clear=181)),
     "rules[2].bounds[0].clear", "must be below the limit, where the alert begins"),
    ("clear at the limit, above", with_rule(bound(">=", 180, clear=180)),
     "rules[2].bounds[0].clear", "must be below the limit"),
    ("clear on the bad side, below", with_rule(bound("<", 90, clear=89)),
     "rules[2].bounds[0].clear", "must be at or above the limit"),
    ("a critical limit milder than the high one", with_rule(bound(">=", 159)),
     "rules[2].bounds[0]", "inverted: high of rule 'high' is systolic >= 160"),
    ("a critical limit at the high one", with_rule(bound(">=", 160)),
     "rules[2].bounds[0]", "inverted"),
    ("a low limit graver than the high one", with_rule(bound(">", 160), severity="low"),
     "rules[0].bounds[0]", "low of rule 'more' is systolic > 160"),
    ("the same said twice", with_rule(bound(">=", 160), severity="high"),
     "rules[2].bounds[0]", "says the same as rule 'high'"),
    ("below meets above in one rule", with_rule(
        'bounds = [{ metric = "pulse", op = "<", value = 60 },'
        ' { metric = "pulse", op = ">=", value = 60 }]'),
     "rules[2].bounds[0]", "no pulse is good"),
    ("below passes above in two rules", with_rule(bound("<", 161)),
     "rules[2].bounds[0]", "leave no value that is good"),
    ("two limits on one side", with_rule(
        'bounds = [{ metric = "pulse", op = ">", value = 120 },'
        ' { metric = "pulse", op = ">", value = 130 }]'),
     "rules[2].bounds[1]", "has a limit above in this rule already"),
    ("an id used twice", with_rule(bound(">=", 180)).replace('id = "more"', 'id = "high"'),
     "rules[2].id", "names another rule already"),
    ("an id of our own", with_rule(bound(">=", 180)).replace('"more"', '"gateway-offline"'),
     "rules[2].id", "Hearthbeat's own"),
    ("an id with capitals", with_rule(bound(">=", 180)).replace('"more"', '"More"'),
     "rules[2].id", "lower-case letters and digits"),
    ("a check that pages", with_rule(bound(">=", 180) + '\nlane = "needs_check"'),
     "rules[2].severity", "medium at most"),
    ("a lane that is not a plan's", with_rule(bound(">=", 180) + '\nlane = "technical"'),
     "rules[2].lane", "one of medical, needs_check"),
    ("a repeat without time", with_rule(
        bound(">=", 180) + "\nwithin_min = 1\napart_s = 60", kind="confirmed_limit"),
     "rules[2].apart_s", "leaves no time"),
    ("more days than the window has", with_rule(
        bound(">=", 180) + "\ndays = 7\nmin_days = 8", kind="window_mean"),
     "rules[2].min_days", "more than the window's 7 days"),
    ("n over m", with_rule(bound(">=", 180) + "\nn = 3\nm = 2", kind="n_of_m"),
     "rules[2].n", "more than m, 2"),
    ("neither bounds nor flag", with_rule("n = 2", kind="n_of_m"),
     "rules[2].bounds", "bounds or a flag"),
    ("bounds and flag", with_rule(bound(">=", 180) + '\nflag = "irregular_pulse"', kind="n_of_m"),
     "rules[2].bounds", "not both"),
    ("an unknown flag", with_rule('flag = "iregular_pulse"', kind="n_of_m"),
     "rules[2].flag", "did you mean 'irregular_pulse'?"),
    ("a glucose statistic of another kind", with_rule(
        'statistic = "cv"\nop = ">"\nvalue = 36', kind="glucose_statistic"),
     "rules[2].kind", "must be glucose"),
    ("oximetry of another kind", with_rule("scale = 1", kind="oximetry_scale"),
     "rules[2].kind", "must be oximetry"),
    ("over-oxygenation without oxygen", with_rule('side = "high"', kind="oximetry_scale"),
     "rules[2].side", "on_oxygen = true"),
    ("together with the unknown", with_rule('of = ["high", "meen"]', kind="together"),
     "rules[2].of[1]", "did you mean 'mean'?"),
    ("together with itself", with_rule('of = ["high", "more"]', kind="together"),
     "rules[2].of[1]", "of type together itself"),
    ("together twice the same", with_rule('of = ["high", "high"]', kind="together"),
     "rules[2].of", "names a rule twice"),
    ("together of too few", with_rule('of = ["high", "mean"]\nat_least = 3', kind="together"),
     "rules[2].at_least", "more than the 2 rules"),
    ("a slot that ends before it starts", GOOD.replace('end = "12:00"', 'end = "03:00"'),
     "measures[0].slots[0].end", "03:00 is not after 04:00"),
    ("a slot without length", GOOD.replace('end = "12:00"', 'end = "04:00"'),
     "measures[0].slots[0].end", "not after"),
    ("no time of day", GOOD.replace('end = "12:00"', 'end = "25:00"'),
     "measures[0].slots[0].end", "a time of day such as 07:30"),
    ("slots that overlap", GOOD.replace(
        'end = "12:00" }', 'end = "12:00" }, { name = "noon", start = "11:59", end = "13:00" }'),
     "measures[0].slots[1]", "overlaps slot 'morning', 04:00 to 12:00"),
    ("two slots of one name", GOOD.replace(
        'end = "12:00" }', 'end = "12:00" }, { name = "morning", start = "12:00", end = "13:00" }'),
     "measures[0].slots[1].name", "names another slot already"),
    ("a reminder after the slot", GOOD.replace("slots = [", "remind_after_min = 480\nslots = ["),
     "measures[0].remind_after_min", "is over by then"),
    ("a day twice", GOOD.replace("slots = [", 'days = ["mon", "mon"]\nslots = ['),
     "measures[0].days", "names a day twice"),
    ("two ladders for one severity", GOOD.replace('severity = "low"', 'severity = "high"'),
     "ladders[3].severity", "there is a ladder for high already"),
    ("a ladder missing", GOOD.replace('[[ladders]]\nseverity = "low"\n', ""),
     "ladders", "none for low"),
    ("steps that descend", GOOD.replace(
        '"care_team" }', '"care_team" }, { to = "admin", after_min = 16 }'),
     "ladders[0].steps[2].after_min", "15 comes before the step above it, 16"),
    ("a step to nobody known", GOOD.replace('"on_call"', '"oncall"'),
     "ladders[0].steps[1].to", "did you mean 'on_call'?"),
    ("hours that end before they start", GOOD.replace('end = "18:00"', 'end = "08:00"'),
     "hours.end", "08:00 is not after 08:00"),
    ("version nought", GOOD.replace("version = 1", "version = 0"),
     "version", "must be a whole number >= 1 and <= 1e+09, not 0"),
    ("no TOML", GOOD.replace('id = "small"', "id = small"), "", "is no TOML"),
    ("too much", "#" * (BYTES_MAX + 1), "", "is over 256 KiB"),
]  # fmt: skip


def test_the_good_file_is_good() -> None:
    assert parse(GOOD).id == "small"


@pytest.mark.parametrize(
    ("text", "key", "words"), [row[1:] for row in BAD], ids=[r[0] for r in BAD]
)
def test_a_bad_file_is_refused_by_its_key(text: str, key: str, words: str) -> None:
    found = faults(text)
    assert key in found, found
    assert words in found[key]


def test_all_faults_are_told_at_once_with_file_and_line() -> None:
    text = GOOD.replace("value = 160", 'value = "160"').replace('end = "18:00"', 'end = "07:00"')
    text = text.replace('kind = "blood_pressure"\nslots', 'kind = "bp"\nslots')
    with pytest.raises(FaultsError) as caught:
        parse(text, name="small.toml")
    told = str(caught.value).splitlines()
    assert len(told) == 3
    lines = text.splitlines()
    places = {}
    for line in told:
        name, number, key, _ = line.split(":", 3)
        assert name == "small.toml"
        places[key.strip()] = lines[int(number) - 1].split(" = ")[0]
    assert places == {
        "measures[0].kind": "kind",
        "rules[0].bounds[0].value": "bounds",
        "hours.end": "end",
    }


def test_a_fault_of_syntax_has_its_line() -> None:
    with pytest.raises(FaultsError) as caught:
        parse('id = "x"\nversion = = 1\n', name="x.toml")
    assert str(caught.value).startswith("x.toml:2: is no TOML:")


@pytest.mark.parametrize(
    ("op", "value", "allowed"),
    [
        (">=", 161, True), (">=", 160, False), (">=", 159, False),
        (">", 161, True), (">", 160, True), (">", 159, False),
    ],
)  # fmt: skip
def test_the_graver_limit_is_the_harder_one(op: str, value: int, *, allowed: bool) -> None:
    text = with_rule(bound(op, value))
    if allowed:
        parse(text)
    else:
        assert "inverted" in faults(text)["rules[2].bounds[0]"]


@pytest.mark.parametrize(("clear", "allowed"), [(149, True), (179, True), (180, False)])
def test_clear_lies_on_the_good_side(clear: int, *, allowed: bool) -> None:
    text = with_rule(bound(">=", 180, clear=clear))
    assert allowed or "rules[2].bounds[0].clear" in faults(text)
    if allowed:
        parse(text)


def test_a_confirmed_limit_may_lie_where_a_plain_one_does() -> None:
    parse(with_rule(bound(">=", 160), kind="confirmed_limit"))


def test_what_is_switched_off_stands_in_nobodys_way() -> None:
    parse(with_rule(bound(">=", 100) + "\nenabled = false"))


def test_together_does_not_name_what_is_switched_off() -> None:
    off = GOOD.replace('id = "mean"', 'id = "mean"\nenabled = false')
    text = off + RULE.format(type="together", severity="high", rest='of = ["high", "mean"]')
    assert "switched off" in faults(text)["rules[2].of[1]"]


@pytest.mark.parametrize("programme", shipped(), ids=lambda each: str(each.id))
def test_a_programme_survives_its_canonical_form(programme: Programme) -> None:
    again = checked(msgspec.json.decode(canonical(programme)))
    assert again == programme
    assert digest(again) == digest(programme)


def test_the_digest_is_of_what_it_says_and_not_of_how() -> None:
    assert digest(parse(GOOD)) == digest(parse("# a remark\n" + GOOD))
    assert digest(parse(GOOD)) != digest(parse(GOOD.replace("160", "161")))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip
PARTS = list(tomllib.loads(GOOD))


@given(st.sampled_from(PARTS), plain)
def test_whatever_stands_in_a_file_it_is_accepted_or_refused(part: str, junk: Any) -> None:
    """What the checker passes, msgspec takes; nothing else is ever raised."""
    data = tomllib.loads(GOOD) | {part: junk}
    with suppress(FaultsError):
        assert checked(data) == msgspec.convert(data, Programme)


@given(st.sampled_from(["id", "type", "kind", "severity", "bounds", "lane", "clear_after"]), plain)
def test_whatever_stands_in_a_rule_it_is_accepted_or_refused(field: str, junk: Any) -> None:
    data = tomllib.loads(GOOD)
    data["rules"][0][field] = junk
    with suppress(FaultsError):
        assert checked(data) == msgspec.convert(data, Programme)


BOMBS = [
    ("a number without end", GOOD.replace("value = 160", "value = " + "9" * 5000)),
    ("one in hexadecimal", GOOD.replace("value = 160", "value = 0x" + "f" * 5000)),
    ("one for a word", GOOD.replace('type = "limit"', "type = 0x" + "f" * 5000)),
    ("a version no column holds", GOOD.replace("version = 1", "version = 3000000000")),
    ("a limit nobody crosses", GOOD.replace("value = 160, clear = 150", "value = 1e308")),
    ("a key of 100,000 parts", ".".join(["a"] * 100_000) + " = 1"),
    ("20,000 unknown keys", "\n".join(f"zz{number} = 1" for number in range(20_000))),
    ("10,000 rules", GOOD + RULE * 2000),
    (
        "7,000 bounds",
        GOOD.replace(
            "bounds = [{ metric",
            "bounds = ["
            + '{metric="systolic",op=">",value=90},{metric="systolic",op="<",value=91},' * 2500
            + "{ metric",
            1,
        ),
    ),
    ("a title of 100,000 letters", GOOD.replace('"Small"', '"' + "x" * 100_000 + '"')),
    ("a title that reads backwards", GOOD.replace('"Small"', '"\\u202Ellams"')),
    ("NUL in a title", GOOD.replace('"Small"', '"a\\u0000b"')),
    ("an id with a line feed", GOOD.replace('id = "high"', 'id = "high\\n"')),
    ("a time with a line feed", GOOD.replace('"12:00"', '"12:00\\n"')),
    (
        "5,000 slots at once",
        GOOD.replace("slots = [", "slots = [" + '{name="a",start="00:00",end="24:00"},' * 5000),
    ),
]  # fmt: skip


@pytest.mark.parametrize("text", [row[1] for row in BOMBS], ids=[row[0] for row in BOMBS])
def test_what_is_meant_to_choke_is_refused_soon_and_in_few_words(text: str) -> None:
    begun = time.thread_time()  # Ours alone, however busy the machine is.
    with pytest.raises(FaultsError) as refused:
        parse(text, name="bomb.toml")
    assert time.thread_time() - begun < 10
    assert len(refused.value.faults) <= FAULTS_MOST
    assert max(len(line) for line in str(refused.value).splitlines()) < 400


def test_staffed_minutes_that_would_last_for_years_are_refused() -> None:
    """The step could never be put on a calendar, and the patient never be judged."""
    text = GOOD.replace('start = "08:00"\nend = "18:00"', 'start = "08:00"\nend = "08:01"')
    found = faults(text.replace("after_min = 15", "after_min = 600"))
    assert "staffed minutes" in found["ladders[0].steps[1].after_min"]
