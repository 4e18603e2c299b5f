"""What `up` says when everything runs: where to look, and who may sign in."""

from collections.abc import Sequence

from hearthbeat.everything import System
from hearthbeat.running import Ready


def greeting(system: System, ready: Ready, *, command: str, steps: Sequence[str] = ()) -> str:
    """A few lines for the terminal. `command` is how this program is called there; `steps` are
    lines on what comes next.
    """
    lines = [
        "",
        f"  Console   {ready.console}",
        f"  API       {ready.api}  (described at {ready.api}/openapi.json)",
        f"  MQTT      {system.mqtt}{_door(system)}",
        f"  Data      {ready.data}",
        "",
    ]
    if ready.users:
        lines.append("  Sign in as (passwords were made for this data directory):")
        lines += [
            f"    {role:<10} {who.username:<10} {who.password}" for role, who in ready.users.items()
        ]
        lines.append("")
        lines += _where_to_begin(system, ready)
    lines += steps
    lines.append(
        f"  In another terminal: `{command} watch` shows readings live,\n"
        f"  `{command} doctor` looks for trouble.\n"
        "  Ctrl-C stops everything.\n"
    )
    return "\n".join(lines)


def _where_to_begin(system: System, ready: Ready) -> list[str]:
    """For who sees it for the first time."""
    shown = system.demonstration
    if shown is None or not system.plan.patients:
        return []
    lines = [
        "  Where to begin:",
        f"    nurse      {ready.console}/queue     who needs somebody now, worst first",
        f"    patient    {ready.console}/my        what a patient sees, best on a telephone",
        f"    biller     {ready.console}/billing   what may be billed, why, and what may not",
        f"    admin      {ready.console}/devices   what is in the homes, and what is wrong there",
        "",
    ]
    if shown.without_past:
        making = f"the history of {shown.without_past} patients is being made"
        lines.insert(-1, f"    Until it is full takes about half a minute: {making}.")
    return lines


def _door(system: System) -> str:
    if system.broker is None:
        return ""
    door = ", any gateway may connect without a name" if system.broker.open_door else ""
    return f"  ({system.broker.kind}, this machine only{door})"
