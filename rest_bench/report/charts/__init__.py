"""Plots of a run: pure functions from its summary, and where needed its scores, to figures.

A figure is what it shows (`data`), how to read it (`caption`) and a chart that becomes Vega-Lite JSON, SVG or PNG
without a network. Numbers come from the summary; only distributions that it does not hold are counted from the scores.
"""

from rest_bench.report.charts.drawing import COLUMNS, Drawing, LeftOut, draw, figures
from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.files import write_figures
from rest_bench.report.charts.themes import OUTCOME_COLOURS, THEMES, Theme, ThemeName

__all__ = [
    "COLUMNS",
    "OUTCOME_COLOURS",
    "THEMES",
    "Drawing",
    "Figure",
    "LeftOut",
    "Theme",
    "ThemeName",
    "draw",
    "figures",
    "write_figures",
]
