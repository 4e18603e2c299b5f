import msgspec

from care.programme_differences import differences, hours_words, ladder_words
from care.programmes import shipped

PROGRAMME = next(each for each in shipped() if each.id == "heart-failure")


def test_the_same_programme_differs_in_nothing() -> None:
    for each in shipped():
        assert differences(each, each) == []


def test_a_new_number_alone_is_no_difference() -> None:
    assert differences(PROGRAMME, msgspec.structs.replace(PROGRAMME, version=2)) == []


def test_a_rule_that_is_new_or_gone_is_one_line() -> None:
    less = msgspec.structs.replace(PROGRAMME, rules=PROGRAMME.rules[1:])
    (found,) = differences(PROGRAMME, less)
    assert (found.what, found.after) == ("removed", "")
    (found,) = differences(less, PROGRAMME)
    assert (found.what, found.before) == ("added", "")
    assert found.where == f"rule {PROGRAMME.rules[0].id}"


def test_each_field_of_a_rule_that_differs_is_a_line() -> None:
    rule = msgspec.structs.replace(PROGRAMME.rules[0], enabled=False, label="Something else")
    changed = msgspec.structs.replace(PROGRAMME, rules=(rule, *PROGRAMME.rules[1:]))
    found = {each.where: (each.before, each.after) for each in differences(PROGRAMME, changed)}
    assert found[f"rule {rule.id}, enabled"] == ("yes", "no")
    assert found[f"rule {rule.id}, label"][1] == "Something else"
    assert len(found) == 2


def test_hours_ladders_and_the_rest_are_compared() -> None:
    hours = msgspec.structs.replace(PROGRAMME.hours, end="17:00")
    changed = msgspec.structs.replace(
        PROGRAMME, hours=hours, ladders=PROGRAMME.ladders[:-1], title="Other"
    )
    where = {each.where for each in differences(PROGRAMME, changed)}
    assert {"title", "staffed hours", f"ladder {PROGRAMME.ladders[-1].severity}"} == where


def test_ladders_and_hours_read_as_sentences() -> None:
    assert hours_words(PROGRAMME.hours).startswith("mon, tue, wed, thu, fri 08:00-")
    for ladder in PROGRAMME.ladders:
        assert "_" not in ladder_words(ladder)
