from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from rest_bench.errors import ConfigError, StoreError, TaskError
from rest_bench.importing import ForeignLog, ForeignSample, Wanted
from rest_bench.importing.foreign import Packed
from rest_bench.importing.matching import MOST_SEARCHES, Matched, match
from rest_bench.importing.replies import Replies
from rest_bench.planning import PlannedSample
from rest_bench.schema import Dressing, EngineInfo, Sampling
from tests.importing.logs import planned, text_of

ARITHMETIC = Packed(task="arithmetic", level=2, limit=5)


def log(samples: Iterable[ForeignSample], packed: tuple[Packed, ...] = ()) -> ForeignLog:
    kept = list(samples)
    return ForeignLog(
        path=Path("their-log"),
        info=EngineInfo(engine="theirs", engine_version="1", model="m"),
        sampling=Sampling(),
        dressing=Dressing(),
        packed=packed,
        samples=lambda: iter(kept),
    )


def logged(sample: PlannedSample, *, by_id: bool = True, repeat: int = 0, frame: str = "{}") -> ForeignSample:
    pack_id = sample.pack.pack_id if by_id else None
    return ForeignSample("line 1", frame.format(text_of(sample)), pack_id, repeat, {"text": sample.pack.pack_id})


def found(log_: ForeignLog, **wanted: Any) -> tuple[Matched, dict[str, str]]:
    """Return the outcome, and the pack that each reply (which names the pack it was made for) was given to."""
    with Replies() as replies:
        matched = match(log_, Wanted(**wanted), replies)
        packs = [sample.pack.pack_id for sample in matched.plan.samples()]
        given = {pack_id: reply["text"] for pack_id in packs if (reply := replies.of_pack(pack_id))}
    return matched, given


def test_our_own_samples_are_found_by_their_packs() -> None:
    matched, given = found(log((logged(each) for each in reversed(planned())), (ARITHMETIC,)))
    assert matched.n_found == 5
    assert all(pack_id == meant for pack_id, meant in given.items())


def test_a_later_reply_to_a_pack_is_of_a_later_repeat() -> None:
    samples = [logged(each, repeat=repeat) for each in planned() for repeat in range(3)]
    matched, given = found(log(samples, (ARITHMETIC,)))
    firsts = {each.pack.pack_id for each in planned()}
    assert (matched.n_found, matched.plan.n_samples()) == (15, 15)
    assert len(given) == 15
    assert set(given.values()) == firsts


def test_packs_of_other_repeats_are_found_by_their_own_ids() -> None:
    samples = planned(design="shuffled", repeats=2)
    packed = Packed(task="arithmetic", level=2, limit=5, design="shuffled", repeats=2)
    matched, given = found(log((logged(each) for each in samples), (packed,)))
    assert matched.n_found == 10
    assert all(pack_id == meant for pack_id, meant in given.items())


@pytest.mark.parametrize("frame", ["{}", "before {}", "{} behind", "<u>{}</u>"])
def test_prompts_are_found_in_the_same_frame(frame: str) -> None:
    samples = (logged(each, by_id=False, frame=frame) for each in planned())
    matched, given = found(log(samples), tasks=("arithmetic",), levels=(2,), limit=5)
    assert matched.n_found == 5
    assert all(pack_id == meant for pack_id, meant in given.items())


def test_a_log_of_endless_other_prompts_is_not_searched_for_ever() -> None:
    theirs = [ForeignSample("line", f"What is {k}?", None, 0, {"text": ""}) for k in range(MOST_SEARCHES + 10)]
    late = [logged(planned()[0], by_id=False, frame="<u>{}</u>")]
    with pytest.raises(StoreError, match=f"none of its {MOST_SEARCHES + 11} prompts"):
        found(log(theirs + late), tasks=("arithmetic",), levels=(2,), limit=5)
    matched, _ = found(log([*late, *theirs]), tasks=("arithmetic",), levels=(2,), limit=5)
    assert (matched.n_found, matched.n_foreign) == (1, MOST_SEARCHES + 10)


def test_what_nobody_asked_is_not_in_the_plan() -> None:
    packed = (ARITHMETIC, Packed(task="arithmetic", level=3, limit=5))
    matched, _ = found(log((logged(each) for each in planned()), packed))
    (task,) = matched.plan.tasks
    assert [level.level for level in task.levels] == [2]


def test_what_the_user_says_counts_more_than_what_the_log_says() -> None:
    samples = [logged(each) for each in planned(seed=7, design="shuffled")]
    with pytest.raises(StoreError, match="none of its 5 prompts"):
        found(log(samples, (ARITHMETIC,)))
    matched, _ = found(log(samples, (ARITHMETIC,)), design="shuffled", seed=7)
    assert matched.n_found == 5


def test_one_run_has_one_design_and_one_limit_a_task() -> None:
    other = Packed(task="arithmetic", level=3, limit=5, seed=1)
    with pytest.raises(
        StoreError, match=r"more than one seed \(0, 1\); a run has one: choose with --tasks or --levels"
    ):
        found(log([logged(planned()[0])], (ARITHMETIC, other)))
    matched, _ = found(log([logged(planned()[0])], (ARITHMETIC, other)), levels=(2,))
    assert matched.n_found == 1
    with pytest.raises(TaskError, match="its levels have different limits"):
        found(log([logged(planned()[0])], (ARITHMETIC, Packed(task="arithmetic", level=3))))


def test_tasks_and_levels_that_the_log_does_not_hold_are_told() -> None:
    with pytest.raises(StoreError, match="holds no sample of gsm8k; it holds arithmetic"):
        found(log([logged(planned()[0])], (ARITHMETIC,)), tasks=("gsm8k",))
    with pytest.raises(StoreError, match="holds none of the levels 9"):
        found(log([logged(planned()[0])], (ARITHMETIC,)), levels=(9,))
    with pytest.raises(ConfigError, match="--design: input should be 'cyclic'"):
        found(log([logged(planned()[0])], (ARITHMETIC,)), design="circular")
