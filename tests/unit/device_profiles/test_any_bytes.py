"""Whatever bytes come: a meaning or a DecodeError, and nothing swallowed on the way."""

import json

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from device_profiles.catalog import CATALOG
from device_profiles.decoding import DECODERS, decode
from device_profiles.errors import TRUNCATED, DecodeError
from device_profiles.frames import KNOWN, describe
from device_profiles.profile import Profile
from vitals.kinds import PANELS

profiles = st.sampled_from(list(CATALOG.values()))
frames = st.binary(max_size=48)
HAS_NO_END = {"2a37"}
"""Heart rate: RR intervals go on to the end of the frame."""


@given(st.sampled_from(KNOWN), frames, profiles)
def test_any_bytes_give_json_or_a_decode_error(uuid: str, data: bytes, profile: Profile) -> None:
    try:
        said = describe(uuid, data, profile=profile)
    except DecodeError as refusal:
        event(refusal.code)
        return
    assert json.loads(json.dumps(said, allow_nan=False)) == said


@given(st.text(max_size=20), frames)
def test_an_unknown_characteristic_is_named_as_such(uuid: str, data: bytes) -> None:
    assume(uuid not in KNOWN)
    with pytest.raises(DecodeError) as refusal:
        describe(uuid, data)
    assert refusal.value.code == "unknown_characteristic"


@given(st.sampled_from(list(DECODERS)), frames, profiles)
def test_a_measurement_has_only_its_panel_and_no_value_twice(
    uuid: str, data: bytes, profile: Profile
) -> None:
    try:
        found = decode(uuid, data, profile=profile)
    except DecodeError:
        return
    panel = {metric.name for metric in PANELS[found.kind].metrics}
    assert found.values.keys() <= panel
    assert found.special.keys() <= panel
    assert not found.values.keys() & found.special.keys()
    assert len(set(found.flags)) == len(found.flags)


@given(
    st.sampled_from(sorted(set(DECODERS) - HAS_NO_END)),
    st.binary(min_size=40, max_size=40),
    profiles,
)
def test_every_proper_prefix_below_the_declared_length_is_refused(
    uuid: str, data: bytes, profile: Profile
) -> None:
    extra = decode(uuid, data, profile=profile).details.get("extra", "")
    assert isinstance(extra, str)
    declared = len(data) - len(extra) // 2
    assert "extra" not in decode(uuid, data[:declared], profile=profile).details
    for length in range(declared):
        with pytest.raises(DecodeError) as refusal:
            decode(uuid, data[:length], profile=profile)
        assert refusal.value.code == TRUNCATED


@given(
    st.sampled_from(sorted(set(DECODERS) - HAS_NO_END)), frames, st.binary(min_size=1, max_size=8)
)
def test_trailing_bytes_are_kept_and_change_nothing_else(
    uuid: str, data: bytes, trailing: bytes
) -> None:
    try:
        plain = decode(uuid, data)
    except DecodeError:
        return
    longer = decode(uuid, data + trailing)
    assert longer.details.pop("extra") == str(plain.details.pop("extra", "")) + trailing.hex()
    assert longer == plain


@given(st.sampled_from(list(DECODERS)), frames)
def test_decoding_leaves_the_callers_buffer_alone(uuid: str, data: bytes) -> None:
    buffer = bytearray(data)
    try:
        of_bytes = decode(uuid, data)
    except DecodeError:
        return
    assert decode(uuid, bytes(buffer)) == of_bytes
    assert buffer == data
