import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from rest_bench.engines import openai_bodies
from rest_bench.engines.openai_bodies import guard
from rest_bench.engines.openai_servers import http_library

HTTP = http_library()


def received(status: int = 200, chunks: tuple[bytes, ...] = (), here: str = "https://a.org/v1", **headers: str) -> Any:
    """Return the content of an answer that comes in these chunks, behind the guard."""

    class Stream(HTTP.AsyncByteStream):  # type: ignore[misc,name-defined]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in chunks:
                yield chunk

    async def read() -> bytes:
        response = HTTP.Response(
            status,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            stream=Stream(),
            request=HTTP.Request("POST", here),
        )
        await guard(response)
        content: bytes = await response.aread()
        return content

    return asyncio.run(read())


def raw_deflate(content: bytes) -> bytes:
    return zlib.compress(content, wbits=-15)


@pytest.mark.parametrize(
    ("name", "packs"),
    [
        ("gzip", (gzip.compress,)),
        ("deflate", (zlib.compress,)),
        ("deflate", (raw_deflate,)),
        ("gzip, deflate", (gzip.compress, zlib.compress)),
        ("deflate,gzip", (raw_deflate, gzip.compress)),
        ("identity", ()),
        ("", ()),
    ],
)
@pytest.mark.parametrize("n_bytes", [1, 7, 100_000])
def test_what_is_packed_comes_out_whole(name: str, packs: tuple[Callable[[bytes], bytes], ...], n_bytes: int) -> None:
    content = packed = b"".join(b"%d\n" % number for number in range(3000))
    for pack in packs:
        packed = pack(packed)
    chunks = tuple(packed[place : place + n_bytes] for place in range(0, len(packed), n_bytes))
    assert received(chunks=chunks, content_encoding=name) == content
    assert received(chunks=(b"", *chunks), content_encoding=name) == content


@pytest.mark.parametrize("name", ["gzip", "deflate", "gzip, gzip", "gzip, deflate, gzip"])
def test_more_than_a_reply_is_broken_off_while_it_is_unpacked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_bodies, "MAX_REPLY_BYTES", 3_000_000)
    packed = bytes(100_000_000)
    for layer in name.split(", "):
        packed = gzip.compress(packed, 1) if layer == "gzip" else zlib.compress(packed, 1)
    seen: list[int] = []
    original = openai_bodies._unpacked

    async def counted(*args: Any) -> AsyncIterator[bytes]:
        async for piece in original(*args):
            seen.append(len(piece))
            yield piece

    monkeypatch.setattr(openai_bodies, "_unpacked", counted)
    with pytest.raises(HTTP.ReadError, match="longer than"):
        received(chunks=(packed,), content_encoding=name)
    assert sum(seen) < 3_000_000 * (name.count(",") + 1) + 2 * openai_bodies._STEP_BYTES


@pytest.mark.parametrize("name", ["br", "zstd", "compress", "gzip, br", "x" * 50, ", ".join(["gzip"] * 6)])
def test_what_was_not_asked_for_is_refused(name: str) -> None:
    with pytest.raises(HTTP.DecodingError):
        received(chunks=(b"{}",), content_encoding=name)


@pytest.mark.parametrize("content", [b"no gzip", b"\x1f\x8b\x09\x00broken"])
@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_what_is_packed_wrongly_is_said(name: str, content: bytes) -> None:
    with pytest.raises(HTTP.DecodingError):
        received(chunks=(content,), content_encoding=name)


@pytest.mark.parametrize(
    ("place", "is_refused"),
    [
        ("/v2", False),
        ("https://a.org/v2", False),
        ("https://A.ORG:443/v2", False),
        ("v2", False),
        ("https://b.org/v1", True),
        ("//b.org/v1", True),
        ("https://a.org@b.org/v1", True),
        ("https://a.org.b.org/v1", True),
        ("http://a.org/v1", True),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_prompts_go_to_no_other_host(status: int, place: str, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(HTTP.RequestError, match="prompts go nowhere but"):
            received(status, location=place)
    else:
        assert received(status, location=place) == b""


def test_a_redirect_into_tls_is_followed() -> None:
    assert received(308, here="http://a.org/v1", location="https://a.org/v1") == b""
