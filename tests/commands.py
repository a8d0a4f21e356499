"""A command line for tests, run in this process."""

from collections.abc import Callable

Outcome = tuple[int, str, str]
"""Exit code, stdout and stderr."""
Command = Callable[..., Outcome]
