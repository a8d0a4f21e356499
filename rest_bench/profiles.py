"""How a family of models wants to be asked: its thinking switch, its system prompt, its effort levels.

The table is models/profiles.yaml; `--profile FILE` reads another one of the same form.
"""

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from rest_bench.adapters import base_name
from rest_bench.config import JsonObject, RunConfig, packaged_dir
from rest_bench.errors import ConfigError, one_line
from rest_bench.schema import Record


class Additions(Record):
    """What is added to every request."""

    chat_template_kwargs: JsonObject = "{}"
    system_prompt: str | None = None
    system_prompt_file: str | None = None
    """A file beside the model that holds the system prompt."""


class Profile(Record):
    """One entry of the table; models/profiles.yaml explains the fields."""

    models: tuple[str, ...] = Field(min_length=1)
    thinks: Literal["always", "never", "switch"]
    thinking_on: Additions | None = None
    thinking_off: Additions | None = None
    always: Additions = Additions()
    effort_kwarg: str | None = None
    greedy: bool = False

    def fits(self, model: str) -> bool:
        """Return whether a pattern fits any part of a model's path or hub id."""
        parts = [part.lower() for name in Path(model).parts for part in (name, *name.split("--"))]
        return any(fnmatchcase(part, pattern.lower()) for part in parts for pattern in self.models)


NO_PROFILE = Profile(models=("*",), thinks="switch")
_TABLE = TypeAdapter(dict[str, Profile])


def dress(config: RunConfig) -> RunConfig:
    """Return the configuration with everything that the model's profile adds; what the user set stays as it is.

    In it `profile` names the profile, or the user's own file.

    Raises:
        ConfigError: no such profile, or the profile has no way to do what is asked.
    """
    name, profile = choose_profile(config)
    additions = [profile.always]
    if config.thinking is not None:
        additions.append(_thinking(config, name, profile))
    kwargs = {key: value for each in additions for key, value in json.loads(each.chat_template_kwargs).items()}
    if config.reasoning_effort is not None:
        kwargs.update(_effort(config, name, profile))
    changes: dict[str, object] = {
        "profile": config.profile if Path(config.profile).is_file() else name,
        "chat_template_kwargs": {**kwargs, **json.loads(config.chat_template_kwargs)},
    }
    if config.system_prompt is None:
        changes["system_prompt"] = _system_prompt(config, additions)
    if profile.greedy and "temperature" not in config.model_fields_set:
        changes["temperature"] = 0.0
    return RunConfig.model_validate({**config.model_dump(exclude_unset=True), **changes})


def choose_profile(config: RunConfig) -> tuple[str, Profile]:
    """Return the profile that the settings name, or the first one that fits the model, with its name.

    Where none fits the name of an adapter, that of its base counts.

    Raises:
        ConfigError: no such profile, or the file cannot be read.
    """
    if config.profile == "none":
        return "none", NO_PROFILE
    table = read_profiles(packaged_dir("models") / "profiles.yaml")
    if config.profile in table:
        return config.profile, table[config.profile]
    if config.profile != "auto":
        table = _table_of_user(config.profile, tuple(table))
    fitting = _fitting(table, config.model)
    if not fitting and (base := base_name(config)) is not None:
        fitting = _fitting(table, base)
    if config.profile != "auto" and not fitting:
        raise ConfigError(f"--profile {config.profile}: none of its entries fits {config.model}; add one, or a pattern")
    return fitting[0] if fitting else ("none", NO_PROFILE)


def _fitting(table: Mapping[str, Profile], model: str) -> list[tuple[str, Profile]]:
    return [(name, profile) for name, profile in table.items() if profile.fits(model)]


def expects_thinking(config: RunConfig) -> bool:
    """Return whether replies without any thinking would be a surprise.

    Args:
        config: as `dress` returned it.
    """
    name, profile = choose_profile(config)
    if name == "none" or profile.thinks == "never" or config.thinking == "off":
        return False
    kwargs, off = json.loads(config.chat_template_kwargs), profile.thinking_off or Additions()
    switches = json.loads(off.chat_template_kwargs)
    return not switches or any(kwargs.get(name) != value for name, value in switches.items())


def read_profiles(path: Path) -> dict[str, Profile]:
    """Return the profiles of a table by name, in the order of the file.

    Raises:
        ConfigError: the file cannot be read, or an entry is wrong; the entry and the field are named.
    """
    try:
        return _TABLE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"--profile {path}: cannot be read as YAML ({one_line(error)})") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the whole file"
        raise ConfigError(f"--profile {path}: {where}: {fault['msg']}; models/profiles.yaml shows the form") from error


def _table_of_user(path: str, known: tuple[str, ...]) -> dict[str, Profile]:
    if not Path(path).is_file():
        raise ConfigError(f"--profile {path}: neither a file nor one of auto, none, {', '.join(known)}")
    return read_profiles(Path(path))


def _thinking(config: RunConfig, name: str, profile: Profile) -> Additions:
    fixed = {"always": "on", "never": "off"}.get(profile.thinks)
    additions = profile.thinking_on if config.thinking == "on" else profile.thinking_off
    if additions is not None:
        return additions
    if fixed == config.thinking:
        return Additions()
    reason = f"models of profile {name} {profile.thinks} think" if fixed else f"profile {name} has no way to do so"
    raise ConfigError(
        f"--thinking {config.thinking}: {reason} ({config.model}); leave it out, or use another --profile, "
        "--chat-template-kwargs or --system-prompt"
    )


def _effort(config: RunConfig, name: str, profile: Profile) -> Mapping[str, str]:
    if profile.effort_kwarg is not None and config.reasoning_effort is not None:
        return {profile.effort_kwarg: config.reasoning_effort}
    if config.base_url:  # a field of the request says it to a server
        return {}
    raise ConfigError(
        f"--reasoning-effort {config.reasoning_effort}: profile {name} has no way to do so ({config.model}); "
        "leave it out, or use another --profile or --chat-template-kwargs"
    )


def _system_prompt(config: RunConfig, additions: Sequence[Additions]) -> str | None:
    """Return the last system prompt among the additions."""
    for each in reversed(additions):
        if each.system_prompt is not None:
            return each.system_prompt
        if each.system_prompt_file is not None:
            return _read_beside_model(config, each.system_prompt_file)
    return None


def _read_beside_model(config: RunConfig, name: str) -> str:
    """Return a text that lies beside the model, or beside the base of an adapter that has none of its own."""
    base = base_name(config)
    try:
        return _read_beside(config.model, config.revision, name)
    except (OSError, ValueError) as error:
        if base is None:
            raise ConfigError(_UNREADABLE.format(config.model, name, one_line(error))) from error
    try:
        return _read_beside(base, None, name)
    except (OSError, ValueError) as error:
        raise ConfigError(_UNREADABLE.format(config.model, name, one_line(error))) from error


_UNREADABLE = (
    "--model {}: its system prompt ({}) cannot be read ({}); give it with --system-prompt, or use --profile none"
)


def _read_beside(model: str, revision: str | None, name: str) -> str:
    folder = Path(model).expanduser()
    path = folder / name
    if not folder.is_dir():
        from huggingface_hub import hf_hub_download

        path = Path(hf_hub_download(model, name, revision=revision))
    return path.read_text(encoding="utf-8").strip()
