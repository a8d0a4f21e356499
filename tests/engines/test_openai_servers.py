import asyncio
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from rest_bench.config import RunConfig
from rest_bench.engines import openai_servers
from rest_bench.engines.openai_servers import (
    Secrets,
    Server,
    Servers,
    connect,
    find_proxy,
    is_loopback,
    keep_alive,
    read_addresses,
    read_secrets,
)
from rest_bench.errors import ConfigError


def config_of(*addresses: str, **settings: object) -> RunConfig:
    return RunConfig.model_validate({"model": "m", "base_url": addresses, **settings})


def server_at(address: str = "http://host:1/v1") -> Server:
    return Server(urlsplit(address), None)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that lets time pass for servers that rest."""
    now = [1000.0]
    monkeypatch.setattr("rest_bench.engines.openai_servers.time.monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


# --- addresses and secrets --------------------------------------------------------------------------------------------


def test_an_address_may_end_with_a_slash_and_is_taken_once() -> None:
    addresses = read_addresses(config_of("http://host:1/v1/", "http://host:1/v1", "https://other/v1"))
    assert [Server(url, None).name for url in addresses] == ["http://host:1/v1", "https://other/v1"]


@pytest.mark.parametrize(
    "address",
    ["localhost:8000", "ftp://host/v1", "http://", "http://host:port/v1", "http://[::1/v1", "", "http://ho st/v1"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match=r"^--base-url .*: is no address; write it like http"):
        read_addresses(config_of(address))


def test_an_address_ends_with_its_path() -> None:
    with pytest.raises(ConfigError, match="leave out what follows"):
        read_addresses(config_of("http://host/v1?key=1"))


def test_without_an_address_the_engine_says_what_it_needs() -> None:
    with pytest.raises(ConfigError, match="--engine openai: needs --base-url"):
        read_addresses(config_of())


def test_a_password_is_not_repeated_in_any_sentence() -> None:
    with pytest.raises(ConfigError) as caught:
        read_addresses(config_of("ftp://user:hunter2@host/v1"))
    assert "hunter2" not in str(caught.value)
    assert Server(urlsplit("http://user:hunter2@host:1/v1"), None).name == "http://host:1/v1"


def test_the_key_and_passwords_are_taken_out_of_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", " sk-0123456789 ")
    config = config_of("http://user:hunt%40er2@host/v1", api_key_env="MY_KEY")
    secrets = read_secrets(config, read_addresses(config))
    assert secrets.key == "sk-0123456789"
    said = "key sk-0123456789, password hunt@er2 or hunt%40er2, login user:hunt%40er2"
    assert secrets.scrub(said) == "key [key], password [key] or [key], login [key]"


def test_a_server_without_keys_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MY_KEY", raising=False)
    assert read_secrets(config_of(api_key_env="MY_KEY"), ()).key is None
    assert Secrets(None, ()).scrub("as it is") == "as it is"


def test_a_key_with_letters_that_no_header_can_hold_is_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-schlüssel")
    with pytest.raises(ConfigError, match="MY_KEY") as caught:
        read_secrets(config_of(api_key_env="MY_KEY"), ())
    assert "schl" not in str(caught.value)


# --- connections ------------------------------------------------------------------------------------------------------


def test_connections_notice_a_machine_that_vanished() -> None:
    with socket.socket() as connection:
        for level, number, value in keep_alive():
            connection.setsockopt(level, number, value)
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take every proxy out of the environment."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_a_proxy_of_the_environment_is_used(no_proxies: pytest.MonkeyPatch) -> None:
    assert find_proxy(urlsplit("https://host/v1")) is None
    no_proxies.setenv("https_proxy", "http://proxy:3128")
    no_proxies.setenv("no_proxy", "inside")
    assert find_proxy(urlsplit("https://host/v1")) == "https_proxy"
    assert find_proxy(urlsplit("https://inside/v1")) is None
    assert find_proxy(urlsplit("http://host/v1")) is None


@pytest.mark.parametrize(
    ("variable", "address", "found"),
    [
        ("HTTP_PROXY", "http://host/v1", "HTTP_PROXY"),
        ("HTTP_PROXY", "https://host/v1", None),
        ("ALL_PROXY", "https://host/v1", "ALL_PROXY"),
        ("all_proxy", "http://192.168.1.7:8000/v1", "all_proxy"),
        *(
            ("HTTP_PROXY", f"http://{host}:8000/v1", None)
            for host in (
                *("localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1", "127.8.9.1"),
                *("0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]"),
            )
        ),
    ],
)
def test_this_machine_is_asked_past_any_proxy(
    no_proxies: pytest.MonkeyPatch, variable: str, address: str, found: str | None
) -> None:
    no_proxies.setenv(variable, "http://user:hunter2@proxy:3128")
    assert find_proxy(urlsplit(address)) == found


@pytest.mark.parametrize("host", ["", "localhost.example", "mylocalhost", "10.0.0.1", "128.0.0.1", "::2", "host"])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("proxy", ["gopher://user:hunter2@proxy:70", "socks4://user:hunter2@proxy:1080"])
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable(no_proxies: pytest.MonkeyPatch, proxy: str) -> None:
    no_proxies.setenv("HTTPS_PROXY", proxy)
    config = config_of("https://host/v1")
    addresses = read_addresses(config)
    with pytest.raises(ConfigError, match=r"^HTTPS_PROXY: this proxy cannot be used \(\w+\); correct it") as caught:
        asyncio.run(connect(addresses, read_secrets(config, addresses), config))
    assert "hunter2" not in str(caught.value)


# --- which server is asked next ---------------------------------------------------------------------------------------


def test_the_server_with_the_least_in_flight_is_asked() -> None:
    servers = Servers([server_at(), server_at(), server_at()])
    counts = []
    blocks = []
    for _ in range(7):
        block = servers.choose(()).busy()
        block.__enter__()
        blocks.append(block)
        counts.append(tuple(server.in_flight for server in servers.all))
    assert counts[2] == (1, 1, 1)
    assert counts[-1] == (3, 2, 2)
    for block in blocks:
        block.__exit__(None, None, None)
    assert [server.in_flight for server in servers.all] == [0, 0, 0]


def test_a_server_that_failed_rests_and_is_asked_again(clock: Callable[[float], None]) -> None:
    bad, good = server_at(), server_at()
    servers = Servers([bad, good])
    bad.rest()
    with good.busy():
        assert servers.choose(()) is good
        assert servers.has_other({bad})
        assert not servers.has_other({good})
        clock(openai_servers.FIRST_REST_S)
        assert servers.choose(()) is bad


def test_rests_grow_up_to_a_bound_and_end_with_an_answer(clock: Callable[[float], None]) -> None:
    server = server_at()
    rests = []
    for _ in range(6):
        server.rest()
        server.rest()  # another request that failed at the same time
        rests.append(0)
        while not server.is_awake:
            clock(1)
            rests[-1] += 1
    assert rests == [5, 10, 20, 40, 60, 60]
    server.rest()
    server.answered()
    assert server.is_awake


def test_a_server_rests_as_long_as_it_asks(clock: Callable[[float], None]) -> None:
    server = server_at()
    server.rest(300)
    clock(299)
    assert not server.is_awake
    clock(1)
    assert server.is_awake


def test_where_all_rest_the_next_to_wake_is_asked(clock: Callable[[float], None]) -> None:
    late, soon = server_at(), server_at()
    late.rest(100)
    soon.rest(10)
    with soon.busy():
        assert Servers([late, soon]).choose(()) is soon


def test_a_server_that_was_tried_is_asked_last() -> None:
    first, second = server_at(), server_at()
    with second.busy():
        assert Servers([first, second]).choose({first}) is second
