"""Failures that a person can put right, in one line; the rest are bugs and keep their trace."""

import os
from importlib import import_module
from typing import Final

_TREES: Final = (
    ("hearthbeat.errors", "HearthbeatError"),
    ("care.errors", "CareError"),
    ("console.errors", "ConsoleError"),
    ("device_profiles.errors", "DecodeError"),
    ("gateway.errors", "GatewayError"),
    ("ingest.errors", "IngestError"),
    ("simulator.errors", "SimulatorError"),
    ("store.errors", "StoreError"),
    ("wire.errors", "WireError"),
)
"""The top of each package's tree of errors."""


def explain(error: BaseException) -> str | None:
    """One line for the operator, or None where the failure is not one that we foresaw."""
    if isinstance(error, BaseExceptionGroup):
        said = [explain(one) for one in error.exceptions]
        return "; ".join(one for one in said if one) if all(said) else None
    if _is_ours(error):
        return str(error) or type(error).__doc__ or type(error).__name__
    return of_the_system(error) if isinstance(error, OSError) else None


def of_the_system(error: OSError) -> str:
    """What the system said, without its numbers; with the file that it is about."""
    said = error.strerror or str(error) or type(error).__name__
    if isinstance(error, ConnectionRefusedError):
        return f"nothing answers there: {said}"
    said = said[:1].lower() + said[1:]
    return said if error.filename is None else f"{os.fsdecode(error.filename)}: {said}"


def _is_ours(error: BaseException) -> bool:
    roots = {cls.__module__.partition(".")[0] for cls in type(error).__mro__}
    for module, name in _TREES:
        # Only a package that took part can have raised: importing the others would cost.
        if module.partition(".")[0] in roots and isinstance(
            error, getattr(import_module(module), name)
        ):
            return True
    return False
