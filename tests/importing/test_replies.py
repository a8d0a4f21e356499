from rest_bench.importing.replies import Replies


def test_the_first_reply_to_a_pack_counts() -> None:
    with Replies() as replies:
        assert replies.add("a", {"text": "first"})
        assert not replies.add("a", {"text": "second"})
        assert replies.add("b", {"text": "other\nlines", "finish_reason": None})
        assert replies.of_pack("a") == {"text": "first"}
        assert replies.of_pack("b") == {"text": "other\nlines", "finish_reason": None}
        assert replies.of_pack("c") is None
        assert len(replies) == 2


def test_reading_between_writing_loses_nothing() -> None:
    with Replies() as replies:
        for number in range(100):
            replies.add(str(number), {"text": "é" * number})
            assert replies.of_pack(str(number // 2)) == {"text": "é" * (number // 2)}
