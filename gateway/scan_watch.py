"""When the radio hears nothing: how long to wait before what. Pure."""

from enum import StrEnum

from gateway.settings import RadioRules


class Remedy(StrEnum):
    NONE = "something was heard lately"
    RESTART_SCAN = "nothing heard: the scan may have stopped without a word"
    RESET_ADAPTER = "nothing heard after a new scan: the adapter may be wedged"
    GIVE_UP = "nothing heard after a reset: a fresh process may do better"


def remedy(rules: RadioRules, *, silent_s: float, last: Remedy) -> Remedy:
    """The next remedy that has not been tried in this silence, if it is its time."""
    if silent_s >= rules.silence_exit_s and rules.exit_when_silent:
        return Remedy.GIVE_UP
    if silent_s >= rules.silence_reset_s and last is not Remedy.RESET_ADAPTER:
        return Remedy.RESET_ADAPTER
    if silent_s >= rules.silence_restart_s and last is Remedy.NONE:
        return Remedy.RESTART_SCAN
    return Remedy.NONE
