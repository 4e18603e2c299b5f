"""What can go wrong in the simulator itself; what a simulated device does wrong is in faults.

SimulatorError
├── AddressTakenError           two devices may not have one address on a radio
├── AdvertisementTooLongError   more than the 31 bytes that a legacy advertisement holds
└── SwitchedOffError            the device is not on a radio
"""


class SimulatorError(Exception):
    """The simulation was asked for something that cannot be."""


class AddressTakenError(SimulatorError):
    """Another device on this radio has the address."""


class AdvertisementTooLongError(SimulatorError):
    """The advertisement or scan response is longer than 31 bytes."""


class SwitchedOffError(SimulatorError):
    """The device is not on a radio: add it to one first."""
