"""One UDI, taken apart."""

import datetime as dt
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Issuer(StrEnum):
    """Who gives out the numbers: the agencies that the FDA has accredited."""

    GS1 = "gs1"
    HIBCC = "hibcc"
    ICCBBA = "iccbba"


class Udi(Struct, frozen=True, kw_only=True):
    issuer: Issuer
    di: str
    """The device identifier: which model and package it is. Of GS1 always 14 digits."""
    lot: str | None = None
    serial: str | None = None
    expires: dt.date | None = None
    made: dt.date | None = None
    text: str
    """The whole, as it stands in print beside the bar code. Reading it again gives the same."""


SYSTEMS: Final = {
    Issuer.GS1: "2.51.1.1",
    Issuer.HIBCC: "1.0.15961.10.816",
    Issuer.ICCBBA: "2.16.840.1.113883.6.18",
}
"""Object identifiers, by which devices and FHIR name the issuer."""
