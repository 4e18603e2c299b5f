"""Colours that everybody can read and tell apart, read off the style sheet itself.

Contrast by WCAG 2.2; what somebody with deuteranopia or protanopia sees by Machado, Oliveira and
Fernandes 2009 (severity 1.0); difference as CIE76 in L*a*b* (D65).
"""

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

SHEET = (files("console") / "static" / "base.css").read_text(encoding="utf-8")
SEVERITIES = ("critical", "high", "medium", "low")
SEEN_AS = {
    "everything": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
WHITE = np.array([0.95047, 1.0, 1.08883])
ON_PAPER = ("ink", "soft", "accent", "good", *SEVERITIES, "technical")
SURFACES = ("paper", "ground", "sunk")


def tokens(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", SHEET, re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    return found


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    lights = sorted(float(linear(each) @ TO_XYZ[1]) for each in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ rgb / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("name", ON_PAPER)
def test_words_can_be_read_on_every_surface(scheme: str, surface: str, name: str) -> None:
    of = tokens(scheme)
    assert contrast(of[name], of[surface]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*SEVERITIES, "technical"])
def test_words_on_badges_and_banners_can_be_read(scheme: str, name: str) -> None:
    of = tokens(scheme)
    assert contrast(of[f"{name}-on"], of[f"{name}-fill"]) >= 4.5
    assert contrast(of["ink"], of[f"{name}-soft"]) >= 4.5
    assert contrast(of[name], of[f"{name}-soft"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*SEVERITIES, "technical", "edge", "focus"])
def test_outlines_stand_out_from_what_is_around_them(scheme: str, name: str) -> None:
    of = tokens(scheme)
    assert contrast(of[name], of["paper"]) >= 3
    assert contrast(of[name], of["ground"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("eyes", SEEN_AS)
@pytest.mark.parametrize(("one", "other"), list(combinations(SEVERITIES, 2)))
def test_severities_differ_whatever_colours_somebody_sees(
    scheme: str, eyes: str, one: str, other: str
) -> None:
    of = tokens(scheme)
    seen = [lab(np.clip(SEEN_AS[eyes] @ linear(of[f"{name}-fill"]), 0, 1)) for name in (one, other)]
    assert float(np.linalg.norm(seen[0] - seen[1])) > 20


def test_severities_are_told_by_shape_and_word_too() -> None:
    symbols = (files("console") / "static" / "icons.svg").read_text(encoding="utf-8")
    shapes = {
        name: re.search(rf'id="{name}".*?</symbol>', symbols) for name in (*SEVERITIES, "technical")
    }
    assert all(shapes.values())
    assert len({found.group().split(">", 1)[1] for found in shapes.values() if found}) == 5
