"""All profiles by name, and which of them a device that is heard belongs to."""

from collections.abc import Iterable
from typing import Final

from device_profiles.errors import UnknownProfile
from device_profiles.gatt import short
from device_profiles.profile import Profile
from device_profiles.vendors.and_medical import UA_651BLE, UC_352BLE
from device_profiles.vendors.beurer import BM85
from device_profiles.vendors.caresens import CARESENS
from device_profiles.vendors.generic import GENERIC
from device_profiles.vendors.glucose_meters import ACCU_CHEK_GUIDE, CONTOUR_NEXT_ONE
from device_profiles.vendors.nonin import NONIN_3230
from device_profiles.vendors.omron import OMRON
from device_profiles.vendors.xiaomi_scales import SCALE_1, SCALE_2

__all__ = ["CATALOG", "GENERIC", "by_name", "match"]

CATALOG: Final[dict[str, Profile]] = {
    profile.name: profile
    for profile in (
        UA_651BLE,
        UC_352BLE,
        OMRON,
        ACCU_CHEK_GUIDE,
        CONTOUR_NEXT_ONE,
        CARESENS,
        BM85,
        NONIN_3230,
        SCALE_1,
        SCALE_2,
        GENERIC,
    )
}
"""In the order in which they are tried; the generic profile last."""


def by_name(name: str) -> Profile:
    """Raises UnknownProfile."""
    try:
        return CATALOG[name]
    except KeyError:
        raise UnknownProfile(f"no profile {name!r}; there are {', '.join(CATALOG)}") from None


def match(
    name: str | None, services: Iterable[str], company_ids: Iterable[int] = ()
) -> Profile | None:
    """The profile of a device by what it advertises; None for one that is none of ours.

    `services` are the UUIDs advertised, as service UUIDs or as keys of service data, short or full.
    A vendor's profile needs one of its services, and its name or its company; where neither name
    nor company points to one, a standard service is enough for the generic profile.
    """
    heard = {short(uuid) for uuid in services}
    companies = set(company_ids)
    for profile in CATALOG.values():
        if heard.isdisjoint(profile.services):
            continue
        if profile is GENERIC or _is_named(profile, name) or companies & set(profile.company_ids):
            return profile
    return None


def _is_named(profile: Profile, name: str | None) -> bool:
    return name is not None and name.lower().startswith(
        tuple(prefix.lower() for prefix in profile.name_prefixes)
    )
