"""Colours, fonts and sizes, the same in every chart; light and dark.

The colours tell apart with the common kinds of colour blindness (after Okabe and Ito, and Tol). Charts name roles, as
mark styles and ranges; a theme says what they look like.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

ThemeName = Literal["light", "dark"]

TRANSPARENT = "transparent"
FONT = "sans-serif"
WIDTH, HEIGHT = 430, 250
"""Of a plot in pixels, without axes: with them it fits the text of a page."""

OUTCOME_COLOURS: Mapping[str, str] = {
    "correct": "#0072B2",
    "wrong": "#E69F00",
    "summary": "#AA4499",
    "format": "#F0D264",
    "shifted": "#4040C0",
    "swapped": "#44AA99",
    "omitted": "#882255",
    "truncated": "#D55E00",
    "repetition": "#F2B1A0",
    "ungraded": "#777777",
    "error": "#D0D0D0",
}
"""By outcome, in the order they are stacked: neighbours differ in lightness, so that grey print keeps them apart."""

HIGH = 0.75
"""Part of the ramp from which text on it changes its colour."""
EVEN_CONTRAST = 0.179
"""Luminance of the ground on which black and white read equally well."""


class Theme(NamedTuple):
    """What a chart looks like on a page."""

    background: str
    """Of the page: charts are drawn without a ground of their own."""
    ink: str
    """Text."""
    faint: str
    """Grid lines, and marks that stand behind others."""
    muted: str
    """Text and marks of less weight."""
    main: str
    """The mark that a chart is about."""
    ramp: tuple[str, ...]
    """From low to high."""
    on_low: str
    """Text on the ramp up to `HIGH`."""
    on_high: str
    """Text above that."""
    levels: Mapping[str, Any]
    """Vega colour scheme of lines by level."""


THEMES: Mapping[ThemeName, Theme] = {
    "light": Theme(
        background="#ffffff",
        ink="#1f2328",
        faint="#dfe3e8",
        muted="#656d76",
        main="#0072B2",
        ramp=("#f3f7fb", "#c9dff0", "#86b9dc", "#3d87bf", "#0b4f8a"),
        on_low="#1f2328",
        on_high="#ffffff",
        levels={"scheme": "viridis", "extent": [0.0, 0.85]},
    ),
    "dark": Theme(
        background="#14181d",
        ink="#e6edf3",
        faint="#30363d",
        muted="#9aa4af",
        main="#56B4E9",
        ramp=("#1b232d", "#1c3a57", "#22577f", "#3579b1", "#cfe8fb"),
        on_low="#e6edf3",
        on_high="#101418",
        levels={"scheme": "viridis", "extent": [0.3, 1.0]},
    ),
}


def config(name: ThemeName) -> dict[str, Any]:
    """Return the Vega-Lite config of a theme."""
    theme = THEMES[name]
    axis = {"labelColor": theme.ink, "titleColor": theme.ink, "tickColor": theme.muted, "domainColor": theme.muted}
    plain = {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    return {
        "background": TRANSPARENT,
        "font": FONT,
        "aria": False,
        "view": {"stroke": None},
        "axis": {**axis, **plain, "gridColor": theme.faint, "labelFont": FONT, "titleFont": FONT, "titlePadding": 8},
        "axisX": {"grid": False, "labelAngle": 0},
        "legend": {
            **plain,
            "labelColor": theme.ink,
            "titleColor": theme.ink,
            "labelLimit": 260,
            "orient": "bottom",
            "symbolStrokeWidth": 2,
        },
        "header": {**plain, "labelColor": theme.ink, "titleColor": theme.ink},
        "title": {
            "color": theme.ink,
            "subtitleColor": theme.muted,
            "fontSize": 13,
            "subtitleFontSize": 11,
            "anchor": "start",
            "frame": "group",
            "offset": 12,
        },
        "range": {"ramp": list(theme.ramp), "heatmap": list(theme.ramp), "ordinal": dict(theme.levels)},
        "style": styles(theme),
    }


def styles(theme: Theme) -> dict[str, Any]:
    """Return what the roles of marks look like."""
    return {
        "main": {"color": theme.main},
        "box": {"color": theme.main, "fillOpacity": 0.35, "stroke": theme.main},
        "ink": {"color": theme.ink},
        "own": {"color": theme.faint},
        "gap": {"stroke": theme.background, "strokeWidth": 1},
        "ground": {"color": theme.background},
        "reference": {"color": theme.muted, "strokeDash": [4, 3]},
        "label": {"color": theme.ink, "fontSize": 10},
        "on-low": {"color": theme.on_low},
        "on-high": {"color": theme.on_high},
    }


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on this colour."""
    return "#000000" if luminance(colour) > EVEN_CONTRAST else "#ffffff"


def luminance(colour: str) -> float:
    """Return how light a colour is, in [0, 1], as WCAG counts contrast."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
