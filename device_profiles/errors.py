"""What can go wrong with a frame or a profile.

DeviceProfilesError
├── DecodeError        these bytes do not say anything we can stand for
├── EncodeError        this measurement has no place in that frame
└── UnknownProfile     no profile of that name in the catalogue
"""

from typing import Final

TRUNCATED: Final = "truncated"
UNKNOWN_CHARACTERISTIC: Final = "unknown_characteristic"
NOT_A_MEASUREMENT: Final = "not_a_measurement"
BAD_HEX: Final = "bad_hex"
SEQUENCE_MISMATCH: Final = "sequence_mismatch"


class DeviceProfilesError(Exception):
    """The root of this package's errors."""


class DecodeError(DeviceProfilesError):
    """A frame is refused: `code` is one of the words above, `detail` says it for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class EncodeError(DeviceProfilesError):
    """A value is out of the range, or of the vocabulary, of the characteristic."""


class UnknownProfile(DeviceProfilesError, LookupError):  # noqa: N818 - reads as what it says
    """The catalogue has no profile of this name."""
