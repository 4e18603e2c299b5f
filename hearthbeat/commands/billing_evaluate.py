"""`hearthbeat billing evaluate`: worked cases, by the shipped rules."""

import json
from pathlib import Path
from typing import Any

import click

from billing.eligibility.cases import evaluate_file
from billing.errors import BillingError
from billing.rule_files import shipped


@click.command("evaluate")
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(cases: Path) -> None:
    """Evaluate worked cases: JSON in, a JSON list of their answers out.

    A case that cannot be read is answered with `error`, which is also told on standard error; the
    others are answered all the same, and the command ends with status 1.
    """
    try:
        answers = evaluate_file(_document(cases), shipped=shipped())
    except BillingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(answers, indent=2))
    faults = [each["error"] for each in answers if "error" in each]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)


def _no_json(name: str, error: ValueError | RecursionError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"{name} is not a JSON file: it is not text in UTF-8"
    if not isinstance(error, json.JSONDecodeError):
        return f"{name} cannot be read: it holds a number or a nesting beyond all measure"
    where = f"line {error.lineno}, column {error.colno}"
    return f"{name} is not a JSON file: it cannot be read from {where} on"


def _document(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise click.ClickException(_no_json(file.name, error)) from error
    if not isinstance(found, dict) or not isinstance(found.get("cases"), list):
        raise click.ClickException(f"{file.name} has no list of cases at /cases")
    return found
