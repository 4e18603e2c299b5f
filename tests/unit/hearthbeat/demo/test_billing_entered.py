"""What the demonstration enters for billing."""

from billing.exports.codes import MBI
from hearthbeat.demo.billing_entered import member_id


def test_member_numbers_have_the_form_of_medicares_and_are_one_persons_each() -> None:
    made = [member_id(f"60{number:04d}") for number in range(10_000)]
    assert all(MBI.fullmatch(each) for each in made)
    assert len(set(made)) == len(made)
