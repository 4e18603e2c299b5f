"""Who pays, whose rules they follow, and what they ask otherwise."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from billing.eligibility.policy import Policy
from billing.eligibility.rule_set import RuleBook
from billing.months.records import ClaimForm
from billing.parties.payers import (
    PayerTerms,
    RuleTerms,
    add_payer,
    add_rule,
    change_payer,
    find_payer,
    list_payers,
    list_rules,
    withdraw_rule,
)
from billing.rule_notice import named
from billing.stated_rules import book_of_practice
from console.billing import policy_words, typed, words
from console.billing.faults import REFUSALS, said, status_of
from console.billing.tabs import tabs
from console.billing_access import SETTERS
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.web.forms import Form, form_of
from console.web.page import render, see_other

HERE: Final = "/billing/payers"
FIELDS: Final = ("key", "name", "payer_id", "authority", "filing_code", "claim_form", "corrects_by")
RULE: Final = (
    "code", "effective_from", "effective_to", "accepted", "min_days", "max_units", "diagnoses",
    "modifiers", "source", "source_read_on",
)  # fmt: skip
CORRECTS: Final = (
    ("reopening", "By reopening: the claim is not sent again"),
    ("replacement", "By replacement: frequency codes 7 and 8"),
)
FILING: Final = (
    ("MB", "MB, Medicare Part B"), ("MC", "MC, Medicaid"), ("CI", "CI, commercial"),
    ("16", "16, Medicare Advantage"), ("BL", "BL, Blue Cross and Blue Shield"),
)  # fmt: skip


async def page(request: web.Request) -> web.Response:
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        payers = await list_payers(conn, caller.organisation_id)
        book = await book_of_practice(conn, caller.organisation_id)
    context = {
        "payers": payers, "forms": words.FORM_WORDS, "authorities": _authorities(book),
        "sets": caller.role in SETTERS, **tabs(caller, HERE),
    }  # fmt: skip
    return render(request, "billing/payers.html", context)


async def new(request: web.Request) -> web.Response:
    return await _new(request, None, {})


async def add(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    try:
        async with parts.transaction() as conn:
            made = await add_payer(
                conn, caller.organisation_id, form.text("key"), _terms_in(form, Policy()),
                actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        return await _new(request, form, said(error), status=status_of(error))
    return see_other(f"{HERE}/{made.id}", told="The payer is added.")


async def one(request: web.Request) -> web.Response:
    return await _one(request, None, None, {})


async def change(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    payer_id = id_in_path(request)
    try:
        async with parts.transaction() as conn:
            before = await find_payer(conn, caller.organisation_id, payer_id)
            await change_payer(
                conn, caller.organisation_id, payer_id, _terms_in(form, before.terms.policy),
                actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        return await _one(request, form, None, said(error), status=status_of(error))
    return see_other(f"{HERE}/{payer_id}", told="Saved. Open months are worked out anew.")


async def rule(request: web.Request) -> web.Response:
    """Adds one, or withdraws one."""
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    payer_id, now = id_in_path(request), parts.clock()
    try:
        async with parts.transaction() as conn:
            if form.text("do") == "withdraw":
                which = typed.id_of(form, "rule", "choose a rule")
                await withdraw_rule(
                    conn, caller.organisation_id, payer_id, which, actor=caller.user_id, now=now
                )
            else:
                await add_rule(
                    conn, caller.organisation_id, payer_id, _rule_in(form), actor=caller.user_id,
                    now=now,
                )  # fmt: skip
    except REFUSALS as error:
        return await _one(request, None, form, said(error), status=status_of(error))
    told = "The rule is withdrawn." if form.text("do") == "withdraw" else "The rule is added."
    return see_other(f"{HERE}/{payer_id}", told=told)


def _terms_in(form: Form, before: Policy) -> PayerTerms:
    return PayerTerms(
        name=form.text("name"),
        payer_id=form.given("payer_id"),
        authority=form.given("authority"),
        filing_code=form.text("filing_code"),
        claim_form=form.text("claim_form"),
        corrects_by=form.text("corrects_by"),
        date_range=form.ticked("date_range"),
        policy=policy_words.policy_in(form, before),
    )


def _rule_in(form: Form) -> RuleTerms:
    return RuleTerms(
        code=form.text("code"),
        effective_from=typed.day(form, "effective_from"),
        effective_to=typed.day_or_none(form, "effective_to"),
        accepted=form.text("accepted") != "no",
        min_days=typed.whole_or_none(form, "min_days"),
        max_units=typed.whole_or_none(form, "max_units"),
        diagnoses=typed.parts_of(form, "diagnoses"),
        prior_authorisation=form.ticked("prior_authorisation"),
        modifiers=typed.parts_of(form, "modifiers"),
        source=form.text("source"),
        source_read_on=typed.day_or_none(form, "source_read_on"),
    )


def _values(terms: PayerTerms, key: str, form: Form | None) -> dict[str, Any]:
    if form is not None:
        values: dict[str, Any] = {name: form.text(name) for name in FIELDS}
        values |= {"date_range": form.ticked("date_range"), "key": form.text("key") or key}
        return values | {"policy": policy_words.typed_in(form)}
    values = {name: getattr(terms, name) or "" for name in FIELDS if name != "key"}
    policy = policy_words.values_of(terms.policy)
    return values | {"key": key, "date_range": terms.date_range, "policy": policy}


def _authorities(book: RuleBook) -> dict[str, str]:
    """Shipped ones, and those whose rules the practice has taken in."""
    return {each: named(each) for each in book.authorities()}


def _common(book: RuleBook) -> dict[str, Any]:
    known = _authorities(book).items()
    return {
        "questions": policy_words.QUESTIONS,
        "authorities": [("", "Nobody has said: nothing is eligible"), *known],
        "claim_forms": [(each, words.FORM_WORDS[each]) for each in ClaimForm],
        "corrects": CORRECTS,
        "filing": FILING,
    }


async def _new(
    request: web.Request, form: Form | None, faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        book = await book_of_practice(conn, request[CALLER].organisation_id)
    context = {
        "values": _values(PayerTerms(name=""), "", form), "faults": faults, "rule_faults": {},
        "payer": None,
        "refused": _elsewhere(faults), **_common(book),
    }  # fmt: skip
    return render(request, "billing/payer.html", context, status=status)


async def _one(
    request: web.Request,
    form: Form | None,
    rule_form: Form | None,
    faults: Mapping[str, str],
    *,
    status: int = 200,
) -> web.Response:
    caller, payer_id = request[CALLER], id_in_path(request)
    async with request.app[PARTS].connection() as conn:
        payer = await find_payer(conn, caller.organisation_id, payer_id)
        rules = await list_rules(conn, caller.organisation_id, payer_id)
        book = await book_of_practice(conn, caller.organisation_id)
    of_rule = rule_form is not None
    context: dict[str, Any] = {
        "payer": payer,
        "rules": rules,
        "values": _values(payer.terms, payer.key, form),
        "typed": {name: rule_form.text(name) if rule_form else "" for name in RULE},
        "needs_authorisation": rule_form is not None and rule_form.ticked("prior_authorisation"),
        "faults": {} if of_rule else faults,
        "rule_faults": faults if of_rule else {},
        "refused": _elsewhere(faults),
        "sets": caller.role in SETTERS,
        **_common(book),
    }
    return render(request, "billing/payer.html", context, status=status)


def _elsewhere(faults: Mapping[str, str]) -> str:
    """Of fields that no form has."""
    named = {*FIELDS, *RULE, *(each.name for each in policy_words.QUESTIONS)}
    return " ".join(each for field, each in faults.items() if field not in named)
