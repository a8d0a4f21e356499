from itertools import combinations, pairwise
from typing import get_args

import pytest

from rest_bench.report.charts import OUTCOME_COLOURS, THEMES, Theme
from rest_bench.report.charts.themes import HIGH, config, ink_on, luminance
from rest_bench.schema import Outcome

# Machado, Oliveira and Fernandes (2009), severity 1; applied to linear light.
BLINDNESS = {
    "none": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def linear(colour: str) -> list[float]:
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def seen(colour: str, blindness: str) -> tuple[float, ...]:
    """Return OKLab of a colour as an eye of this kind sees it."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * value for weight, value in zip(row, light, strict=True))))
        for row in BLINDNESS[blindness]
    )
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def test_every_outcome_has_a_colour() -> None:
    assert set(OUTCOME_COLOURS) == set(get_args(Outcome))


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_no_two_outcomes_look_alike(blindness: str) -> None:
    for one, other in combinations(OUTCOME_COLOURS, 2):
        a, b = (seen(OUTCOME_COLOURS[name], blindness) for name in (one, other))
        distance = sum((left - right) ** 2 for left, right in zip(a, b, strict=True)) ** 0.5
        assert distance > 0.05, f"{one} and {other}"


def test_grey_print_keeps_neighbours_of_a_stack_apart() -> None:
    for one, other in pairwise(OUTCOME_COLOURS):
        assert contrast(OUTCOME_COLOURS[one], OUTCOME_COLOURS[other]) > 1.3, f"{one} and {other}"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_can_be_read(theme: Theme) -> None:
    assert contrast(theme.ink, theme.background) > 7
    assert contrast(theme.muted, theme.background) > 4.5
    assert contrast(theme.main, theme.background) > 3
    for part in range(101):
        text = theme.on_low if part < 100 * HIGH else theme.on_high
        assert contrast(text, on_ramp(theme, part / 100)) > 3.5, part


def on_ramp(theme: Theme, part: float) -> str:
    place = part * (len(theme.ramp) - 1)
    low = min(int(place), len(theme.ramp) - 2)
    mixed = [
        round(a + (place - low) * (b - a))
        for a, b in zip(*(channels(theme.ramp[number]) for number in (low, low + 1)), strict=True)
    ]
    return "#" + "".join(f"{value:02x}" for value in mixed)


def channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def test_text_on_an_outcome_can_be_read() -> None:
    assert all(contrast(ink_on(colour), colour) > 4.5 for colour in OUTCOME_COLOURS.values())


def test_the_themes_differ_in_colours_alone() -> None:
    light, dark = config("light"), config("dark")
    assert light.keys() == dark.keys()
    assert light["style"].keys() == dark["style"].keys()
    assert light["font"] == "sans-serif"
