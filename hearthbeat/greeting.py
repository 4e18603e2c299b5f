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
            f"    {role:<8} {who.username:<10} {who.password}" for role, who in ready.users.items()
        ]
        lines.append("")
    lines += steps
    lines.append(
        f"  In another terminal: `{command} watch` shows readings live,\n"
        f"  `{command} doctor` looks for trouble.\n"
        "  Ctrl-C stops everything.\n"
    )
    return "\n".join(lines)


def _door(system: System) -> str:
    if system.broker is None:
        return ""
    door = ", any gateway may connect without a name" if system.broker.open_door else ""
    return f"  ({system.broker.kind}, this machine only{door})"
