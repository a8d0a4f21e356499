"""How long a run still takes, from the pace of its last replies. Pure: told what happens and when."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from rest_bench.schema import Observed, Response

Group = tuple[str, int]
"""Task and level: replies that are expected to be of one length."""
BATCHES_UNTIL_SURE = 2
"""Before that a pace is that of a start: of the shortest replies, or of a batch of which one reply was seen."""
WINDOW_BATCHES = 8
_BURST = 0.1
"""Share of the window at its end that does not count: a batch may be arriving of which the rest is still to come."""
_FEW = 8
"""Replies of a group before which their mean counts only in part."""
_STALE = 0.02
"""Share of replies by which more may be in before the lengths are measured again."""
_NOTHING = Observed(n_responses=0, completion_tokens=0)
_OF_LONGEST = 0.8
"""How much of the longest reply seen the longest of those in flight still has before it, when the last one begins."""


def _alike(_observed: Mapping[Group, Observed], _task: str, _level: int) -> float:
    return 1.0


@dataclass(frozen=True)
class Work:
    """What a call has before it."""

    left: Mapping[Group, int]
    """Samples that are to be asked."""
    at_once: int = 1
    """How many an engine works on together."""
    in_batches: bool = False
    """It begins new ones when all of them are finished, and not one for each."""
    observed: Mapping[Group, Observed] = field(default_factory=dict)
    """Of earlier calls."""
    expected: Callable[[Mapping[Group, Observed], str, int], float] = _alike
    """Tokens that a reply to a task at a level is expected to have, from what was observed."""


class TimeLeft:
    """Estimates the time left: the tokens that are expected to come, by the pace of the last batches.

    A count of replies would not do: those with the longest expected replies are asked first, and of many in flight the
    shortest end first. The pace is taken between two moments at which whole batches were in, and the first batch never
    counts where several are in flight: what its replies took besides is not known. At the end the longest reply in
    flight runs on alone.
    """

    def __init__(self, work: Work, now_s: float) -> None:
        self._work = work
        self._at_once = max(1, work.at_once)
        self._left = Counter(dict(work.left))
        self._observed = dict(work.observed)
        self._longest: dict[Group, int] = {}
        self._lengths: dict[Group, float] = {}
        """Expected, the longest first: the order in which groups are asked."""
        self._measured_at = 0
        self._n = 0
        self._last_pace: float | None = None
        self._all_begun_s: dict[Group, float] = {}
        # One event for each reply: its time, and the tokens of all so far.
        self._events: deque[tuple[float, float]] = deque([(now_s, 0.0)], (WINDOW_BATCHES + 1) * self._at_once + 1)
        self._measure()

    def finished(self, response: Response, now_s: float) -> None:
        """Take note of a reply."""
        group = (response.task, response.level)
        if self._left[group] <= 0:  # where groups are not told apart
            group = next((each for each, count in self._left.items() if count > 0), group)
        self._left[group] -= 1
        tokens = 0.0  # an error took no time worth counting
        if response.finish_reason != "error":
            tokens = self._observe(group, response.completion_tokens)
        self._n += 1
        self._events.append((now_s, self._events[-1][1] + tokens))
        if self._n - self._measured_at > self._n * _STALE:
            self._measure()
        if self._left.total() >= self._at_once:  # later the pace is that of fewer and fewer
            self._last_pace = self._pace(now_s)
        for begun, waiting in self._waiting():
            if waiting <= 0:
                self._all_begun_s.setdefault(begun, now_s)

    def seconds_left(self, now_s: float) -> float | None:
        """Return the time left; null while it cannot be told."""
        if self._left.total() <= 0:
            return 0.0
        pace = self._last_pace
        if pace is None:
            return None
        if self._work.in_batches:
            return self._batches_left() / pace
        return max((self._tokens(self._left) / pace, *self._until_the_last_of_each(pace, now_s)))

    # --- lengths ------------------------------------------------------------------------------------------------------

    def _observe(self, group: Group, n_tokens: int | None) -> float:
        if n_tokens is None:
            return self._lengths[group]
        seen = self._observed.get(group, _NOTHING)
        self._observed[group] = Observed(
            n_responses=seen.n_responses + 1, completion_tokens=seen.completion_tokens + n_tokens
        )
        self._longest[group] = max(self._longest.get(group, 0), n_tokens)
        return n_tokens

    def _measure(self) -> None:
        lengths = {group: self._length(group) for group in self._left}
        self._lengths = dict(sorted(lengths.items(), key=lambda each: -each[1]))
        self._measured_at = self._n

    def _length(self, group: Group) -> float:
        """Return the mean of a group's replies, and as long as they are few, of what the others let expect, too."""
        seen = self._observed.get(group, _NOTHING)
        others = {each: length for each, length in self._observed.items() if each != group}
        if seen.n_responses and not others:
            return seen.completion_tokens / seen.n_responses
        expected = self._work.expected(others, *group)
        n_expected = max(0, _FEW - seen.n_responses)
        return (seen.completion_tokens + expected * n_expected) / (seen.n_responses + n_expected)

    def _longest_of(self, group: Group) -> float:
        """Return the longest reply of a group; of one without any yet as many times its mean as of the others."""
        if group in self._longest:
            return self._longest[group]
        ratios = (longest / max(1.0, self._lengths[each]) for each, longest in self._longest.items())
        return max(ratios, default=1.0) * self._lengths[group]

    def _tokens(self, samples: Mapping[Group, int]) -> float:
        return sum(self._lengths[group] * count for group, count in samples.items() if count > 0)

    # --- what is left -------------------------------------------------------------------------------------------------

    def _batches_left(self) -> float:
        """Return the tokens of all batches that are still to come, the last one as if it were whole.

        The rest of a batch that is arriving comes with it.
        """
        arriving = -self._n % self._at_once
        n_left = self._left.total() - arriving
        if n_left <= 0:
            return 0.0
        whole = -(-n_left // self._at_once) * self._at_once
        return self._tokens(self._left) / self._left.total() * whole

    def _waiting(self) -> Iterator[tuple[Group, int]]:
        """Yield each group, in order, with how many replies have to end before its last one begins."""
        waiting = -self._at_once
        for group in self._lengths:
            waiting += max(0, self._left[group])
            yield group, waiting

    def _until_the_last_of_each(self, pace: float, now_s: float) -> Iterator[float]:
        """Yield the time until the last reply of each group ends, if it is as long as the longest seen."""
        before = 0.0
        for group, length in self._lengths.items():
            count = max(0, self._left[group])
            before += length * count
            if count:
                alone = _OF_LONGEST * self._longest_of(group) * self._at_once / pace if self._at_once > 1 else 0.0
                begun_s = self._all_begun_s.get(group)
                begins_in = max(0.0, before - length * self._at_once) / pace
                yield begins_in + alone if begun_s is None else begun_s + alone - now_s

    # --- the pace -----------------------------------------------------------------------------------------------------

    def _pace(self, now_s: float) -> float | None:
        """Return tokens per second, all in flight together."""
        if self._n < BATCHES_UNTIL_SURE * self._at_once:
            return None
        first = self._n + 1 - len(self._events)  # number of the reply that the oldest event stands for
        whole = -(-max(first, self._n - WINDOW_BATCHES * self._at_once) // self._at_once) * self._at_once
        begin = whole if self._at_once == 1 else max(whole, self._at_once)
        begin_s, before = self._events[begin - first]
        quiet_s = now_s - _BURST * (now_s - begin_s) if self._at_once > 1 else now_s
        number = len(self._events) - 1
        while number > begin - first and self._events[number][0] > quiet_s:
            number -= 1
        end_s, after = self._events[number if number > begin - first else -1]
        return (after - before) / (end_s - begin_s) if end_s > begin_s and after > before else None
