"""A figure, and the forms it takes: Vega-Lite JSON, SVG, PNG, CSV."""

import re
import unicodedata
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from rest_bench.errors import ConfigError
from rest_bench.report.charts.themes import THEMES, TRANSPARENT, ThemeName, config

if TYPE_CHECKING:
    import altair
    import pandas

LONGEST_TEXT = 60
"""Characters of a name that are shown."""
UNPRINTABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that no name needs: control characters, marks that turn the reading order, lone surrogates."""
PNG_SCALE = 2.0
CLIPS = re.compile(r"\b(clip|gradient_|pattern_)(\d+)\b")
"""Names inside an SVG, which must stay apart where several stand in one page."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A plot with what it shows."""

    name: str
    """Task and kind in lower-case letters, digits and hyphens: a file name without its ending, a page anchor."""
    task: str
    """Name of the task, as the run has it."""
    kind: str
    """Which plot it is, such as `stress`: the same for every task."""
    title: str
    caption: str
    """How to read it and what it does not say, in one or two plain sentences."""
    chart: "altair.TopLevelMixin"
    data: "pandas.DataFrame"
    """The numbers that are drawn, one mark a row."""

    def spec(self, theme: ThemeName = "light") -> dict[str, Any]:
        """Return the chart as Vega-Lite JSON with its data inside; altair checks it against the schema.

        The ground is transparent, and there is no link in it. As in any JSON inside HTML, write `<` as an escape.
        """
        return {**self.chart.to_dict(), "config": config(theme), "background": TRANSPARENT}

    def svg(self, theme: ThemeName = "light", *, ground: bool = False) -> str:
        """Return the chart as a static picture, without script or link.

        Args:
            theme: light or dark.
            ground: fill the ground with the theme's colour, for pages of any colour; transparent otherwise.
        """
        spec = {**self.spec(theme), "background": THEMES[theme].background if ground else TRANSPARENT}
        text: str = _vl_convert().vegalite_to_svg(spec, allowed_base_urls=[])
        text = CLIPS.sub(rf"{self.name}-{theme}-\1\2", text)
        return text.replace("<svg ", f'<svg role="img" aria-label="{escape(self.title, quote=True)}" ', 1)

    def png(self, theme: ThemeName = "light", scale: float = PNG_SCALE) -> bytes:
        """Return the chart as a picture on the theme's ground, with this many dots to a pixel."""
        spec = {**self.spec(theme), "background": THEMES[theme].background}
        picture: bytes = _vl_convert().vegalite_to_png(spec, scale=scale, allowed_base_urls=[])
        return picture

    def csv(self) -> str:
        """Return the data as comma-separated values."""
        text: str = self.data.to_csv(index=False, lineterminator="\n")
        return text

    def _repr_svg_(self) -> str:
        """Show the picture where a notebook shows a value."""
        return self.svg(ground=True)


def plain(text: str) -> str:
    """Return a name of a user's file as one short line of printable characters."""
    shown = "".join(" " if character.isspace() else character for character in text)
    shown = " ".join("".join(c for c in shown if unicodedata.category(c) not in UNPRINTABLE).split())
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[: LONGEST_TEXT - 1]}…"


def _vl_convert() -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise ConfigError("figures need vl-convert; pip install 'vl-convert-python>=1.8,<2'") from error
    return vl_convert
