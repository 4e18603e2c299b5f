"""`hearthbeat billing rules`: what holds, the next set from a file, a set confirmed for longer."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from tests.integration.billing.clinic import founded
from tests.integration.care.test_commands import Terminal
from tests.unit.billing.rule_texts import rules_text

RULES = ("billing", "rules")


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    async def work() -> None:
        conn = await asyncpg.connect(database)
        try:
            await founded(conn)
        finally:
            await conn.close()

    asyncio.run(work())
    return Terminal(capsys, monkeypatch, database)


def test_rules_are_listed_imported_and_confirmed(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.done(*RULES, "list")
    assert "medicare-2026" in said
    assert "shipped" in said
    file = tmp_path / "next.toml"
    file.write_text(rules_text().replace("max_days = 30", "max_days = 40, most = 2"))
    take = (*RULES, "import", str(file), "--reason", "from our adviser")
    said = terminal.refused(*take)
    assert "next.toml: medicare-2027.supply[0].most: is no field of a rule set" in said
    assert "medicare-2027.99454: min_days and max_days lie between 1 and 30" in said
    file.write_text(rules_text())
    assert terminal.done(*take).startswith(
        "Imported medicare-2027 version 1, confirmed through 2027-12-31."
    )
    assert "is here already, word for word" in terminal.refused(*take)
    found = {each["name"]: each for each in json.loads(terminal.done(*RULES, "list", "--json"))}
    assert found["medicare-2026"]["effective_to"] == "2026-12-31"
    assert found["medicare-2027"]["origin"] == "imported"
    sure = (*RULES, "confirm", "medicare-2027", "--reason", "read", "--by", "admin.north")
    assert "name a later day" in terminal.refused(*sure, "--through", "2027-12-31")
    assert "there is no rule set" in terminal.refused(
        *(*RULES, "confirm", "medicare-1999", "--reason", "read", "--through", "2027-12-31")
    )


def test_a_set_is_confirmed_in_somebodys_name(terminal: Terminal) -> None:
    sure = (*RULES, "confirm", "medicare-2026", "--reason", "read", "--by", "admin.north")
    said = terminal.done(*sure, "--through", "2027-03-31")
    assert said.startswith("medicare-2026 is confirmed through 2027-03-31.")
    listed = json.loads(terminal.done(*RULES, "list", "--json"))
    assert listed[0]["confirmed_through"] == "2027-03-31"


def test_days_that_another_set_is_confirmed_for_are_taken_where_it_is_named(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "medicare-2027.toml"
    file.write_text(rules_text())
    sure = (*RULES, "confirm", "medicare-2026", "--reason", "read")
    terminal.done(*sure, "--through", "2027-03-31")
    take = (*RULES, "import", str(file), "--reason", "the final rule")
    assert "medicare-2026" in terminal.refused(*take)
    assert terminal.refused(*take, "--replaces", "medicare-2025")
    said = terminal.done(*take, "--replaces", "medicare-2026")
    assert said.startswith("Imported medicare-2027 version 1")
    found = {each["name"]: each for each in json.loads(terminal.done(*RULES, "list", "--json"))}
    assert found["medicare-2026"]["effective_to"] == "2026-12-31"
