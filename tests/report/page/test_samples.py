from rest_bench.report.page.samples import samples_json
from rest_bench.showing import ShownBlock, ShownPart, ShownProblem, ShownSample, ShownSamples, ShownSlot

SLOT = ShownSlot(0, "4", None, "none", "omitted", None, None, False, None, False)
SAMPLE = ShownSample(
    pack_id="a",
    task="toy",
    level=1,
    repeat=0,
    finish_reason="stop",
    prompt_tokens=1,
    completion_tokens=2,
    thinking_tokens=None,
    sure=None,
    error=None,
    slots=(SLOT,),
    blocks=(ShownBlock(True, (ShownPart("head", (1,), 7, "tail"), ShownPart("all", ()))),),
)


def test_the_script_gets_rows_for_parts_and_no_empty_fields_of_slots() -> None:
    shown = samples_json(ShownSamples((ShownProblem("toy", "1", "?", ()),), (SAMPLE,), 1))
    (sample,) = shown["samples"]
    assert sample["blocks"] == [{"is_thinking": True, "parts": [["head", [1], 7, "tail"], ["all", []]]}]
    assert "answer" not in sample["slots"][0]
    assert shown["problems"] == [{"task": "toy", "id": "1", "question": "?", "options": ()}]
