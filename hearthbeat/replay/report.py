"""The reconciliation, for people and for machines."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from hearthbeat.replay import alerting
from hearthbeat.replay.alerting import Raised
from hearthbeat.replay.reconcile import Account, Fate, Presence
from hearthbeat.replay.run import Outcome

FILES_SHOWN: Final = 12
"""With more files the table has a row per format."""
EXAMPLES_SHOWN: Final = 20
COLUMNS: Final = (
    Fate.REFUSED,
    Fate.STORED,
    Fate.DUPLICATE,
    Fate.REPEATED,
    Fate.QUARANTINED,
    Fate.MISSING,
    Fate.DIFFERENT,
)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Totals, and every file by itself."""
    accounts = outcome.accounts
    return {
        **_counted(total(accounts, "all", "all")),
        "alerts": _raised(outcome, accounts).alerts,
        "alerts_late": _raised(outcome, accounts).late,
        "alert_findings": _raised(outcome, accounts).findings,
        "people_told": _raised(outcome, accounts).told,
        "awaiting_evaluation": outcome.awaiting_evaluation,
        "readings": outcome.readings,
        "readings_in_table": _present(total(accounts, "all", "all")),
        "new": outcome.new,
        "seconds": round(outcome.seconds, 1),
        "accounted_for": all(account.settled for account in accounts),
        "files": [
            {
                "file": one.file,
                "format": one.format,
                **_counted(one),
                "alerts": _raised(outcome, [one]).alerts,
                "trouble": one.examples,
            }
            for one in accounts
        ],
    }


def show(outcome: Outcome, console: Console) -> None:
    """The table, the reasons, and what is in trouble."""
    accounts = outcome.accounts
    table = Table(box=SIMPLE, title="Reconciliation", title_justify="left")
    table.add_column("recording", min_width=20)
    for name in ("read", *map(str, COLUMNS), "alerts"):
        table.add_column(name, justify="right", no_wrap=True)
    for one, parts in _grouped(accounts):
        table.add_row(*_cells(one, _raised(outcome, parts)))
    whole = total(accounts, "all", "all")
    table.add_section()
    table.add_row(*_cells(whole, _raised(outcome, accounts)), style="bold")
    console.print(table)
    for (fate, reason), count in whole.reasons.most_common():
        console.print(f"  {fate}: {reason}: {count:,}", markup=False, highlight=False)
    console.print(f"  {alerts_said(outcome)}", markup=False, highlight=False)
    for line in sums(whole, seconds=outcome.seconds):
        console.print(f"  {line}", markup=False, highlight=False)
    trouble = [line for one in accounts for line in one.examples]
    for line in trouble[:EXAMPLES_SHOWN]:
        console.print(f"  {line}", style="red", markup=False, highlight=False)
    if len(trouble) > EXAMPLES_SHOWN:
        console.print(f"  … and {len(trouble) - EXAMPLES_SHOWN} more", style="red")


def sums(whole: Account, *, seconds: float) -> list[str]:
    """How the rows of the files and the readings in the table come together."""
    readings = sum(whole.readings.values())
    fats = f"{readings - whole.sent:,} for a body fat beside a weight"
    parts = [f"{count:,} {name.replace('_', ' ')}" for name, count in _present(whole).items()]
    return [
        f"rows: {whole.rows:,} read = {whole.fates[Fate.REFUSED]:,} refused + {whole.sent:,} sent",
        f"readings: {whole.sent:,} rows sent + {fats} = {readings:,}, in {seconds:.0f} s",
        f"in the table: {readings:,} readings = {' + '.join(parts)}",
    ]


def alerts_said(outcome: Outcome) -> str:
    """What the clinic's rules made of it, in a line."""
    found = alerting.together(outcome.raised.values())
    said = (
        f"alerts: {found.alerts:,}, of which {found.late:,} are backlogs for review with "
        f"{found.findings:,} episodes beyond a limit; {found.told:,} messages to people"
    )
    if outcome.awaiting_evaluation:
        return f"{said}; {outcome.awaiting_evaluation:,} readings still await evaluation"
    return said


def _raised(outcome: Outcome, accounts: Sequence[Account]) -> Raised:
    return alerting.together(outcome.raised.get(account.file, Raised()) for account in accounts)


def _present(whole: Account) -> dict[str, int]:
    return {str(presence): whole.readings[presence] for presence in Presence}


def total(accounts: Sequence[Account], file: str, format_: str) -> Account:
    """Several accounts as one."""
    return Account(
        file=file,
        format=format_,
        rows=sum(one.rows for one in accounts),
        fates=sum((one.fates for one in accounts), Counter[Fate]()),
        reasons=sum((one.reasons for one in accounts), Counter[tuple[Fate, str]]()),
        examples=[line for one in accounts for line in one.examples],
        readings=sum((one.readings for one in accounts), Counter[Presence]()),
    )


def _grouped(accounts: Sequence[Account]) -> list[tuple[Account, Sequence[Account]]]:
    """Each row of the table, and what it is the total of."""
    if len(accounts) <= FILES_SHOWN:
        return [(account, [account]) for account in accounts]
    names = dict.fromkeys(account.format for account in accounts)
    groups = [(name, [one for one in accounts if one.format == name]) for name in names]
    return [
        (total(ones, f"{name} ({len(ones)} {'file' if len(ones) == 1 else 'files'})", name), ones)
        for name, ones in groups
    ]


def _cells(one: Account, raised: Raised) -> list[str]:
    fates = [f"{one.fates[fate]:,}" for fate in COLUMNS]
    return [one.file, f"{one.rows:,}", *fates, f"{raised.alerts:,}"]


def _counted(one: Account) -> dict[str, Any]:
    reasons: dict[str, dict[str, int]] = {}
    for (fate, reason), count in sorted(one.reasons.items()):
        reasons.setdefault(str(fate), {})[reason] = count
    return {
        "read": one.rows,
        "sent": one.sent,
        **{str(f): one.fates[f] for f in COLUMNS},
        "reasons": reasons,
    }
