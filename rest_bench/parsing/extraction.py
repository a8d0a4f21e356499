"""Read the list of answers that a second model made of a reply, and believe only what stands in the reply.

The list is asked for by `templates.render_extraction`. An answer that the reply does not hold was worked out by the
second model: it is no answer of the first.
"""

import re

from rest_bench.parsing.letters import letter_in_box
from rest_bench.parsing.plain import read_plain
from rest_bench.parsing.thinking import split_thinking
from rest_bench.schema import Answer, Pack, Problem, Response

_LINE = re.compile(
    r"^[ \t>#*_`-]{0,12}+(?:answer[ ]to[ ])?(?:Q|question[ ])[ ]?(?P<number>\d{1,4})[ \t*_`]{0,6}+[:：.)=-]"
    r"[ \t*_`]{0,6}+(?P<value>[^\n]{0,2000})$",
    re.IGNORECASE | re.MULTILINE,
)
_NOTHING = re.compile(r"(?i)[\s<(\[]*(?:none|null|n/?a|no answer|not (?:given|answered|stated))?[\s>)\].]*")
_BOX = re.compile(r"\\(?:boxed|fbox)\s?\{(?P<content>.*)\}", re.DOTALL)
_UNSEEN = re.compile(r"\\(?:left|right|displaystyle|[,;:! ])|[\s*_`$~]|(?<!\\)\\[()\[\]]")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_GOES_ON = re.compile(r"\.\d|,\d{3}(?!\d)")
MOST_PLACES = 10_000
"""Places that are looked at before a value counts as standing nowhere: a hostile reply may have millions."""


class _Compact:
    """A text without blanks and dress, in which a value is found however it is spaced."""

    def __init__(self, text: str) -> None:
        pieces = _UNSEEN.split(text)
        self._text = "".join(pieces)
        self._is_gap = bytearray(len(self._text) + 1)
        """Whether something stood between a character and the one before it."""
        place = 0
        for piece in pieces:
            self._is_gap[place] = True
            place += len(piece)
        self._is_gap[place] = True

    def holds(self, value: str) -> bool:
        """Say whether a value stands here, and not as a part of a longer number or word."""
        wanted = _UNSEEN.sub("", value)
        place = self._text.find(wanted) if wanted else -1
        for _ in range(MOST_PLACES):
            if place < 0:
                return False
            if self._is_whole(place, place + len(wanted)):
                return True
            place = self._text.find(wanted, place + 1)
        return False

    def _is_whole(self, start: int, end: int) -> bool:
        return not (self._goes_on_before(start) or self._goes_on_after(end))

    def _goes_on_before(self, start: int) -> bool:
        text, before = self._text, self._text[start - 1 : start] if start else ""
        if self._is_gap[start] or not text[start].isalnum():
            return False
        is_inside_number = text[start].isdigit() and text[max(0, start - 2) : start - 1].isdigit()
        is_group = before == "," and _THOUSANDS.match(text, start) is not None
        return before.isalnum() or (is_inside_number and (before == "." or is_group))

    def _goes_on_after(self, end: int) -> bool:
        text = self._text
        if self._is_gap[end] or not text[end - 1].isalnum():
            return False
        is_number = text[end - 1].isdigit() and not self._is_gap[min(end + 1, len(text))]
        return text[end].isalnum() or (is_number and _GOES_ON.match(text, end) is not None)


def read_extraction(extraction: Response, response: Response, pack: Pack) -> tuple[Answer, ...]:
    """Return the answers that a second model listed, one per position, found_by `extractor`.

    Args:
        extraction: the reply of the second model.
        response: the reply that it read.
        pack: the problems that `response` answers.
    """
    listed = _listed(read_plain(split_thinking(extraction).final))
    final = _Compact(read_plain(split_thinking(response).final))
    return tuple(
        _answer(pack, response, position, _read(listed.get(position), problem, final))
        for position, problem in enumerate(pack.problems, start=1)
    )


def nothing_extracted(response: Response, pack: Pack) -> tuple[Answer, ...]:
    """Return the answers of a reply that no second model need read: it has no final text."""
    return tuple(_answer(pack, response, position, None) for position in range(1, pack.level + 1))


def _listed(text: str) -> dict[int, str]:
    """Return the values by label; of a label that stands twice the last one."""
    return {int(line["number"]): line["value"] for line in _LINE.finditer(text)}


def _read(value: str | None, problem: Problem, final: _Compact) -> str | None:
    if value is None or _NOTHING.fullmatch(value):
        return None
    bare = _undress(value)
    if problem.answer_type == "choice":
        return _read_letter(bare, problem, final)
    return bare if final.holds(bare) else None


def _undress(value: str) -> str:
    bare = value.strip().strip("*`_").strip()
    if bare.startswith("$") and bare.endswith("$"):
        bare = bare.strip("$").strip()
    box = _BOX.fullmatch(bare)
    return (box["content"] if box else bare).strip()


def _read_letter(value: str, problem: Problem, final: _Compact) -> str | None:
    offered = "".join(option.letter for option in problem.options) or "ABCD"
    letter = letter_in_box(value, offered)
    if letter is None or letter.value is None:
        return None
    texts = [option.text for option in problem.options if option.letter == letter.value]
    ways = (letter.value, f"{letter.value.lower()})", *texts)  # a bare `a` may be any article
    return letter.value if any(final.holds(way) for way in ways) else None


def _answer(pack: Pack, response: Response, position: int, text: str | None) -> Answer:
    return Answer(
        pack_id=pack.pack_id,
        repeat=response.repeat,
        position=position,
        problem_id=pack.problems[position - 1].id,
        text=text,
        found_by="none" if text is None else "extractor",
        strict=False,
        paper="",
    )
