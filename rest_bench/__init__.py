"""rest-bench: the stress test for reasoning models."""

__version__ = "0.1.0"
