"""The one table of what a run is set by and records: what each thing is called, where it stands, and what it does.

Sample ids (planning), what may share a folder (store, merging), what differs between two runs (comparing), what a row
of the leaderboard stands for and what a second run must share with it, and the page of settings all read this table: a
new setting needs a row here and nothing else. `Manifest` and `RunConfig` hold the values.
"""

from typing import Literal, NamedTuple

from rest_bench.schema import Role

SettingRole = Literal["identity", "condition", "amount", "judging", "harmless"]
"""What another value does.

- `identity`: it makes other samples: another sample id or another folder, refused where samples are put together
- `condition`: how the same samples came about; it may change what the model computes in its last digits, so it is
  recorded and named, and may differ between two calls of `eval` on one folder
- `amount`: how much is asked; each sample stays what it is
- `judging`: how replies are read and judged
- `harmless`: no reply depends on it, or it only repeats what another row says
"""

IN_COMPARE: dict[SettingRole, Role] = {
    "identity": "confounds",
    "condition": "condition",
    "amount": "restricted",
    "judging": "score again",
    "harmless": "harmless",
}
"""What a difference does to the numbers of two runs, where the row says nothing else."""


class Setting(NamedTuple):
    """One thing that a run is set by or records."""

    name: str
    """As people know it: its flag where it has one."""
    role: SettingRole
    recorded: str = ""
    """Path in a manifest; empty for what is not recorded."""
    fields: tuple[str, ...] = ()
    """Of RunConfig, that it is set by."""
    in_id: Literal["always", "where set", "named", "prompt", "folder", "no"] = "no"
    """How a sample id depends on it: as a part of what is hashed; as a part where it is not null; the same with its
    path; through prompt and seed; not at all, only the folder tells (samples of older folders keep their ids)."""
    in_compare: Role | Literal["by role", "unnamed"] = "by role"
    reproduced: Literal["same", "same on one engine", "any"] = "any"
    """Whether a second run that confirms a submission must share it."""
    mark: str = ""
    """How it stands beside the model's name on the board, `{}` for the value; empty where it does not."""
    beside: str = ""
    """Path of a name that is shown before the value, where that is a hash; empty where there is none."""
    designs: tuple[str, ...] = ()
    """That look at it; empty: all of them."""
    why: str = ""
    """The reason for its role, where the name does not say it."""


