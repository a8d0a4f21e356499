import pytest

from rest_bench.config import RunConfig
from rest_bench.forecast import ESTIMATE, Forecast, Known, TokenCounter, estimate_tokens, make_forecast
from rest_bench.planning import make_plan
from rest_bench.schema import Message, Observed, Prompt


def forecast(
    *,
    context: int | None = None,
    known: Known | None = None,
    n_prompt_tokens: int = 100,
    max_tokens: int = 400,
    tokens_per_s: float | None = None,
    **settings: object,
) -> Forecast:
    config = RunConfig.model_validate({"model": "m", "levels": (1, 3), "limit": 6, **settings})
    counter = TokenCounter(lambda prompt: n_prompt_tokens * prompt.level, True, context)
    more = {} if known is None else {"known": known}
    return make_forecast(make_plan(config), max_tokens, counter, tokens_per_s=tokens_per_s, **more)


def nothing_done(observed: dict[tuple[str, int], Observed]) -> Known:
    return Known(lambda _sample: False, observed)


def test_samples_and_tokens_are_counted_by_task_and_level() -> None:
    low, high = forecast(repeats=2).levels
    assert (low.task, low.level, low.n_samples, low.n_done) == ("arithmetic", 1, 12, 0)
    assert (high.level, high.prompt_tokens, high.max_prompt_tokens) == (3, 300, 300)
    assert high.max_completion_tokens == 12 * 400


def test_mean_and_longest_prompt_are_those_of_the_level() -> None:
    lengths = iter([10, 20, 60])
    counter = TokenCounter(lambda _prompt: next(lengths), True)
    config = RunConfig.model_validate({"model": "m", "levels": (1,), "limit": 3, "repeats": 2})
    (level,) = make_forecast(make_plan(config), 5, counter).levels  # the repeats ask the same prompts: counted once
    assert (level.prompt_tokens, level.max_prompt_tokens) == (30, 60)


def test_shards_and_limits_are_honoured() -> None:
    assert [level.n_samples for level in forecast(shard="1/4").levels] == [2, 2]
    assert [level.n_samples for level in forecast(shard="4/4").levels] == [1, 1]
    assert forecast(shard="7/7").levels == ()


def test_what_does_not_fit_the_context_is_said_and_its_budget_is_what_is_left() -> None:
    low, high = forecast(context=500).levels
    assert (low.fits, low.max_completion_tokens) == (True, 6 * 400)
    assert (high.fits, high.max_completion_tokens) == (False, 6 * 200)
    assert forecast(context=300).levels[1].max_completion_tokens == 0
    assert forecast().levels[0].fits is None


def test_the_shortest_prompt_has_the_largest_budget() -> None:
    assert [level.max_budget_tokens for level in forecast(context=500).levels] == [400, 200]
    assert [level.max_budget_tokens for level in forecast().levels] == [400, 400]


def test_expected_tokens_are_unknown_without_replies() -> None:
    level = forecast(tokens_per_s=10).levels[0]
    assert (level.expected_completion_tokens, level.expected_s) == (None, None)
    assert level.max_s == 6 * 400 / 10


def test_expected_tokens_come_from_the_replies_so_far() -> None:
    known = nothing_done({("arithmetic", 1): Observed(n_responses=2, completion_tokens=100)})
    low, high = forecast(known=known, tokens_per_s=10).levels
    assert (low.expected_completion_tokens, low.expected_s) == (6 * 50, 30)
    assert high.expected_completion_tokens == 6 * 150


def test_no_more_is_expected_than_the_budgets_allow() -> None:
    known = nothing_done({("arithmetic", 1): Observed(n_responses=1, completion_tokens=300)})
    assert forecast(known=known).levels[1].expected_completion_tokens == 6 * 400


def test_only_what_is_not_done_costs_anything() -> None:
    first = make_plan(RunConfig(model="m")).tasks[0].task.problems[0]
    known = Known(
        lambda sample: sample.pack.level == 3 or sample.pack.problems[0] == first,
        {("arithmetic", 1): Observed(n_responses=2, completion_tokens=100)},
    )
    low, high = forecast(known=known, tokens_per_s=10).levels
    assert (low.n_samples, low.n_done) == (6, 1)
    assert (low.expected_completion_tokens, low.max_completion_tokens) == (5 * 50, 5 * 400)
    assert (high.n_done, high.expected_completion_tokens, high.max_completion_tokens, high.max_s) == (6, 0, 0, 0)


@pytest.mark.parametrize(("text", "n_tokens"), [("", 0), ("abc", 1), ("abcd", 1), ("abcde", 2)])
def test_tokens_are_estimated_from_characters(text: str, n_tokens: int) -> None:
    prompt = Prompt(
        pack_id="p",
        task="t",
        level=1,
        repeat=0,
        answer_type="integer",
        messages=(Message(role="user", content=text),),
        sha256="",
    )
    assert estimate_tokens(prompt) == n_tokens
    assert not ESTIMATE.is_exact
