"""Which samples of a large run are shown: drawn evenly over task, level and outcome, the same ones every time."""

import hashlib
from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Slots(NamedTuple):
    """What the draw goes by: a pack's task, level and the outcomes of its slots."""

    task: str
    level: int
    outcomes: tuple[str, ...]


def draw_packs(packs: Mapping[str, Slots], seed: int, most_samples: int, most_slots: int) -> frozenset[str]:
    """Return the ids of the packs that are shown; all of them where they are few enough.

    Each task, level and outcome in turn gives one sample that has such a slot, in an order that depends on the seed
    and the pack alone, until there are as many as wanted: rare outcomes are shown, so that shares among the shown
    samples say nothing of shares in the run.

    Args:
        packs: by id.
        seed: of the order.
        most_samples: shown at most.
        most_slots: shown at most, over all samples.
    """
    n_slots = sum(len(slots.outcomes) for slots in packs.values())
    if len(packs) <= most_samples and n_slots <= most_slots:
        return frozenset(packs)
    strata: dict[tuple[str, int, str], deque[str]] = {}
    for pack_id in _shuffled(packs, seed):
        task, level, outcomes = packs[pack_id]
        for outcome in sorted(set(outcomes)):
            strata.setdefault((task, level, outcome), deque()).append(pack_id)
    queues = [strata[key] for key in sorted(strata)]
    drawn: set[str] = set()
    room = most_slots
    while len(drawn) < most_samples and (queues := [queue for queue in queues if queue]):
        for queue in queues:
            pack_id = _next(queue, drawn)
            if pack_id is None or len(drawn) == most_samples or len(packs[pack_id].outcomes) > room:
                continue
            drawn.add(pack_id)
            room -= len(packs[pack_id].outcomes)
    return frozenset(drawn)


def _next(queue: deque[str], drawn: set[str]) -> str | None:
    while queue:
        pack_id = queue.popleft()
        if pack_id not in drawn:
            return pack_id
    return None


def _shuffled(pack_ids: Iterable[str], seed: int) -> list[str]:
    return sorted(pack_ids, key=lambda pack_id: (hashlib.sha256(f"{seed} {pack_id}".encode()).digest(), pack_id))
