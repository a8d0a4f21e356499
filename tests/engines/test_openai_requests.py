import asyncio
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import openai_requests, openai_servers
from rest_bench.engines.openai_faults import Kind, ServerError
from rest_bench.engines.openai_requests import (
    Dialect,
    DrainedError,
    Sender,
    engine_error,
    is_neutral,
    make_fields,
    retry_pause_s,
)
from rest_bench.engines.openai_servers import Secrets, Server, Servers
from rest_bench.errors import ConfigError
from rest_bench.schema import Sampling

Ask = Callable[[Server], Awaitable[str]]


def config_of(**settings: object) -> RunConfig:
    return RunConfig.model_validate({"model": "m", "base_url": ("http://host/v1",), **settings})


# --- fields -----------------------------------------------------------------------------------------------------------


def test_every_sampling_field_is_sent_even_where_it_is_off() -> None:
    body = Dialect().body(make_fields(config_of(), Sampling()), seed=5, max_tokens=100)
    assert body == {
        "temperature": 0.6,
        "top_p": 0.95,
        "top_k": -1,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "skip_special_tokens": False,
        "seed": 5,
        "max_tokens": 100,
    }


def test_settings_of_the_run_are_sent() -> None:
    config = config_of(
        chat_template_kwargs={"enable_thinking": True}, reasoning_effort="high", extra_body={"priority": 3}
    )
    fields = make_fields(config, Sampling(top_k=20))
    assert fields["chat_template_kwargs"] == {"enable_thinking": True}
    assert (fields["reasoning_effort"], fields["priority"], fields["top_k"]) == ("high", 3, 20)


@pytest.mark.parametrize("name", ["model", "messages", "n", "stream", "temperature", "max_completion_tokens", "seed"])
def test_the_users_fields_may_not_replace_ours(name: str) -> None:
    with pytest.raises(ConfigError, match=f"--extra-body: {name} is set by rest-bench itself"):
        make_fields(config_of(extra_body={name: 1, "priority": 1}), Sampling())


def test_what_is_refused_is_left_out() -> None:
    dialect = Dialect().without("seed", "top_k").without("min_p")
    body = dialect.body({"top_k": -1, "min_p": 0, "top_p": 1}, seed=5, max_tokens=None)
    assert body == {"top_p": 1}


def test_what_matters_most_is_last() -> None:
    body = Dialect().body(make_fields(config_of(extra_body={"priority": 3}), Sampling()), seed=5, max_tokens=9)
    assert list(body)[-3:] == ["top_p", "temperature", "max_tokens"]


def test_a_budget_may_have_the_newer_name() -> None:
    assert Dialect(budget_name="max_completion_tokens").body({}, None, 7) == {"max_completion_tokens": 7}


def test_what_is_off_changes_nothing_where_it_is_not_known() -> None:
    fields = make_fields(config_of(), Sampling(top_k=20))
    assert [name for name, value in fields.items() if not is_neutral(name, value)] == ["top_k", "top_p", "temperature"]


# --- patience ---------------------------------------------------------------------------------------------------------


def test_pauses_grow_to_more_than_two_minutes_in_all() -> None:
    pauses = [retry_pause_s(number, None) for number in range(8)]
    assert 0.75 <= pauses[0] <= 1
    assert 45 <= pauses[7] <= 60
    assert sum(pauses) > 120
    assert retry_pause_s(10_000, None) <= 60


@pytest.mark.parametrize(
    ("asked", "shortest", "longest"), [(5, 5, 6), (0.01, 0.75, 1.1), (300, 300, 301), (9e9, 600, 601)]
)
def test_a_pause_is_never_shorter_than_the_server_asks_up_to_a_bound(
    asked: float, shortest: float, longest: float
) -> None:
    assert shortest <= retry_pause_s(0, asked) <= longest


class Script:
    """Acts of servers, one for each try: a fault is raised, a text is the answer, a number of seconds is slept."""

    def __init__(self, acts: Iterable[object]) -> None:
        self.acts = list(acts)
        self.asked: list[str] = []

    async def ask(self, server: Server) -> str:
        self.asked.append(server.name)
        act = self.acts.pop(0) if self.acts else "answer"
        if isinstance(act, Exception):
            raise act
        if isinstance(act, float):
            await asyncio.sleep(act)
        return str(act)


def servers_at(*hosts: str) -> Servers:
    return Servers([Server(urlsplit(f"http://{host}/v1"), None) for host in hosts])


def send(script: Script, servers: Servers | None = None, patience_s: float | None = None, **settings: object) -> str:
    async def work() -> str:
        sender = Sender(servers or servers_at("a"), config_of(**settings), Secrets("sk-hidden", ()))
        return str((await sender.send(script.ask, patience_s)).result)

    return asyncio.run(work())


