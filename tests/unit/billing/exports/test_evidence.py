import datetime as dt
import json
import re
from typing import Any

import pytest
from msgspec import structs

from billing.exports.errors import NoSuchLineError
from billing.exports.evidence import Evidence, Stamp, as_json, evidence_of, hash_of
from billing.exports.rule_words import RULE_WORDS, in_words
from billing.exports.shown import of_evidence, of_superbill
from billing.exports.superbill import superbill_of
from billing.months.records import MonthHead, PatientMonth
from console.web.templates import environment
from tests.unit.billing.exports.making import (
    CUFF,
    DOCTOR,
    EPISODE,
    HEAD,
    at,
    day,
    entry,
    id_of,
    line,
    patient,
)

STAMPS = (
    Stamp(at=at(31, 20), who="Grace Okafor, MD", what="Approved"),
    Stamp(at=dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), who="Ben Ode", what="Locked"),
)


def evidence(made: PatientMonth | None = None, head: MonthHead = HEAD) -> Evidence:
    found = made or patient()
    return evidence_of(head, found, found.lines[0].line_id, stamps=STAMPS)


def page_of(made: Evidence) -> str:
    text = environment().get_template("billing/evidence.html").render(**of_evidence(made))
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_it_holds_everything_that_an_auditor_asks_for() -> None:
    told = json.loads(as_json(evidence()))
    assert told["who"]["birth_date"] == "1950-02-03"
    assert told["cover"]["payer_id"] == "00952"
    assert told["episode"]["established"]["visit_on"] == "2026-09-14"
    assert told["episode"]["order"]["by"]["npi"] == DOCTOR.npi
    assert told["episode"]["consent"]["text_version"] == "rpm-consent-2026-01"
    assert told["devices"][0]["udi"] == CUFF.udi
    assert [each["counted"] for each in told["days"]] == [True, True, False]
    assert told["dates_counted"] == 2
    assert told["seconds_counted"] == 840
    assert told["live_contacts"] == [str(id_of("entry", 4))]
    assert told["exclusions"] == [{"of": "days", "reason": "typed", "count": 1}]
    assert told["rules"][0] == {"id": "D-1", "words": RULE_WORDS["D-1"]}
    assert told["month"]["sha256"] == HEAD.sha256
    assert told["month"]["rules_digest"] == HEAD.rules_digest
    assert [each["who"] for each in told["stamps"]] == ["Grace Okafor, MD", "Ben Ode"]


def test_the_page_shows_all_of_it() -> None:
    text = page_of(evidence())
    for part in (
        "99454", "17 of 16 days", "Muñoz, Inés", "3 Feb 1950", "00952", "1EG4TE5MK73",
        "14 Sep 2026", "rpm-consent-2026-01", "Grace Okafor, MD", "1245319599", "1234567893",
        "A&amp;D UA-651BLE", "BP-1001", "(01)00093764603181", "Cleared as a medical device",
        "2026-10-01", "2026-10-01 13:05", "2 days count", "Nora Quill, RN", "7:00",
        "14:00 min count", "Talked about the salt", "Live, by phone".lower(), RULE_WORDS["D-2"],
        "medicare-2026", "Approved", "Locked", str(HEAD.sha256), HEAD.rules_digest,
        evidence().sha256, str(patient().lines[0].line_id),
    ):  # fmt: skip
        assert part in text, part


def test_the_same_line_has_the_same_bytes_and_hash() -> None:
    assert as_json(evidence()) == as_json(evidence())
    assert evidence().sha256 == hash_of(evidence())


@pytest.mark.parametrize(
    "other",
    [
        {"days": (day(1),)},
        {"time": (entry(4, note="Other words."),)},
        {"devices": ()},
        {"episodes": (structs.replace(EPISODE, consent=None),)},
        {"flags": ("LATE_ARRIVAL",)},
    ],
    ids=str,
)
def test_whatever_is_changed_changes_the_hash(other: dict[str, Any]) -> None:
    assert evidence(patient(**other)).sha256 != evidence().sha256


def test_what_is_missing_is_said_and_nothing_is_guessed() -> None:
    bare = structs.replace(
        EPISODE, consent=None, order=None, established=None, taught=None, practitioner=None
    )
    made = patient(
        episodes=(bare,), devices=(), days=(), time=(), cover=None,
        lines=(line(rendering=None, ordering=None, charge=None, diagnoses=()),),
    )  # fmt: skip
    text = page_of(evidence(made))
    for part in (
        "No visit is recorded", "Not recorded", "Nobody named", "No fee is known",
        "No device was with the patient", "No reading lies in this window",
        "No time is logged", "Not entered",
    ):  # fmt: skip
        assert part in text, part
    assert "No episode of this service" in page_of(evidence(patient(episodes=())))


def test_a_draft_says_that_it_is_one() -> None:
    still = structs.replace(HEAD, locked_at=None, locked_by=None, sha256=None, version=0)
    text = page_of(evidence(head=still))
    assert "Draft." in text
    assert "the month is not locked" in text


def test_only_the_days_of_the_window_and_the_time_of_the_service_are_in_it() -> None:
    made = patient(
        lines=(line(window_from=dt.date(2026, 10, 2), window_to=dt.date(2026, 10, 3)),),
        days=(day(1), day(2), day(3), day(4)),
        time=(entry(4), entry(5, service="ccm")),
    )
    found = evidence(made)
    assert [each.local_date.day for each in found.days] == [2, 3]
    assert [each.service for each in found.time] == ["rpm"]


def test_devices_are_those_that_were_with_the_patient_then() -> None:
    before = structs.replace(CUFF, assigned_to=dt.datetime(2026, 9, 28, tzinfo=dt.UTC))
    after = structs.replace(CUFF, assigned_from=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    assert evidence(patient(devices=(before, CUFF, after))).devices == (CUFF,)


def test_a_line_of_another_month_has_no_evidence_here() -> None:
    with pytest.raises(NoSuchLineError):
        evidence_of(HEAD, patient(), id_of("no line"))


def test_every_rule_has_words_and_a_payers_own_has_none() -> None:
    assert all(words.endswith(".") for words in RULE_WORDS.values())
    assert in_words("UHC-7") == ""


def test_a_superbill_adds_up_and_letters_the_diagnoses() -> None:
    bill = superbill_of(HEAD, patient())
    assert bill.diagnoses == (("A", "I10"), ("B", "I50.9"))
    assert [each.pointers for each in bill.lines] == ["A, B", "A, B"]
    assert str(bill.charge) == "103.88"
    text = environment().get_template("billing/superbill.html").render(**of_superbill(bill))
    assert "103.88" in text
    assert "25 of 40 minutes" in text
    none = superbill_of(HEAD, patient(lines=(line(charge=None),)))
    assert none.without_charge == 1
    shown = environment().get_template("billing/superbill.html").render(**of_superbill(none))
    assert "without 1 line for which no fee is known" in shown
