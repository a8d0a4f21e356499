"""What is checked of every answer before it is read: where it came from, and how much it unpacks to."""

import zlib
from collections.abc import AsyncIterable, AsyncIterator
from importlib import import_module
from typing import Any

MAX_REPLY_BYTES = 64 * 1024 * 1024
"""A longer answer, packed or unpacked, is no reply; it is refused before it fills the memory."""
ACCEPTED = "gzip, deflate"
"""Packings that servers are told of: those that are unpacked here."""
_MAX_LAYERS = 5
_STEP_BYTES = 1024 * 1024
"""Unpacked at a time: 1 KiB of gzip may hold 1 MiB."""
_HEADER_BYTES = 2
_WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


async def guard(response: Any) -> None:
    """Take an answer of httpx as its hook, before its body is read: bound it, and refuse where it leads elsewhere.

    httpx unpacks by itself, in some versions a whole chunk at once, and joins what it gets without a limit.

    Raises:
        RequestError: of httpx, named RedirectError: it leads to another host, or out of TLS.
        DecodingError: of httpx: it is packed in a way that no server was told of.
    """
    http = import_module(type(response).__module__.partition(".")[0])
    _refuse_elsewhere(response, http)
    layers = _layers(response, http)

    class BoundedStream(http.AsyncByteStream):  # type: ignore[misc,name-defined]
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            pieces = _bounded(self._stream, http)
            for layer in reversed(layers):
                pieces = _bounded(_unpacked(pieces, layer, http), http)
            async for piece in pieces:
                yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    response.stream = BoundedStream(response.stream)
    response.headers.pop("content-encoding", None)


def _refuse_elsewhere(response: Any, http: Any) -> None:
    """Keep prompts, which a redirect takes along, from a host that nobody named."""
    if not response.has_redirect_location:
        return
    here = response.request.url
    there = here.join(response.headers["location"])
    if there.host != here.host or (here.scheme, there.scheme) == ("https", "http"):
        shown = there.copy_with(username=None, password=None, query=None)
        # The openai package passes on only what is an exception of httpx.
        refused = type("RedirectError", (http.RequestError,), {})
        raise refused(f"it redirects to {shown}, and prompts go nowhere but to the address that was given")


def _layers(response: Any, http: Any) -> list[str]:
    """Return how the body is packed, the outermost layer last."""
    named = response.headers.get_list("content-encoding", split_commas=True)
    layers = [layer for name in named if (layer := name.strip().lower()) not in ("", "identity")]
    unknown = [layer for layer in layers if layer not in _WINDOW_BITS]
    if unknown:
        raise http.DecodingError(f"it is packed as {unknown[0]!r}, which was not asked for")
    if len(layers) > _MAX_LAYERS:
        raise http.DecodingError(f"it is packed {len(layers)} times over")
    return layers


async def _bounded(pieces: AsyncIterable[bytes], http: Any) -> AsyncIterator[bytes]:
    n_bytes = 0
    async for piece in pieces:
        n_bytes += len(piece)
        if n_bytes > MAX_REPLY_BYTES:
            raise http.ReadError(f"the answer is longer than {MAX_REPLY_BYTES // 1024**2} MiB")
        yield piece


async def _unpacked(pieces: AsyncIterable[bytes], layer: str, http: Any) -> AsyncIterator[bytes]:
    """Unpack one layer in steps, so that whoever counts them can stop in time."""
    unpacker, begun = None, b""
    try:
        async for piece in pieces:
            packed = piece if unpacker else begun + piece
            if unpacker is None and len(packed) < _HEADER_BYTES:
                begun = packed
                continue
            unpacker = unpacker or zlib.decompressobj(_window_bits(layer, packed))
            while some := unpacker.decompress(packed, _STEP_BYTES):
                yield some
                packed = unpacker.unconsumed_tail
        if unpacker is not None:
            yield unpacker.flush()
    except zlib.error as error:
        raise http.DecodingError(str(error)) from error


def _window_bits(layer: str, packed: bytes) -> int:
    """Return how zlib is to read a layer; some servers send deflate without the header that the standard asks for."""
    has_header = packed[0] % 16 == zlib.DEFLATED and int.from_bytes(packed[:_HEADER_BYTES]) % 31 == 0
    return -zlib.MAX_WBITS if layer == "deflate" and not has_header else _WINDOW_BITS[layer]
