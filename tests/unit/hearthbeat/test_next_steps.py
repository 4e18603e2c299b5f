"""What `up` tells the owner of a clinic that is not set up yet."""

from hearthbeat.next_steps import Have, in_words

NOTHING = Have(organisations=False, users=False, patients=False, gateways=False)


def test_an_empty_clinic_is_told_every_step_in_order() -> None:
    said = in_words(NOTHING, command="bin/hearthbeat")
    assert said[0].startswith("  This clinic is empty.")
    starts = [line.split()[1:3] for line in said if line.startswith("    bin/hearthbeat ")]
    assert starts == [
        ["organisation", "add"],
        ["user", "add"],
        ["patient", "add"],
        ["gateway", "add"],
    ]


def test_only_what_is_missing_is_named() -> None:
    some = Have(organisations=True, users=True, patients=False, gateways=True)
    said = in_words(some, command="hearthbeat")
    assert "lacks something" in said[0]
    (step,) = [line for line in said if " add " in line]
    assert step.startswith("    hearthbeat patient add P1 ")


def test_a_clinic_that_is_set_up_is_told_nothing() -> None:
    assert (
        in_words(Have(organisations=True, users=True, patients=True, gateways=True), command="")
        == []
    )
