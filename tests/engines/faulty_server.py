"""An OpenAI-compatible server for tests that does what it is told: replies, refusals, stalls and cut connections."""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rest_bench.engines.openai_endpoints import GREEDY_QUESTION

Act = Callable[[Request], Response]
"""What the server does with one request for a chat completion."""

MODEL = "org/served-model"


def completion(text: str | None = "\\boxed{5}", finish_reason: str | None = "stop", **message: object) -> Response:
    """Return a reply with its usage; `message` are further fields of the message."""
    return as_json(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": MODEL,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text, **message},
                    "finish_reason": finish_reason,
                }
            ],
            "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        }
    )


def as_json(answer: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(answer), status, headers, content_type="application/json")


def refusal(message: str, status: int = 400, headers: dict[str, str] | None = None, **fields: object) -> Response:
    return as_json({"error": {"message": message, "type": "BadRequestError", **fields}}, status, headers)


def replies(*args: Any, **fields: Any) -> Act:
    return lambda _request: completion(*args, **fields)


def says(answer: Response) -> Act:
    return lambda _request: answer


def refuses(message: str, status: int = 400, headers: dict[str, str] | None = None, **fields: object) -> Act:
    return says(refusal(message, status, headers, **fields))


def cuts(request: Request) -> Response:
    """Break the connection off in the middle of the reply."""
    connection = request.environ["werkzeug.socket"]
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"choices": [')
    connection.shutdown(2)
    return Response("")


def stalls(seconds: float) -> Act:
    def act(request: Request) -> Response:
        time.sleep(seconds)
        return completion()

    return act


class QuickHTTPServer(HTTPServer):
    """One that notices at once when it is stopped."""

    def thread_target(self) -> None:
        assert self.server is not None
        self.server.serve_forever(poll_interval=0.01)


class FaultyServer:
    """Serves one model; each chat request takes the next act of the script, or `always` where it is at its end."""

    def __init__(self, port: int = 0) -> None:
        self.http = QuickHTTPServer("127.0.0.1", port, threaded=True)
        self.script: deque[Act] = deque()
        self.probe_script: deque[Act] = deque()
        self.always: Act = replies()
        self.greedy: Act = replies("2 + 3 is 5. Ghent is a city.")
        """What it does when it is asked who it is."""
        self.pages: dict[str, object] = {
            "/v1/models": {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "somebody"}]}
        }
        self.requests: list[dict[str, Any]] = []
        """The bodies of the samples' requests."""
        self.probes: list[dict[str, Any]] = []
        """The bodies of the short questions before them."""
        self.greedy_probes: list[dict[str, Any]] = []
        """The bodies of those that ask for a greedy answer."""
        self.keys: set[str | None] = set()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self.http.expect_request("/v1/chat/completions", method="POST").respond_with_handler(self._chat)
        self.http.expect_request("/tokenize", method="POST").respond_with_handler(self._page)
        self.http.expect_request(re.compile(".*"), method="GET").respond_with_handler(self._page)
        self.http.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.port}/v1"

    def is_vllm(self, max_model_len: int | None = None) -> None:
        """Look like `vllm serve`."""
        self.pages["/v1/models"] = {"data": [{"id": MODEL, "owned_by": "vllm", "max_model_len": max_model_len}]}
        self.pages["/version"] = {"version": "0.32.0"}

    def stop(self) -> None:
        if self.http.is_running():
            self.http.stop()

    def start_again(self) -> None:
        """Come back at the same address."""
        self.http.start()

    def _page(self, request: Request) -> Response:
        self.keys.add(request.headers.get("Authorization"))
        page = self.pages.get(request.path)
        if isinstance(page, Response):
            return page
        return as_json({"detail": "Not Found"}, 404) if page is None else as_json(page)

    def _chat(self, request: Request) -> Response:
        body = json.loads(request.get_data())
        question = body["messages"][-1]["content"]
        if question == GREEDY_QUESTION:
            self.greedy_probes.append(body)
            return self.greedy(request)
        is_probe = "2 + 3" in question
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.keys.add(request.headers.get("Authorization"))
            (self.probes if is_probe else self.requests).append(body)
            script = self.probe_script if is_probe else self.script
            act = script.popleft() if script else replies() if is_probe else self.always
        try:
            return act(request)
        finally:
            with self._lock:
                self._at_once -= 1
