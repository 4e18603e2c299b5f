"""What to do about a bond that does not work: remove once, pair once, then ask a person. Pure."""

from dataclasses import replace

from gateway.device_book import Bond, DeviceNotes

HOLD_THE_BUTTON = (
    "The device no longer accepts this hub. Hold its pairing button until it shows that it is"
    " pairing, within reach of the hub; if it shows a number, tell the clinic the number."
)


def worked(notes: DeviceNotes) -> DeviceNotes:
    """The link was encrypted, by pairing or with keys that both ends have."""
    return replace(notes, bond=Bond.GOOD, trouble=None)


def refused(notes: DeviceNotes, *, while_pairing: bool) -> DeviceNotes:
    """The device did not accept the keys (or, `while_pairing`, did not agree on new ones).

    A bond of REMOVED in the answer asks the caller to remove the keys, this one time.
    """
    if notes.bond in {Bond.REMOVED, Bond.LOST} or while_pairing:
        return replace(notes, bond=Bond.LOST, trouble=HOLD_THE_BUTTON)
    return replace(notes, bond=Bond.REMOVED)
