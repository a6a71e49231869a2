"""Rise and fall as people see them who lack one kind of cone.

The matrices are those of Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
deficiency" (IEEE TVCG 15(6), 2009), severity 1.0, on linear RGB. Distances are CIE 1976: about 2.3 is just noticed. Shape and
text tell rise from fall as well; here the colours alone must not be the same.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from gui.theme.tokens import DARK, LIGHT, Preset, Theme, Tone, themed

pytestmark = pytest.mark.unit

Vector = NDArray[np.float64]
SEEN_BY = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])  # D65, as sRGB has it
APART, FAR_APART = 10.0, 60.0


def linear(colour: str) -> Vector:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: Vector) -> Vector:
    ratios = TO_XYZ @ np.clip(rgb, 0.0, 1.0) / WHITE
    x, y, z = np.where(ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(theme: Theme, blindness: str) -> float:
    matrix = np.array(SEEN_BY[blindness])
    rise, fall = (lab(matrix @ linear(theme[tone])) for tone in (Tone.RISE, Tone.FALL))
    return float(np.linalg.norm(rise - fall))


@pytest.mark.parametrize("blindness", SEEN_BY)
@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("ground", [DARK, LIGHT], ids=["dark", "light"])
def test_rise_and_fall_are_never_the_same_colour(ground: Theme, preset: Preset, blindness: str) -> None:
    assert distance(themed(ground, preset), blindness) >= APART


@pytest.mark.parametrize("blindness", SEEN_BY)
@pytest.mark.parametrize("ground", [DARK, LIGHT], ids=["dark", "light"])
def test_blue_and_orange_are_far_apart_for_everybody(ground: Theme, blindness: str) -> None:
    assert distance(themed(ground, Preset.BLUE_ORANGE), blindness) >= FAR_APART


def test_the_measure_sees_what_cannot_be_told_apart() -> None:
    """A green and a red of one lightness, as the dark theme had them, are the same without the cones for green."""
    same = {**DARK, Tone.RISE: "#4cb85c", Tone.FALL: "#ee6a63"}

    assert distance(same, "deuteranopia") < 2.3 < APART < distance(same, "tritanopia")
