"""Step 7 of 9: the scores table -> Summary. Pure functions over a pandas DataFrame of `schema.Score` rows."""

from rest_bench.metrics.accuracy import summarize

__all__ = ["summarize"]
