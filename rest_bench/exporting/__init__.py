"""A run in the formats of other people: each is a function from a run to files, and a row of one table."""

from rest_bench.exporting.formats import FORMATS, Exported, export

__all__ = ["FORMATS", "Exported", "export"]
