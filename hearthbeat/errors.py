"""What can go wrong at the front door, in words for the person who typed the command.

HearthbeatError
├── SettingsError            a key, a value or a file of the configuration
├── DataDirectoryError       the directory that `up` was given cannot be used
├── EmbeddedError
│   ├── BinariesMissing      no PostgreSQL binaries of the needed version
│   ├── DatabaseStartError   the embedded database did not come up
│   └── BrokerStartError     the embedded broker did not come up
├── PortTaken                somebody else listens there
├── ChildFailed              a supervised process ended and will not stay up
├── NotRunning               no running system was found, and none was named
├── SeveralRunning           several run, and none was named
├── EnrolmentError           a home that cannot join its clinic, and what to do
├── RecordingError           a file that `replay` cannot make sense of
├── ReplayRefused            recordings would go among a real clinic's readings
└── BackupError              a backup that cannot be written, read or restored
"""


class HearthbeatError(Exception):
    """Shown as one line; the exit status is 1 unless the command says otherwise."""


class SettingsError(HearthbeatError):
    """Names the file or variable, the key, and what is allowed."""


class DataDirectoryError(HearthbeatError):
    """Names the directory and the reason."""


class EmbeddedError(HearthbeatError):
    """A part that we run for the user does not run."""


class BinariesMissing(EmbeddedError):  # noqa: N818 - The tree above is the naming.
    """Names the version that is needed and where it may come from."""


class DatabaseStartError(EmbeddedError):
    """Carries the last lines that PostgreSQL wrote."""


class BrokerStartError(EmbeddedError):
    """Carries the last lines that the broker wrote."""


class PortTaken(HearthbeatError):  # noqa: N818 - The tree above is the naming.
    """Names the port and the option that chooses another."""


class ChildFailed(HearthbeatError):  # noqa: N818 - The tree above is the naming.
    """Names the process and its exit status."""


class NotRunning(HearthbeatError):  # noqa: N818 - The tree above is the naming.
    """Says how to start a system or how to name one."""


class SeveralRunning(HearthbeatError):  # noqa: N818 - The tree above is the naming.
    """Lists them: what is changed, or believed, must not be another clinic's."""


class EnrolmentError(HearthbeatError):
    """Says what is in the way, what to do, and what became of the code."""


class RecordingError(HearthbeatError):
    """Names the file and what is wrong with it as a whole; single rows are refused, not raised."""


class ReplayRefused(HearthbeatError):  # noqa: N818 - The tree above is the naming.
    """Says which clinic it is, and what would let the recordings in."""


class BackupError(HearthbeatError):
    """Names the file and what is wrong with it."""
