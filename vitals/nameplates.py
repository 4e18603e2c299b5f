"""Who makes the models that profiles are named after, and as which kind of device they are sold."""

from typing import Final

from msgspec import Struct


class Nameplate(Struct, frozen=True, kw_only=True):
    maker: str = ""
    """As the device itself says it."""
    model: str = ""
    """Empty where a profile is for a whole family."""
    basis: str = ""
    """What makes it a medical device where it is sold; empty: nobody here knows, see its label."""


UNKNOWN: Final = Nameplate()
_PRESSURE: Final = "Blood pressure monitor, 21 CFR 870.1130"
_GLUCOSE: Final = "Blood glucose meter, 21 CFR 862.1345"
NAMEPLATES: Final = {
    "and-ua-651ble": Nameplate(maker="A&D Medical", model="UA-651BLE", basis=_PRESSURE),
    "and-uc-352ble": Nameplate(
        maker="A&D Medical", model="UC-352BLE", basis="Patient scale, 21 CFR 880.2700"
    ),
    "omron-standard": Nameplate(maker="OMRON HEALTHCARE", basis=_PRESSURE),
    "accu-chek-guide": Nameplate(maker="Roche", model="Accu-Chek Guide", basis=_GLUCOSE),
    "contour-next-one": Nameplate(maker="Ascensia", model="Contour Next One", basis=_GLUCOSE),
    "caresens": Nameplate(maker="i-SENS", basis=_GLUCOSE),
    "beurer-bm85": Nameplate(maker="Beurer", model="BM 85"),
    "nonin-3230": Nameplate(
        maker="Nonin Medical, Inc.", model="3230", basis="Pulse oximeter, 21 CFR 870.2700"
    ),
    "xiaomi-scale1": Nameplate(maker="Xiaomi", model="Mi Smart Scale"),
    "xiaomi-mibfs": Nameplate(maker="Xiaomi", model="Mi Body Composition Scale 2"),
}
"""By profile. The bathroom scales are sold as no medical device."""


def nameplate_of(profile: str) -> Nameplate:
    return NAMEPLATES.get(profile, UNKNOWN)
