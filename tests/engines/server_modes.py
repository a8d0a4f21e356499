"""What servers are known to do, as a literal table: one answer, and what must come of it.

`source` is where it was met in public, by repository and number.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from werkzeug import Request, Response

from tests.engines.faulty_server import MODEL, Act, as_json, cuts, refuses, says

BOXED = "\\boxed{5}"
"""The text of a good reply."""
STOPPED = "stopped"
"""In place of a finish reason: the run ends with one sentence."""
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
BUDGET = 100
"""Tokens that requests allow."""


class Mode(NamedTuple):
    """One thing that a server does, and what must come of it."""

    act: Act
    finish_reason: str | None = "stop"
    """Of the response, or STOPPED."""
    text: str = BOXED
    reasoning: str | None = None
    tokens: int | None = 7
    warns: str = ""
    """Part of what is said in the log; nothing may be said where it is empty."""
    error: str = ""
    """Part of the response's error, or of the sentence that ends the run."""
    n_requests: int = 1
    once: bool = False
    """It does so to the first request only."""
    source: str = ""


def passing(act: Act, source: str = "") -> Mode:
    """Return a fault that is over when the request is sent again."""
    return Mode(act, once=True, n_requests=2, source=source)


def staying(act: Act, error: str, source: str = "", *, n_requests: int = 3) -> Mode:
    """Return a fault that is still there when the tries are used up."""
    return Mode(act, "error", "", tokens=None, error=error, n_requests=n_requests, source=source)


def stopping(act: Act, error: str, source: str = "", *, n_requests: int = 1) -> Mode:
    """Return a fault that ends the run at once."""
    return Mode(act, STOPPED, error=error, n_requests=n_requests, source=source)


