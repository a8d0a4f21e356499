"""What a run is set by and records, in one table, and what follows from it: identity, sample ids, marks, conditions."""

from rest_bench.settings.differences import CHANGING, ROLES, Scored, manifest_differences
from rest_bench.settings.endpoints import is_unproven
from rest_bench.settings.reading import (
    applies,
    identity,
    is_set,
    marks,
    plain,
    sample_parts,
    settings_of_call,
    shown,
    task_value,
    value_of,
)
from rest_bench.settings.table import IN_COMPARE, SETTINGS, Setting, SettingRole

__all__ = [
    "CHANGING",
    "IN_COMPARE",
    "ROLES",
    "SETTINGS",
    "Scored",
    "Setting",
    "SettingRole",
    "applies",
    "identity",
    "is_set",
    "is_unproven",
    "manifest_differences",
    "marks",
    "plain",
    "sample_parts",
    "settings_of_call",
    "shown",
    "task_value",
    "value_of",
]
