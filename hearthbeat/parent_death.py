"""Nothing outlives its supervisor: on Linux the kernel tells a child that its parent has died."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def tied_to_us(told: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the new process gets `told` when we die, even by kill -9.

    The tie survives exec but not a change of user, so it is made after that. Elsewhere than on
    Linux nothing is tied: a killed supervisor then leaves its children running.
    """
    parent = os.getpid()
    if sys.platform != "linux":
        return _nothing
    libc = ctypes.CDLL(None, use_errno=True)

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(told), 0, 0, 0)
        if os.getppid() != parent:
            # The supervisor died between fork and prctl: nobody will tell us any more.
            os._exit(1)

    return tie


def _nothing() -> None:
    return None
