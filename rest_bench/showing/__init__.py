"""Samples of a run prepared for people to look at: which are shown, and what of their texts.

A page holds so many samples and bytes that it opens at once, however large the run.
"""

from rest_bench.showing.drawing import draw_packs
from rest_bench.showing.samples import ShownProblem, ShownSample, ShownSamples, ShownSlot, show_samples
from rest_bench.showing.shortening import ShownBlock, ShownPart

__all__ = [
    "ShownBlock",
    "ShownPart",
    "ShownProblem",
    "ShownSample",
    "ShownSamples",
    "ShownSlot",
    "draw_packs",
    "show_samples",
]
