"""The servers of a run: their addresses, the key, and which one is asked next."""

import os
import re
import socket
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from rest_bench.config import RunConfig
from rest_bench.engines.openai_bodies import ACCEPTED, guard
from rest_bench.errors import ConfigError

FIRST_REST_S, LONGEST_REST_S = 5.0, 60.0
"""How long a server that cannot be reached is left alone while others answer; doubled each time."""
CONNECT_TIMEOUT_S = 30.0

_PLACEHOLDER_KEY = "none"
"""For servers without keys: the openai package wants one."""
_KEY_IN_TEXT = 16
"""Characters from which on a key is taken out of texts as well: a shorter one may be a word or an answer."""
_BLANK = "[key]"


class Secrets:
    """What must not be written anywhere, and how it is taken out of other people's words."""

    def __init__(self, key: str | None, addresses: Collection[SplitResult]) -> None:
        self.key = key
        parts = {part for url in addresses for part in (url.password, _userinfo(url)) if part}
        self._hidden = {key, *parts, *map(unquote, parts)} - {None, ""}

    def scrub(self, words: str) -> str:
        """Return a sentence without secrets."""
        return self._without(words, 1)

    def scrub_text(self, text: str) -> str:
        """Return a text of the model without a key that its server put there."""
        return self._without(text, _KEY_IN_TEXT)

    def _without(self, words: str, n_characters: int) -> str:
        for secret in sorted(filter(None, self._hidden), key=len, reverse=True):
            if len(secret) >= n_characters:
                words = words.replace(secret, _BLANK)
        return words


class Server:
    """One address, and how it does."""

    def __init__(self, url: SplitResult, client: Any) -> None:
        self.client = client
        """An AsyncOpenAI; it never repeats a request itself."""
        self.name = urlunsplit((url.scheme, url.netloc.rpartition("@")[2], url.path, "", ""))
        """The address without user and password."""
        self.root = _plain_url(url).removesuffix("/v1")
        """Where the pages stand that are not OpenAI's; may hold a password."""
        self.proxy_variable = find_proxy(url)
        """The environment variable that names the proxy before it; null where none is used."""
        self.kind: str | None = None
        """`vllm`, `sglang` or `llamacpp`; null where it does not say."""
        self.in_flight = 0
        self._failures = 0
        self._awake_at = 0.0

    @property
    def is_awake(self) -> bool:
        """Whether it may be asked: it was reached the last time, or has rested."""
        return time.monotonic() >= self._awake_at

    @property
    def awake_at(self) -> float:
        """When its rest ends, on the monotonic clock."""
        return self._awake_at

    def rest(self, pause_s: float | None = None) -> None:
        """Leave it alone for a while: longer each time, or for as long as it asks."""
        if self.is_awake:  # all that were in flight fail at once: they count as one
            self._failures += 1
        own = min(LONGEST_REST_S, FIRST_REST_S * 2 ** min(self._failures - 1, 10))
        self._awake_at = time.monotonic() + (own if pause_s is None else pause_s)

    def answered(self) -> None:
        """It works."""
        self._failures, self._awake_at = 0, 0.0

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count a request in flight during the block."""
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1


class Servers:
    """All servers of a run."""

    def __init__(self, servers: Collection[Server]) -> None:
        self.all = tuple(servers)

    def choose(self, tried: Collection[Server]) -> Server:
        """Return the server with the least in flight of those that are awake and not tried; else the next to wake."""
        return min(
            self.all,
            key=lambda each: (not each.is_awake, each in tried, each.in_flight if each.is_awake else each.awake_at),
        )

    def has_other(self, tried: Collection[Server]) -> bool:
        """Return whether a server is awake that was not tried yet."""
        return any(each.is_awake and each not in tried for each in self.all)


# --- addresses and keys -----------------------------------------------------------------------------------------------


def read_addresses(config: RunConfig) -> tuple[SplitResult, ...]:
    """Return the addresses, each once.

    Raises:
        ConfigError: none is given, or one is no address.
    """
    if not config.base_url:
        raise ConfigError("--engine openai: needs --base-url, the address of a server, like http://localhost:8000/v1")
    return tuple(_read_address(address) for address in dict.fromkeys(each.rstrip("/") for each in config.base_url))


def _read_address(address: str) -> SplitResult:
    try:
        url = urlsplit(address)
        port_is_good = url.port is None or url.port > 0
    except ValueError:
        url, port_is_good = urlsplit(""), False
    shown = address.rpartition("@")[2] if "@" in address else address
    if url.scheme not in ("http", "https") or not url.hostname or not port_is_good or re.search(r"\s", address):
        raise ConfigError(f"--base-url {shown}: is no address; write it like http://localhost:8000/v1")
    if url.query or url.fragment:
        raise ConfigError(f"--base-url {shown}: must end with the path, such as /v1; leave out what follows ? or #")
    return url


def read_secrets(config: RunConfig, addresses: Collection[SplitResult]) -> Secrets:
    """Return the key, which stands in the environment only, and the passwords of the addresses.

    Raises:
        ConfigError: the variable holds no key.
    """
    # A key must not pass through RunConfig, which is printed and stored.
    key = os.environ.get(config.api_key_env, "").strip() or None  # noqa: TID251
    if key is not None and not (key.isascii() and key.isprintable()):
        raise ConfigError(
            f"--api-key-env {config.api_key_env}: this variable holds letters that no key has; set it again"
        )
    return Secrets(key, addresses)


def _userinfo(url: SplitResult) -> str:
    return url.netloc.rpartition("@")[0]


# --- clients ----------------------------------------------------------------------------------------------------------


async def connect(addresses: Collection[SplitResult], secrets: Secrets, config: RunConfig) -> Servers:
    """Return the servers; nothing is sent yet. Awaited on the event loop that will use them."""
    import openai

    http = http_library()
    servers = []
    for url in addresses:
        limits = http.Limits(max_connections=None, max_keepalive_connections=config.concurrency)
        proxy = find_proxy(url)
        try:
            http_client = openai.DefaultAsyncHttpxClient(
                limits=limits,
                verify=tls(),
                transport=None if proxy else _direct(limits),
                # The whole request has one limit of its own, which also ends a server that sends a byte a minute.
                timeout=http.Timeout(None, connect=min(CONNECT_TIMEOUT_S, config.timeout_s)),
                headers={"Accept-Encoding": ACCEPTED},
                event_hooks={"response": [guard]},
            )
        except (ValueError, ImportError, http.InvalidURL) as error:
            if proxy is None:
                raise
            raise _unusable(proxy, error) from None
        client = openai.AsyncOpenAI(
            api_key=secrets.key or _PLACEHOLDER_KEY,
            base_url=_plain_url(url),
            max_retries=0,  # its own patience ends after 40 s
            http_client=http_client,
            timeout=http_client.timeout,
        )
        servers.append(Server(url, client))
    return Servers(servers)


@cache
def tls() -> Any:
    """Return what checks certificates: reading all authorities takes longer than a request."""
    return http_library().create_ssl_context()


def _direct(limits: Any) -> Any:
    """Return a transport that asks no proxy."""
    return http_library().AsyncHTTPTransport(verify=tls(), limits=limits, socket_options=keep_alive())


def _unusable(proxy: str, error: Exception) -> ConfigError:
    """Return what to do about a proxy that httpx does not take; its own words may hold the proxy's password."""
    remedy = "install it with pip install 'httpx[socks]'" if isinstance(error, ImportError) else "correct it"
    return ConfigError(
        f"{proxy}: this proxy cannot be used ({type(error).__name__}); {remedy}, or go past it with NO_PROXY"
    )


