"""A run as one HTML file: verdict, tables, charts and its samples, with nothing to load and nothing that can run.

Readable without JavaScript but for the sample browser; every text of a model or a task is escaped, and no script runs
but those that the page's content security policy names by hash.
"""

from rest_bench.report.page.comparison import render_comparison
from rest_bench.report.page.embedding import safe_json, whole_text
from rest_bench.report.page.render import charts_bundle, render_page, vega_specs

__all__ = ["charts_bundle", "render_comparison", "render_page", "safe_json", "vega_specs", "whole_text"]