def reply(
    content: object = BOXED, finish_reason: object = "stop", usage: object = USAGE, **message: object
) -> Callable[[Request], Response]:
    """Return a chat completion; `message` are further fields of its message."""
    return answers(
        [{"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish_reason}],
        usage=usage,
    )


def answers(choices: object, **fields: object) -> Act:
    """Return an answer with these choices."""
    return says(as_json({"object": "chat.completion", "model": MODEL, "usage": USAGE, "choices": choices, **fields}))


def body(answer: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Act:
    return says(as_json(answer, status, dict(headers or {})))


def raw(content: bytes | str, content_type: str = "application/json", **headers: str) -> Act:
    return says(Response(content, 200, headers, content_type=content_type))


def in_answer(message: str, code: object = None, **fields: object) -> Act:
    """Return an error in the body of a 200."""
    return body({"error": {"message": message, "code": code, **fields}})


def in_choice(code: object, message: str = "Provider returned error", text: str | None = "half") -> Act:
    """Return an error beside the message of a choice."""
    error = {"code": code, "message": message}
    choice = {"index": 0, "message": {"content": text}, "finish_reason": "error", "error": error}
    return answers([choice])


def parts(*content: object, **message: object) -> Act:
    return reply(list(content), **message)


def counted(prompt: int, completion: int, total: int | None = None, **details: object) -> dict[str, object]:
    usage: dict[str, object] = {"prompt_tokens": prompt, "completion_tokens": completion, **details}
    return usage if total is None else {**usage, "total_tokens": total}


def stream(*chunks: object, done: bool = True) -> Act:
    lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + (["data: [DONE]\n\n"] if done else [])
    return raw("".join(lines), "text/event-stream")


def chunk(finish_reason: str | None = None, **delta: object) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"object": "chat.completion.chunk", "model": MODEL, "choices": [choice]}


def in_steps(request: Request) -> Response:
    """Send a reply byte by byte, as a proxy that keeps a connection awake does."""
    whole = reply()(request).get_data()
    return Response((whole[place : place + 1] for place in range(len(whole))), content_type="application/json")


def resets(request: Request) -> Response:
    """Break the connection off before any answer."""
    request.environ["werkzeug.socket"].shutdown(2)
    return Response("")


def redirects(status: int, place: str = "/v1/chat/completions?again=1") -> Act:
    """Send the first request elsewhere."""

    def act(request: Request) -> Response:
        if request.args:
            return GOOD(request)
        return Response("", status, {"Location": place})

    return act


def packed(name: str, packs: Callable[[bytes], bytes]) -> Act:
    """Return a good reply whose body is packed, or replaced by what `packs` makes of it."""
    return lambda request: Response(packs(GOOD(request).get_data()), headers={"Content-Encoding": name})


@cache
def packed_zeros(name: str) -> bytes:
    """Return a little that unpacks to 65 MiB."""
    body = bytes(65 * 1024**2)
    for layer in name.split(", "):
        body = gzip.compress(body, 1) if layer == "gzip" else zlib.compress(body, 1)
    return body


def bomb(name: str) -> Act:
    return lambda _request: Response(packed_zeros(name), headers={"Content-Encoding": name})


GOOD = reply()
TEXT, THOUGHT = {"type": "text", "text": BOXED}, {"type": "thinking", "thinking": "hm"}
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"
UNKNOWN = "is not known whether it was cut off"

ENDINGS = {
    "a stop in capitals": Mode(reply(finish_reason="STOP"), source="QwenLM/qwen-code #9884"),
    "eos": Mode(reply(finish_reason="eos"), source="openai/openai-dotnet #267 (Together)"),
    "eos_token": Mode(reply(finish_reason="eos_token"), source="huggingface/text-generation-inference #2296"),
    "end_turn": Mode(reply(finish_reason="end_turn"), source="genkit-ai/genkit #6259 (xAI)"),
    "endTurn": Mode(reply(finish_reason="endTurn"), source="zeitlings/ayai-gpt-nexus #2 (OpenRouter)"),
    "stop_sequence": Mode(reply(finish_reason="stop_sequence")),
    "COMPLETE": Mode(reply(finish_reason="COMPLETE")),
    "the name of an enum": Mode(reply(finish_reason="FinishReason.STOP")),
    "an object of SGLang's own": Mode(reply(finish_reason={"type": "stop", "matched": 151645})),
    "MAX_TOKENS": Mode(reply("half", "MAX_TOKENS", counted(11, 100)), "length", "half", tokens=100),
    "MAX_TOKENS without content": Mode(
        answers([{"message": {"role": "assistant"}, "finish_reason": "MAX_TOKENS"}], usage=counted(11, 100)),
        *("length", ""),
        tokens=100,
        source="QwenLM/qwen-code #9884",
    ),
    "a null message at the limit": Mode(
        answers([{"message": None, "finish_reason": "length"}], usage=counted(11, 100)), "length", "", tokens=100
    ),
    "max_new_tokens": Mode(reply("half", "max_new_tokens", counted(11, 100)), "length", "half", tokens=100),
    "incomplete": Mode(reply("half", "incomplete", counted(11, 100)), "length", "half", tokens=100),
    "the window of the model": Mode(
        reply("half", "model_context_window_exceeded", counted(11, 100)),
        *("length", "half"),
        tokens=100,
        source="genkit-ai/genkit #6259 (Z.ai)",
    ),
    "null": Mode(reply(finish_reason=None), None, warns=UNKNOWN, source="vllm-project/vllm #27572"),
    "an empty finish reason": Mode(reply(finish_reason=""), None, warns=UNKNOWN, source="sgl-project/sglang #3912"),
    "no finish reason": Mode(answers([{"message": {"content": BOXED}}]), None, warns=UNKNOWN),
    "a word of its own": Mode(reply(finish_reason="glorp"), None, warns="finish_reason 'glorp', which says nothing"),
    "null at the budget": Mode(
        reply("half", None, counted(11, 100)), "length", "half", tokens=100, warns="all that it was allowed"
    ),
    "stop at the budget": Mode(
        reply("half", "stop", counted(11, 100)),
        *("length", "half"),
        tokens=100,
        warns="100 tokens, all that it was allowed, with finish_reason stop",
        source="ggml-org/llama.cpp #7198, BerriAI/litellm #10768, PaddlePaddle/FastDeploy #4543",
    ),
    "stop at the budget, thinking counted apart": Mode(
        reply("half", "stop", counted(11, 40, 111, completion_tokens_details={"reasoning_tokens": 60})),
        *("length", "half"),
        tokens=100,
        warns="all that it was allowed",
    ),
    "thinking counted within": Mode(
        reply(usage=counted(11, 90, 101, completion_tokens_details={"reasoning_tokens": 60})), tokens=90
    ),
    "a prompt counted as a reply": Mode(reply(usage=counted(93, 100, 100)), tokens=100),
    "usage of zero": Mode(reply(usage=counted(0, 0, 0)), tokens=None),
    **{
        f"{count!r:.30} as a count": Mode(
            reply(usage={**USAGE, "completion_tokens": count}), tokens=None, warns="which is no number of tokens"
        )
        for count in (2**63, 2**31, 10**400, -1, -(2**63), 1e30, 7.5, "7", True, [7], {"n": 7})
    },
    "usage of nulls": Mode(
        reply(usage={"prompt_tokens": None, "completion_tokens": None}), tokens=None, source="maximhq/bifrost #5425"
    ),
    "no usage": Mode(reply(usage=None), tokens=None),
    "more tokens than allowed": Mode(
        reply(usage=counted(11, 120)), tokens=120, warns="counts 120 tokens in a reply that was allowed 100"
    ),
    "a cap of the server": Mode(
        reply("half", "length", counted(11, 64)),
        *("length", "half"),
        tokens=64,
        warns="the server caps replies at 64 tokens, --max-tokens asked for 100",
    ),
    "a content filter": Mode(
        reply(None, "content_filter"), "error", "", error="use a server without one", source="BerriAI/litellm #8953"
    ),
    "SAFETY": Mode(reply("half", "SAFETY"), "error", "half", error="finish_reason SAFETY: its content filter"),
    "sensitive": Mode(
        reply("half", "sensitive"), "error", "half", error="content filter", source="anomalyco/opencode #44092"
    ),
    "a filter without a message": Mode(
        answers([{"message": None, "finish_reason": "RECITATION"}]), "error", "", error="content filter"
    ),
    "a refusal": Mode(reply(None, refusal="I will not"), text="I will not"),
    "a tool call": Mode(
        reply(None, "tool_calls", tool_calls=[{"function": {"name": "python"}}]),
        *("error", ""),
        error="start the server without a tool parser",
    ),
    "a tool call that stops": Mode(
        reply(None, "stop", tool_calls=[{"function": {"name": "python"}}]), "error", "", error="without a tool parser"
    ),
    "a function call": Mode(reply("half", "function_call"), "error", "half", error="without a tool parser"),
    "an abort": Mode(
        reply("half", "abort"), "error", "half", error="run the command again", source="vllm-project/vllm #57082"
    ),
    "a breakdown": passing(reply("half", "error"), "gethouston/houston #1211 (OpenRouter)"),
    "a breakdown that stays": staying(reply("half", "network_error"), "finish_reason network_error"),
    "DeepSeek without resources": passing(reply("half", "insufficient_system_resource"), "genkit-ai/genkit #6259"),
    "empty, and nothing is said": passing(reply("", None, usage=counted(11, 0))),
}

CONTENT = {
    "all text in the thinking": Mode(
        reply(None, reasoning="so 5"),
        text="",
        reasoning="so 5",
        warns="start the server without a reasoning parser",
        source="vllm-project/vllm #30139, #37558",
    ),
    "blank content, text in the thinking": Mode(
        reply("\n\n", reasoning_content="so 5"), text="\n\n", reasoning="so 5", warns="reasoning parser"
    ),
    "no text at all": Mode(
        reply(None), text="", warns="the text of a reply of 7 tokens", source="vllm-project/vllm #45736"
    ),
    "thinking apart": Mode(reply(reasoning="hm"), reasoning="hm"),
    "thinking by its older name": Mode(reply(reasoning_content="hm"), reasoning="hm"),
    "thinking by both names": Mode(reply(reasoning="hm", reasoning_content="hm"), reasoning="hm"),
    "thinking as Ollama names it": Mode(reply(thinking="hm"), reasoning="hm", source="lfnovo/esperanto #112"),
    "thinking in details": Mode(
        reply(
            reasoning=None,
            reasoning_details=[
                {"type": "reasoning.text", "text": "hm"},
                {"type": "reasoning.encrypted", "data": "AAAA"},
                {"type": "reasoning.summary", "summary": "so"},
            ],
        ),
        reasoning="hm\nso",
    ),
    "parts of text": Mode(parts({"type": "text", "text": "\\boxed"}, {"type": "text", "text": "{5}"})),
    "parts of output text": Mode(parts({"type": "output_text", "text": BOXED, "annotations": []})),
    "parts of thinking and text": Mode(parts(THOUGHT, TEXT), reasoning="hm", source="simonw/llm-mistral #38"),
    "parts within parts": Mode(
        parts({"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "closed": True}, TEXT),
        reasoning="hm",
        source="vercel/ai #8012 (Mistral)",
    ),
    "text, empty thinking, text": Mode(
        parts(
            {"type": "text", "text": "\\boxed"}, {"type": "thinking", "thinking": []}, {"type": "text", "text": "{5}"}
        ),
        source="mistralai/client-python #252",
    ),
    "parts of reasoning": Mode(parts({"type": "reasoning", "text": "hm"}, TEXT), reasoning="hm"),
    "redacted thinking": Mode(parts({"type": "redacted_thinking", "data": "AAAA"}, TEXT)),
    "a part that refuses": Mode(parts({"type": "refusal", "refusal": "I will not"}), text="I will not"),
    "parts of thinking only": Mode(parts(THOUGHT), text="", reasoning="hm", warns="reasoning parser"),
    "a part that calls a tool": Mode(
        parts({"type": "tool_use", "name": "python", "input": {}}), "error", "", error="without a tool parser"
    ),
    "strings as parts": Mode(parts("\\boxed", "{5}")),
    "one part without a list": Mode(reply(TEXT)),
    "a picture": Mode(parts({"type": "image_url", "image_url": {"url": "data:,"}}, TEXT)),
    "a part that nobody knows": staying(parts({"type": "glorp", "data": [1]}), "content is no text"),
    "a number as content": staying(reply(5), "content is no text"),
    "plain completions": Mode(answers([{"text": BOXED, "finish_reason": "stop"}])),
    "a delta without a stream": Mode(answers([{"delta": {"content": BOXED}, "finish_reason": "stop"}])),
    "several choices": Mode(
        answers(
            [
                {"index": 1, "message": {"content": "other"}, "finish_reason": "stop"},
                {"index": 0, "message": {"content": BOXED}, "finish_reason": "stop"},
            ]
        )
    ),
    "a stream that nobody asked for": Mode(
        stream(
            chunk(role="assistant", reasoning_content="h"),
            chunk(reasoning_content="m"),
            chunk(content="\\boxed"),
            chunk("stop", content="{5}"),
            {"choices": [], "usage": USAGE, "model": MODEL},
        ),
        reasoning="hm",
    ),
    "a stream that breaks off": passing(stream(chunk(content="\\box"), done=False)),
    "a stream that ends in an error": passing(
        stream(chunk(content="\\box"), {"error": {"code": 502, "message": "Network connection lost."}}, done=False),
        "anomalyco/opencode #22448 (OpenRouter)",
    ),
    "another model": Mode(
        answers([{"message": {"content": BOXED}, "finish_reason": "stop"}], model="org/other-model"),
        warns="answers as 'org/other-model'; make sure that this is the model meant",
    ),
    "a dated model": Mode(
        answers([{"message": {"content": BOXED}, "finish_reason": "stop"}], model=f"{MODEL}-2026-08-06")
    ),
    "blanks before the answer": Mode(
        lambda request: Response(b"\n\n  " + GOOD(request).get_data(), content_type="application/json"),
        source="jundot/omlx #2066",
    ),
    "a byte order mark": Mode(lambda request: Response(b"\xef\xbb\xbf" + GOOD(request).get_data())),
    "the wrong content type": Mode(lambda request: Response(GOOD(request).get_data(), content_type="text/html")),
    "byte by byte": Mode(in_steps),
    "packed by gzip": Mode(packed("gzip", gzip.compress)),
    "packed by x-gzip": Mode(packed("X-GZIP", gzip.compress)),
    "packed by deflate": Mode(packed("deflate", zlib.compress)),
    "packed by deflate without a frame": Mode(packed("deflate", lambda body: zlib.compress(body, wbits=-15))),
    "packed by nothing": Mode(packed("identity", bytes)),
    "packed twice": Mode(packed("gzip, deflate", lambda body: zlib.compress(gzip.compress(body)))),
}

NO_REPLY = {
    "HTML": passing(raw(HTML, "text/html")),
    "HTML that stays": staying(raw(HTML, "text/html"), "is no JSON"),
    "null": passing(raw(b"null")),
    "nothing": passing(raw(b"")),
    "half of an answer": passing(raw(b'{"choices": [{"message": {"content": "4"')),
    "no choices": passing(answers([])),
    "choices null": passing(answers(None), "decolua/9router #2727"),
    "a null choice": passing(answers([None])),
    "a null message": passing(answers([{"message": None, "finish_reason": "stop"}])),
    "gzip that is none": passing(raw(b"no gzip", "application/json", **{"Content-Encoding": "gzip"})),
    "gzip that is none, always": staying(
        raw(b"no gzip", "application/json", **{"Content-Encoding": "gzip"}), "the answer cannot be unpacked"
    ),
    **{
        f"bomb of {name}": staying(bomb(name), "longer than 64 MiB")
        for name in ("gzip", "deflate", "gzip, gzip", "deflate, gzip")
    },
    "packed by what was not asked for": staying(packed("br", bytes), "packed as 'br', which was not asked for"),
    "packed six times": staying(packed(", ".join(["gzip"] * 6), bytes), "packed 6 times over"),
    "a cut connection": passing(cuts),
    "a reset connection": passing(resets),
    "307": Mode(redirects(307), n_requests=2),
    "308": Mode(redirects(308), n_requests=2),
    "307 to another host": stopping(redirects(307, "http://localhost.invalid/v1"), "prompts go nowhere but"),
    "302 to another host": stopping(redirects(302, "//localhost.invalid/v1"), "the address leads to another server"),
    "a circle of redirects": stopping(
        says(Response("", 307, {"Location": "/v1/chat/completions"})), "leads in a circle", n_requests=21
    ),
}

ERRORS = {
    "429 in a 200": passing(in_answer("Rate limit exceeded: free-models", 429), "songquanpeng/one-api #2148"),
    "429 in a 200 as text": passing(in_answer("slow down", "429")),
    "rate limit in words": passing(in_answer("slow down", "rate_limit_exceeded")),
    "502 in a 200": passing(in_answer("Network connection lost.", 502), "anomalyco/opencode #22448"),
    "502 in a 200 that stays": staying(in_answer("Bad gateway", 502), "HTTP 200 with an error 502: Bad gateway"),
    "503 in a 200": passing(in_answer("Loading model", 503, type="unavailable_error"), "mostlygeek/llama-swap #146"),
    "400 in a 200": staying(in_answer("roles must alternate", 400), "the server refuses this prompt", n_requests=1),
    "401 in a 200": stopping(in_answer("No auth credentials found", 401), "wants a key"),
    "403 in a 200": stopping(in_answer("forbidden", 403), "wants a key"),
    "402 in a 200": stopping(in_answer("Insufficient credits", 402), "has no credit or quota left"),
    "404 in a 200": stopping(in_answer("no endpoints found", 404), "correct --model, or the address"),
    "a wrong address with 200": stopping(
        body({"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
        "correct --model, or the address",
        "lmstudio-ai/lmstudio-bug-tracker #618",
    ),
    "an error of FastChat's": staying(
        body({"object": "error", "message": "roles must alternate", "code": 400}), "refuses this prompt", n_requests=1
    ),
    "an error in a list": passing(body([{"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}])),
    "an overflow in a 200": Mode(
        in_answer("This model's maximum context length is 90 tokens. However, your prompt contains 95 tokens", 400),
        *("error", ""),
        tokens=None,
        error="the prompt has 95 tokens",
    ),
    "an upstream's own words": staying(
        in_answer("Provider returned error", 400, metadata={"raw": "roles must alternate"}),
        "Provider returned error: roles must alternate",
        "open-webui/computer #293 (OpenRouter)",
        n_requests=1,
    ),
    "429 in a choice": passing(in_choice(429)),
    "502 in a choice": passing(in_choice(502), "genkit-ai/genkit #6259 (OpenRouter)"),
    "400 in a choice": staying(in_choice(400, "bad request"), "an error 400: bad request", n_requests=1),
    "402 in a choice": stopping(in_choice(402, "out of credits"), "has no credit or quota left"),
    "an error beside a good reply": passing(
        answers([{"message": {"content": "half"}, "finish_reason": "stop"}], error={"code": 502, "message": "lost"})
    ),
    "insufficient_quota": stopping(
        refuses("You exceeded your current quota, please check your plan", 429, code="insufficient_quota"),
        "has no credit or quota left",
        "langchain-ai/langchainjs #1929",
    ),
    "the quota in words only": stopping(
        refuses("You exceeded your current quota, please check your plan and billing details.", 429),
        "has no credit or quota left",
        "continuedev/continue #10410",
    ),
    "a hard limit": stopping(
        refuses("Billing hard limit has been reached", 400, code="billing_hard_limit_reached"), "no credit or quota"
    ),
    "a low balance": stopping(refuses("Your credit balance is too low to access the API", 400), "no credit or quota"),
    "402": stopping(refuses("Insufficient Balance", 402), "has no credit or quota left"),
    "a quota per minute": passing(refuses("You exceeded your current quota. Please retry in 0.02s.", 429)),
    "403 of a moderation": staying(
        refuses("Your chosen model requires moderation and your input was flagged", 403),
        "the server refuses this prompt",
        n_requests=1,
    ),
    "400 of a content filter": staying(
        refuses("The response was filtered due to the content management policy", 400, code="content_filter"),
        "the server refuses this prompt",
        "stanford-crfm/helm #3327 (Azure)",
        n_requests=1,
    ),
    "405": stopping(refuses("Method Not Allowed", 405), "correct --model, or the address"),
    "a login page behind a redirect": stopping(
        lambda request: (
            Response("", 302, {"Location": "/v1/chat/completions?login"})
            if request.method == "POST"
            else Response(HTML, 404, content_type="text/html")
        ),
        "(redirected to ",
    ),
    "524 that stays": staying(refuses("a timeout occurred", 524), "raise the time limit of the proxy"),
    "a date to come again": passing(refuses("slow", 429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})),
    "a limit that is used up": passing(
        refuses("slow", 429, {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"})
    ),
    **{
        f"{status}": passing(refuses("no", status))
        for status in (408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529)
    },
}

MODES: dict[str, Mode] = {
    f"{family}: {name}": mode
    for family, modes in (("ending", ENDINGS), ("content", CONTENT), ("no reply", NO_REPLY), ("error", ERRORS))
    for name, mode in modes.items()
}