def away() -> ServerError:
    return ServerError(Kind.AWAY, "no connection")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", [Kind.AWAY, Kind.BUSY, Kind.BROKEN])
def test_a_passing_fault_is_sent_again(kind: Kind) -> None:
    script = Script([ServerError(kind, "no"), ServerError(kind, "no")])
    assert send(script) == "answer"
    assert len(script.asked) == 3


@pytest.mark.parametrize("kind", [Kind.REFUSED, Kind.OVERFLOW, Kind.LOCKED, Kind.MISSING])
def test_a_refusal_is_not_sent_again(kind: Kind) -> None:
    script = Script([ServerError(kind, "no")])
    with pytest.raises(ServerError):
        send(script)
    assert len(script.asked) == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("max_retries", [0, 2])
def test_retries_are_counted(max_retries: int) -> None:
    script = Script([away() for _ in range(9)])
    with pytest.raises(ServerError) as caught:
        send(script, max_retries=max_retries)
    assert len(script.asked) == caught.value.n_sent == max_retries + 1


@pytest.mark.usefixtures("quick")
def test_patience_may_be_bounded_in_time() -> None:
    script = Script([away() for _ in range(9)])
    with pytest.raises(ServerError):
        send(script, patience_s=0)
    assert len(script.asked) == 1


@pytest.mark.usefixtures("quick")
def test_a_stalled_request_is_sent_once_more() -> None:
    assert send(Script([60.0]), timeout_s=0.05) == "answer"
    script = Script([60.0, 60.0, 60.0])
    with pytest.raises(ServerError, match=r"no reply within 0\.05 s") as caught:
        send(script, timeout_s=0.05)
    assert (caught.value.kind, len(script.asked)) == (Kind.STALLED, 2)


def test_secrets_are_taken_out_of_what_a_server_says() -> None:
    with pytest.raises(ServerError) as caught:
        send(Script([ServerError(Kind.REFUSED, "wrong: sk-hidden")]))
    assert caught.value.sentence == "wrong: [key]"
    assert caught.value.where == "http://a/v1"


def test_a_sentence_is_cut_when_secrets_are_out_of_it() -> None:
    with pytest.raises(ServerError) as caught:
        send(Script([ServerError(Kind.REFUSED, "x" * 295 + "sk-hidden" + "x" * 500)]))
    assert caught.value.sentence == "x" * 295 + "[key]"


def test_a_request_moves_to_another_server_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_requests, "FIRST_PAUSE_S", 60.0)
    servers = servers_at("a", "b")
    script = Script([away()])
    assert send(script, servers) == "answer"
    assert script.asked == ["http://a/v1", "http://b/v1"]
    assert [server.is_awake for server in servers.all] == [False, True]


@pytest.mark.usefixtures("quick")
def test_every_server_is_tried_in_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_servers, "FIRST_REST_S", 0.001)
    monkeypatch.setattr(openai_servers, "LONGEST_REST_S", 0.001)
    script = Script([away() for _ in range(9)])
    with pytest.raises(ServerError):
        send(script, servers_at("a", "b"), max_retries=1)
    assert script.asked == ["http://a/v1", "http://b/v1"] * 2


def test_draining_ends_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_requests, "FIRST_PAUSE_S", 60.0)

    async def work() -> None:
        sender = Sender(servers_at("a"), config_of(), Secrets(None, ()))
        request = asyncio.create_task(sender.send(Script([away()]).ask))
        await asyncio.sleep(0.01)
        sender.drain()
        with pytest.raises(DrainedError):
            await request
        with pytest.raises(DrainedError):
            await sender.send(Script([]).ask)

    asyncio.run(asyncio.wait_for(work(), 10))


@pytest.mark.parametrize(
    ("kind", "has_key", "sentence"),
    [
        (Kind.LOCKED, True, "--base-url W: does not take the key in the environment variable OPENAI_API_KEY (S)"),
        (Kind.LOCKED, False, "--base-url W: wants a key; put it in the environment variable OPENAI_API_KEY (S)"),
        (Kind.MISSING, True, "correct --model, or the address"),
        (Kind.AWAY, True, "--base-url W: cannot be reached (S); start the server or correct the address"),
        (Kind.BROKEN, True, "cannot answer a short request (S)"),
    ],
)
def test_why_a_run_cannot_go_on(kind: Kind, has_key: bool, sentence: str) -> None:
    fault = ServerError(kind, "S")
    fault.where = "W"
    assert sentence in str(engine_error(fault, config_of(), has_key=has_key))
