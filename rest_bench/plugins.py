"""What other packages add under the entry points of rest-bench: tasks, engines and scorers.

Names are known without importing anything. A plug-in is loaded when it is asked for; one that cannot be loaded is told
by its name and its package, and the others go on.
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Literal, get_args

from rest_bench.errors import PluginError, one_line

Kind = Literal["task", "engine", "scorer"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def group_of(kind: Kind) -> str:
    """Return the entry point group that plug-ins of a kind stand under."""
    return f"rest_bench.{kind}s"


def plugins(kind: Kind) -> dict[str, EntryPoint]:
    """Return the plug-ins of one kind by name, in the order of the names, without loading any.

    Where two packages give one name, that of the package whose own name comes first counts.
    """
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=group_of(kind)), key=lambda point: (point.name, owner(point))):
        found.setdefault(point.name, point)
    return found


def owner(point: EntryPoint) -> str:
    """Return the package that a plug-in comes from, with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown package"


def load_plugin(kind: Kind, point: EntryPoint) -> object:
    """Import what an entry point names.

    Raises:
        PluginError: it cannot be imported.
    """
    try:
        return point.load()
    except Exception as error:  # whatever somebody else's code raises at import
        raise PluginError(
            f"{kind} {point.name} of {owner(point)} cannot be loaded from `{point.value}` ({one_line(error)}); "
            "mend or uninstall that package"
        ) from error
