"""What can go wrong in the hub.

GatewayError
├── SettingsRefused       the hub will not start like this: a person must change a setting
├── OutboxError
│   ├── DiskFull          nothing more can be persisted, not even with the ballast thrown off; or,
│   │                     at start, no room to open the outbox: the hub waits for some
│   ├── OutboxBroken      the open file cannot be read or written: the next start checks it
│   └── OutboxUnusable    the file can be neither opened nor set aside
├── VisitError            one visit to one device came to nothing; it is tried again
│   ├── NotReachable      no connection within the time allowed
│   ├── BondLost          device and hub no longer share keys, and pairing anew did not help
│   ├── RecordsRefused    the meter answered its record control point with an error
│   └── WentQuiet         the device stopped in the middle
├── ScannerStuck          the radio hears nothing, and restarting it did not help
└── LineDead              the thread that carries MQTT has died
"""
# ruff: noqa: N818 - the tree above is the naming


class GatewayError(Exception):
    """Something went wrong in the hub."""


class SettingsRefused(GatewayError):
    """The hub will not start with these settings."""


class OutboxError(GatewayError):
    """The outbox cannot do what it was asked."""


class DiskFull(OutboxError):
    """The disk is full and throwing off the ballast did not help: nothing can be persisted."""


class OutboxBroken(OutboxError):
    """The open file cannot be read or written any more. A new process checks it, and saves it."""


class OutboxUnusable(OutboxError):
    """The outbox file can be neither opened nor set aside."""


class VisitError(GatewayError):
    """A visit to a device came to nothing. It will be tried again."""


class NotReachable(VisitError):
    """No connection within the time allowed."""


class BondLost(VisitError):
    """Device and hub no longer share keys: a person must put the device into pairing mode."""


class RecordsRefused(VisitError):
    """The meter refused to report its records."""


class WentQuiet(VisitError):
    """The device stopped in the middle of something."""


class ScannerStuck(GatewayError):
    """The radio hears nothing, and neither a restart of the scan nor of the adapter helped."""


class LineDead(GatewayError):
    """The thread that carries MQTT has died."""