SETTINGS: tuple[Setting, ...] = (
    # --- what makes a sample what it is -------------------------------------------------------------------------------
    Setting("engine", "identity", "engine.engine", ("engine",), "folder"),
    Setting("model", "identity", "engine.model", ("model",), "always", "compared", reproduced="same"),
    Setting(
        "revision",
        "identity",
        "engine.revision",
        ("revision", "responses", "simulator_parameters"),
        "always",
        "compared",
        why="a commit, a hash of the files or of the responses, or the simulator's parameters",
        reproduced="same",
    ),
    Setting(
        "adapter",
        "identity",
        "engine.adapter.identity",
        ("model", "base_model"),
        "named",
        "compared",
        mark="adapter {}",
        why="weights laid over a model: the revision is the base's",
        reproduced="same",
    ),
    Setting("chat template", "identity", "engine.chat_template_sha256", (), "always", "compared", reproduced="same"),
    Setting(
        "quantization",
        "identity",
        "engine.quantization",
        ("quantization",),
        "named",
        "compared",
        mark="{} weights",
        why="other weights than the revision names",
        reproduced="same",
    ),
    Setting(
        "cache precision",
        "identity",
        "engine.kv_cache_dtype",
        ("kv_cache_dtype",),
        "named",
        "compared",
        mark="{} cache",
        why="keys and values that are rounded give other replies",
        reproduced="same",
    ),
    Setting("dtype", "identity", "engine.dtype", ("dtype",), "folder", "compared"),
    Setting("design", "identity", "design", ("design",), "prompt", reproduced="same"),
    Setting("seed", "identity", "seed", ("seed",), "prompt", "restricted", reproduced="same"),
    Setting("temperature", "identity", "sampling.temperature", ("temperature",), "always", reproduced="same"),
    Setting("top_p", "identity", "sampling.top_p", ("top_p",), "always", reproduced="same"),
    Setting("top_k", "identity", "sampling.top_k", ("top_k",), "always", reproduced="same"),
    Setting("min_p", "identity", "sampling.min_p", ("min_p",), "always", reproduced="same"),
    Setting(
        "repetition_penalty",
        "identity",
        "sampling.repetition_penalty",
        ("repetition_penalty",),
        "always",
        reproduced="same",
    ),
    Setting("max_tokens", "identity", "sampling.max_tokens", ("max_tokens",), "always", reproduced="same"),
    Setting("refused parameters", "identity", "engine.refused_parameters", (), "always"),
    Setting(
        "chat_template_kwargs",
        "identity",
        "dressing.chat_template_kwargs",
        ("chat_template_kwargs", "thinking", "reasoning_effort"),
        "always",
        mark="chat template {}",
        reproduced="same",
    ),
    Setting(
        "reasoning_effort",
        "identity",
        "dressing.reasoning_effort",
        ("reasoning_effort",),
        "always",
        mark="effort {}",
        reproduced="same",
    ),
    Setting(
        "extra_body",
        "identity",
        "dressing.extra_body",
        ("extra_body",),
        "always",
        mark="extra body {}",
        reproduced="same",
    ),
    Setting(
        "system_prompt",
        "identity",
        "dressing.system_prompt",
        ("system_prompt", "thinking"),
        "prompt",
        mark="system prompt {}",
        reproduced="same",
    ),
    Setting(
        "engine arguments",
        "identity",
        "engine.arguments",
        ("engine_args", "lm_eval_model", "lm_eval_args"),
        "where set",
        reproduced="same on one engine",
        why="what an engine's own settings hold that replies depend on",
    ),
    Setting(
        "context limit",
        "identity",
        "engine.max_model_len",
        ("max_model_len",),
        "named",
        reproduced="same on one engine",
        why="replies that would not fit are cut off",
    ),
    Setting("template", "identity", "tasks.template_sha256", ("tasks",), "prompt", beside="tasks.template"),
    Setting(
        "data",
        "identity",
        "tasks.data_sha256",
        ("tasks", "data_dir"),
        "prompt",
        "unnamed",
        why="tasks with other data are not compared",
    ),
    Setting("option order", "identity", "tasks.option_order", ("tasks",), "prompt"),
    Setting(
        "difficulty",
        "identity",
        "tasks.difficulty_source",
        ("tasks",),
        "prompt",
        designs=("easy-first", "hard-first"),
    ),
    Setting("shard", "identity", "shard", ("shard",), "folder", "restricted", why="each shard has a folder of its own"),
    # --- how the samples came about -----------------------------------------------------------------------------------
    Setting(
        "context",
        "condition",
        "engine.max_context_tokens",
        in_compare="compared",
        why="what the model or its server holds; vLLM reserves what the longest prompt of the call needs",
    ),
    Setting(
        "weights format",
        "condition",
        "engine.weights_format",
        in_compare="compared",
        reproduced="same",
        mark="{} weights",
        why="follows from the revision or the engine arguments, which are part of the identity",
    ),
    Setting(
        "servers",
        "condition",
        "engine.endpoints",
        in_compare="unnamed",
        why="whether they serve the same model is found out by what they say and answer (endpoints.py)",
    ),
    Setting("engine version", "condition", "invocations.engine_version"),
    Setting("last engine version", "condition", "engine.engine_version", in_compare="unnamed", why="as engine version"),
    Setting("device", "condition", "engine.device", ("device",)),
    Setting("deterministic", "condition", "engine.deterministic", ("deterministic",), why="batch-invariant kernels"),
    Setting("batch_size", "condition", "invocations.settings.batch_size", ("batch_size",), why="shape of the batches"),
    Setting(
        "lm_eval_slice_size",
        "condition",
        "invocations.settings.lm_eval_slice_size",
        ("lm_eval_slice_size",),
        why="which samples share a batch",
    ),
    Setting(
        "tensor_parallel_size",
        "condition",
        "invocations.settings.tensor_parallel_size",
        ("tensor_parallel_size",),
        why="order of the sums",
    ),
    Setting(
        "pipeline_parallel_size",
        "condition",
        "invocations.settings.pipeline_parallel_size",
        ("pipeline_parallel_size",),
        why="shape of the batches",
    ),
    Setting(
        "data_parallel_size",
        "condition",
        "invocations.settings.data_parallel_size",
        ("data_parallel_size",),
        why="shape of the batches",
    ),
    Setting(
        "enable_expert_parallel",
        "condition",
        "invocations.settings.enable_expert_parallel",
        ("enable_expert_parallel",),
        why="order of the sums",
    ),
    Setting(
        "max_num_seqs",
        "condition",
        "invocations.settings.max_num_seqs",
        ("max_num_seqs",),
        why="shape of the batches",
    ),
    Setting(
        "gpu_memory_utilization",
        "condition",
        "invocations.settings.gpu_memory_utilization",
        ("gpu_memory_utilization",),
        why="how many requests fit into a batch",
    ),
    Setting(
        "enforce_eager",
        "condition",
        "invocations.settings.enforce_eager",
        ("enforce_eager",),
        why="compiled kernels or others",
    ),
    Setting(
        "trust_remote_code",
        "condition",
        "invocations.settings.trust_remote_code",
        ("trust_remote_code",),
        why="the model's own code, which the revision holds, or the library's for the same model",
    ),
    # --- how much is asked --------------------------------------------------------------------------------------------
    Setting(
        "levels", "amount", "tasks.levels.level", ("levels", "tasks"), in_compare="unnamed", why="said as left out"
    ),
    Setting("repeats", "amount", "tasks.levels.repeats", ("repeats",)),
    Setting("limit", "amount", "tasks.levels.limit", ("limit",)),
    Setting("packs", "amount", "tasks.levels.n_packs", in_compare="unnamed", why="follows from levels and limit"),
    # --- how replies are read and judged ------------------------------------------------------------------------------
    Setting("scorer version", "judging", "scorer_version"),
    Setting("answer type", "judging", "tasks.answer_type", ("tasks",)),
    # --- what no reply depends on -------------------------------------------------------------------------------------
    Setting("profile", "harmless", "dressing.profile", ("profile",), why="what it adds is recorded field by field"),
    Setting("rest-bench", "harmless", "invocations.rest_bench_version"),
    Setting("git commit", "harmless", "invocations.git_commit"),
    Setting("python", "harmless", "invocations.python"),
    Setting("platform", "harmless", "invocations.platform"),
    Setting("hardware", "harmless", "invocations.hardware", why="the device is named by itself"),
    Setting("started", "harmless", "invocations.started_at", in_compare="unnamed"),
    Setting("finished", "harmless", "invocations.finished_at", in_compare="unnamed"),
    Setting("source", "harmless", "tasks.source", ("tasks", "data_dir"), why="the data have a hash"),
    Setting("task file", "harmless", "tasks.file_sha256", ("tasks",), why="what counts of it is recorded by itself"),
    Setting("task", "harmless", "tasks.name", ("tasks",), in_compare="unnamed", why="tasks are matched by name"),
    Setting("problems", "harmless", "tasks.n_problems", in_compare="unnamed", why="follows from the data"),
    Setting("chance", "harmless", "tasks.chance", in_compare="unnamed", why="follows from the data"),
    Setting("schema version", "harmless", "schema_version", in_compare="unnamed", why="form of the file"),
    Setting("out", "harmless", "", ("out",), why="where the run lies"),
    Setting("resume", "harmless", "", ("resume",), why="what is on disk is kept as it is"),
    Setting("dry_run", "harmless", "", ("dry_run",), why="nothing is asked"),
    Setting("tracker", "harmless", "", ("tracker", "tracker_project"), why="where the numbers are sent afterwards"),
    Setting("tokens_per_s", "harmless", "", ("tokens_per_s",), why="an estimate of time"),
    Setting(
        "base_url",
        "harmless",
        "invocations.addresses",
        ("base_url",),
        in_compare="unnamed",
        why="where the model is served, not which",
    ),
    Setting("asked", "harmless", "invocations.n_asked", in_compare="unnamed", why="a count of replies"),
    Setting(
        "trust_endpoint",
        "harmless",
        "",
        ("trust_endpoint",),
        why="the user's word for what servers do not show; what they showed is recorded",
    ),
    Setting("concurrency", "harmless", "", ("concurrency",), why="when a request is sent, not what it says"),
    Setting("timeout_s", "harmless", "", ("timeout_s",), why="a request that takes longer is an error, asked again"),
    Setting("max_retries", "harmless", "", ("max_retries",), why="a request that fails is an error, asked again"),
    Setting("api_key_env", "harmless", "", ("api_key_env",), why="who pays"),
)
"""Every setting of a run and every field of its manifest. The parts of a sample id stand in this order."""
