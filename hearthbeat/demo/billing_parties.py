"""Who bills and who pays at the demonstration clinic: all of it invented, with numbers that pass
their checks and that nobody has.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.months.records import Address, ClaimForm
from billing.parties.fees import import_fees
from billing.parties.payers import PayerTerms, RuleTerms, add_payer, add_rule
from billing.parties.practice import Profile, set_practice
from billing.parties.practitioners import add_practitioner
from billing.parties.rule_sets import confirm
from billing.stated_rules import book_of_practice
from hearthbeat.demo.care_records import NPI
from store.pool import Connection

PRACTICE: Final = Profile(
    legal_name="Demonstration Clinic Associates",
    npi="1999990009",
    tax_id="000000000",
    taxonomy="207RC0000X",
    address=Address(line_1="1 Example Square", city="Anytown", state="NY", zip_code="100019998"),
    contact_name="Priscilla Dunmore-Hale",
    phone="+1 202 555 0199",
    submitter_id="HBDEMO",
    receiver_id="NOBODY",
    receiver_name="No clearing house",
)
PAYERS: Final = (
    ("medicare_ffs", PayerTerms(name="Medicare", payer_id="00000", authority="medicare")),
    ("blue_harbour", PayerTerms(
        name="Blue Harbour Health", payer_id="BHH01", authority="medicare", filing_code="CI",
        corrects_by="replacement")),
    ("riverbend", PayerTerms(
        name="Riverbend Health Centres Plan", payer_id="RBHC1", authority="medicare",
        filing_code="MC", claim_form=ClaimForm.INSTITUTIONAL)),
    ("northern_lights", PayerTerms(
        name="Northern Lights Mutual", payer_id="NLM77", filing_code="CI")),
)  # fmt: skip
"""The last one has told nobody whose rules it follows."""
RULES: Final = (
    RuleTerms(code="99445", effective_from=dt.date(2026, 1, 1), accepted=False,
              source="Invented for the demonstration"),
    RuleTerms(code="99458", effective_from=dt.date(2026, 1, 1), max_units=2,
              source="Invented for the demonstration"),
)  # fmt: skip
"""Of the second payer."""
FEES: Final = """code,amount,charge
99453,20.00,45.00
99445,46.00,110.00
99454,46.00,110.00
99470,26.00,60.00
99457,50.00,120.00
99458,40.00,95.00
99490,64.00,150.00
99439,48.00,115.00
"""


READ: Final = "Demonstration: nobody has read the rules of these months"


class Parties(Struct, frozen=True, kw_only=True):
    payers: dict[str, UUID]
    practitioner: UUID


async def enter(
    conn: Connection, organisation_id: UUID, *, clinician: UUID, admin: UUID, now: dt.datetime
) -> Parties:
    await set_practice(conn, organisation_id, PRACTICE, actor=admin, now=now)
    doctor = await add_practitioner(
        conn, organisation_id, family_name="Osterwald", given_name="Renske", npi=NPI,
        credential="MD", user_id=clinician, actor=admin, now=now,
    )  # fmt: skip
    await add_practitioner(
        conn, organisation_id, family_name="Quillfeather", given_name="Jonas", npi="1999990017",
        credential="NP", actor=admin, now=now,
    )  # fmt: skip
    payers = {}
    for key, terms in PAYERS:
        made = await add_payer(conn, organisation_id, key, terms, actor=admin, now=now)
        payers[key] = made.id
    for rule in RULES:
        await add_rule(conn, organisation_id, payers["blue_harbour"], rule, actor=admin, now=now)
    await import_fees(
        conn, organisation_id, FEES, payer=None, name="Demonstration fees, invented",
        effective_from=dt.date(2024, 1, 1), actor=admin, now=now,
    )  # fmt: skip
    return Parties(payers=payers, practitioner=doctor.id)


async def confirm_rules(
    conn: Connection, organisation_id: UUID, through: dt.date, *, admin: UUID, now: dt.datetime
) -> None:
    """Years after a release its rules are confirmed no more, and months would show nothing."""
    rules = (await book_of_practice(conn, organisation_id)).of("medicare", through)
    if rules is not None and rules.confirmed_through < through:
        await confirm(
            conn, organisation_id, rules.name, through=through, reason=READ, actor=admin, now=now
        )
