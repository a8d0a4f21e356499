import pytest

from rest_bench.report.origin import nothing_asked
from rest_bench.schema import Endpoint, Invocation, Manifest
from tests.records import make_manifest

THIS_CALL: dict[str, object] = {"started_at": "2026-05-05T00:00:00+00:00", "n_asked": None}


def manifest(*calls: dict[str, object], **engine: object) -> Manifest:
    made = make_manifest()
    (call,) = made.invocations
    invocations: tuple[Invocation, ...] = tuple(call.model_copy(update=changes) for changes in calls)
    return made.model_copy(
        update={"engine": made.engine.model_copy(update=engine), "invocations": invocations},
    )


def call(day: str, n_asked: int | None = None, *addresses: str, until: str | None = None) -> dict[str, object]:
    ended = None if until is None else f"{until}T01:00:00+00:00"
    return {"started_at": f"{day}T23:00:00+00:00", "finished_at": ended, "n_asked": n_asked, "addresses": addresses}


OLD = (Endpoint(address="http://b/v1"),)


@pytest.mark.parametrize(
    ("calls", "engine", "words"),
    [
        ([call("2026-01-02", 7)], {}, "of 2026-01-02 from replay, toy-model, revision abc"),
        ([call("2026-01-02", 7)], {"revision": None}, "of 2026-01-02 from replay, toy-model"),
        ([call("2026-01-02", 7, until="2026-01-03")], {}, "of 2026-01-02 to 2026-01-03 from replay"),
        ([call("2026-01-02", 7, "http://a"), call("2026-02-02", 0, "http://b")], {}, "of 2026-01-02 from http://a"),
        ([call("2026-01-02", 7, "a"), call("2026-02-02", None, "b")], {}, "of 2026-01-02 to 2026-02-02 from a, b"),
        ([call("2026-01-02"), call("2026-02-02")], {"endpoints": OLD}, "from toy-model on a server whose address was"),
        ([call("2026-01-02", 0)], {}, "of 2026-01-02 from replay"),
        ([], {}, "of an unknown day from replay"),
    ],
)
def test_it_says_of_when_and_from_whom_the_replies_are(
    calls: list[dict[str, object]], engine: dict[str, object], words: str
) -> None:
    sentence = nothing_asked(manifest(*calls, THIS_CALL, **engine), 1200)
    assert sentence.startswith("nothing asked: all 1,200 replies are ")
    assert words in sentence


def test_a_server_that_is_gone_is_a_doubt() -> None:
    sentence = nothing_asked(manifest(call("2026-01-02", 1, "http://a")), 1, checked=False)
    assert sentence.startswith("nothing asked: the one reply is of 2026-01-02 from http://a; no server can be reached")
