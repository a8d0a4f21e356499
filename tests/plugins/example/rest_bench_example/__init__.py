"""A task, an engine and a scorer that another package adds to rest-bench."""

from pathlib import Path

PALETTE = Path(__file__).parent / "palette.yaml"
"""The task file; its data lie beside it."""
