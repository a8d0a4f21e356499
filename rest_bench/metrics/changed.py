"""Which questions two runs answer differently."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rest_bench.schema import ChangedQuestion

if TYPE_CHECKING:
    import pandas


def changed_questions_of(
    task: str, tables: "Iterable[tuple[pandas.DataFrame, pandas.DataFrame]]"
) -> Iterator[ChangedQuestion]:
    """Yield the questions of a task that are right more or less often in run B than in run A.

    Where both runs made the same packs, only the packs that both have count; else all slots of a level do.

    Args:
        task: its name.
        tables: the slots of A and of B at each level that both have, with `pack_id`, `problem_id` and `correct`.
    """
    import pandas

    sums: tuple[list[pandas.DataFrame], list[pandas.DataFrame]] = ([], [])
    for pair in tables:
        packs = set(pair[0]["pack_id"]) & set(pair[1]["pack_id"])
        for side, table in zip(sums, pair, strict=True):
            kept = table[table["pack_id"].isin(packs)] if packs else table
            question = kept["problem_id"].astype(str)
            side.append(kept["correct"].astype(float).groupby(question).agg(["sum", "size"]))
    a, b = (pandas.concat(side).groupby(level=0).sum() for side in sums)
    both = a.add_suffix("_a").join(b.add_suffix("_b"), how="inner")
    for problem_id, row in both.iterrows():
        right_a, right_b = row["sum_a"] / row["size_a"], row["sum_b"] / row["size_b"]
        if right_a != right_b:
            yield ChangedQuestion(
                task=task,
                problem_id=str(problem_id),
                n_slots=int(min(row["size_a"], row["size_b"])),
                right_a=right_a,
                right_b=right_b,
            )
