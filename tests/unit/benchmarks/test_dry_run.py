"""The dry run's benchmark judges what it says it does."""

from pathlib import Path

from benchmarks.rig import dry_run_workload as workload
from benchmarks.rows import dry_run
from vitals.kinds import Kind


def test_columns_and_files_of_the_workload_are_judged(tmp_path: Path) -> None:
    made = workload.columns(people=3, days=20)
    assert len(made) == 3 * 20 * sum(workload.A_DAY.values())
    assert dry_run.judged(made, workload.everything()) > 0
    workload.write_csv(tmp_path / "some.csv", rows=1_000)
    assert dry_run.from_files([tmp_path / "some.csv"], workload.limits()) > 0
    assert len(workload.numbers(made.of(Kind.GLUCOSE), "glucose")) == 3


def test_every_rule_of_every_programme_is_there_once() -> None:
    rules = workload.everything().rules
    assert len({rule.id for rule in rules}) == len(rules) > 50
