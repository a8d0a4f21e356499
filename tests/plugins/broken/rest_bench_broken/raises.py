"""A module that cannot be imported."""

raise RuntimeError("this module has a fault")