def keep_alive() -> list[tuple[int, int, int]]:
    """Return socket options that notice a machine which vanished: within three minutes, not after hours of silence."""
    wanted = {"TCP_KEEPIDLE": 60, "TCP_KEEPALIVE": 60, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 4}
    known = [(getattr(socket, name, None), value) for name, value in wanted.items()]
    return [
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        *((socket.IPPROTO_TCP, number, value) for number, value in known if number is not None),
    ]


def find_proxy(url: SplitResult) -> str | None:
    """Return which variable of the environment names a proxy for an address; null where it is asked directly.

    This machine itself is: a proxy would look for the server on its own (Ollama and LM Studio behind a company's
    proxy answer 403, 502 or 503, llama_index #13526).
    """
    if is_loopback(url.hostname or "") or proxy_bypass(url.hostname or ""):
        return None
    scheme = next((scheme for scheme in (url.scheme, "all") if getproxies().get(scheme)), None)
    if scheme is None:
        return None
    names = (f"{scheme}_proxy", f"{scheme}_PROXY".upper())
    # Only the name is kept; the value may hold a password.
    return next((name for name in names if os.environ.get(name)), "the system's settings")  # noqa: TID251


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any(each.is_loopback or each.is_unspecified for each in (address, inner) if each is not None)


def http_library() -> Any:
    """Return httpx, in the edition that this version of the openai package is built on."""
    import openai

    client = next(base for base in openai.DefaultAsyncHttpxClient.__mro__ if base.__name__ == "AsyncClient")
    return import_module(client.__module__.partition(".")[0])


def _plain_url(url: SplitResult) -> str:
    """Return an address whose user and password are spelled as URLs want them."""
    user, colon, password = _userinfo(url).partition(":")
    login = f"{quote(unquote(user))}{colon}{quote(unquote(password))}@" if user else ""
    return urlunsplit((url.scheme, login + url.netloc.rpartition("@")[2], url.path, "", ""))
