"""The errors of rest-bench.

    RestBenchError         the user can mend it: one sentence saying what, where and what to do; the CLI exits 2
    ├── ConfigError        a flag or a run file
    ├── TaskError          a task file, its data, or a gold that cannot be read
    ├── PackingError       a level or design that these problems do not allow
    ├── TemplateError      a prompt template
    ├── EngineError        a model, a server, or a vendor's library
    │   └── UnreachableError   a server that does not answer now
    ├── PluginError        what another package adds to rest-bench
    ├── ScoringError       the judge's worker processes
    └── StoreError         a run folder or a file of replies

Anything else that is raised is a bug of ours and keeps its traceback.
"""


class RestBenchError(Exception):
    """Base of all errors that the user can mend."""


class ConfigError(RestBenchError):
    """A flag or a run file is wrong."""


class TaskError(RestBenchError):
    """A task file or its data is wrong or missing."""


class PackingError(RestBenchError):
    """These problems cannot be packed as asked."""


class TemplateError(RestBenchError):
    """A prompt template is wrong or missing."""


class EngineError(RestBenchError):
    """A model could not be loaded, or an engine stopped working."""


class UnreachableError(EngineError):
    """A server is away, too busy, or does not answer in time: nothing is known of what it serves now."""


class PluginError(RestBenchError):
    """What another package adds to rest-bench cannot be used."""


class ScoringError(RestBenchError):
    """Judging could not start."""


class StoreError(RestBenchError):
    """A run folder or a file of replies cannot be used."""


def one_line(error: BaseException, n_characters: int = 300) -> str:
    """Return the class and the message of a vendor's exception, short enough to stand inside a sentence."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:n_characters]}"
