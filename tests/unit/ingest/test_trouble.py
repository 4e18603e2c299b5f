import asyncpg
import pytest

from ingest.trouble import RAISED_BY_DATABASE, condemns, rule_broken
from store.errors import ContestedInstantError


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.NumericValueOutOfRangeError(),
        asyncpg.CharacterNotInRepertoireError(),
        asyncpg.UntranslatableCharacterError(),
        asyncpg.CheckViolationError(),
        asyncpg.NotNullViolationError(),
        asyncpg.ProgramLimitExceededError(),
        asyncpg.DataError("invalid input for query argument $3"),
    ],
)
def test_the_data_condemn_a_reading(error: asyncpg.PostgresError) -> None:
    assert condemns(error)
    assert isinstance(error, RAISED_BY_DATABASE)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.InterfaceError("closed"),
        asyncpg.InternalClientError("out of step"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.AdminShutdownError("going down"),
        asyncpg.DeadlockDetectedError("you or me"),
        asyncpg.DiskFullError("no room"),
        asyncpg.ReadOnlySQLTransactionError("a standby"),
        asyncpg.QueryCanceledError("too slow"),
        asyncpg.UndefinedTableError("not migrated"),
        asyncpg.InsufficientPrivilegeError("not ours"),
        ContestedInstantError(),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
def test_circumstances_condemn_nothing(error: Exception) -> None:
    assert not condemns(error)
    assert isinstance(error, RAISED_BY_DATABASE)


def test_a_bug_is_not_taken_for_a_database_that_is_away() -> None:
    assert not isinstance(KeyError("row"), RAISED_BY_DATABASE)


def test_the_broken_rule_is_told_without_the_values() -> None:
    error = asyncpg.CheckViolationError('Failing row contains (…, "128")')
    error.table_name, error.constraint_name = "readings", "readings_systolic"
    told = rule_broken(error)
    assert told == (
        "CheckViolationError sqlstate=23514 table_name=readings constraint_name=readings_systolic"
    )
