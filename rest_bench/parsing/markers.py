"""Words that show a thinking text in doubt, or turning to another approach (metrics.md 7.9).

The list follows NoWait (arXiv 2506.08343) and TIP (arXiv 2501.18585). It depends on how a model writes: compare within
one model, across levels.
"""

import re
from collections.abc import Iterator

_CHECK = r"(?:double[- ]?)?check|verify"
_CLAUSE_START = r"(?:\A|[\n.!?;:,…—–(。！？；：，、])[\s\"'“‘*_>#-]{0,8}"
_MARKER = re.compile(
    rf"""(?ix) {_CLAUSE_START} (?<![A-Za-z]) (?P<marker>
        (?: wait | hm+ | but | however | alternatively
          | (?:let[ ]me|let['’]s)[ ](?:just[ ]|also[ ]|quickly[ ])?(?:{_CHECK}) | double[- ]?check | verify
          | actually | on[ ]second[ ]thought | hold[ ]on ) (?![A-Za-z])
      | 等等 | 等一下 | 但是 | 不过 | 然而 | 或者 | 其实 | 让我(?:再)?(?:检查|验证|确认) | 再检查 | 验证 )"""
)
_SWITCH = re.compile(
    r"""(?imx) ^ [ \t>*_#-]{0,8} (?P<switch>
        (?: alternatively | another[ ](?:approach|way|method) | let[ ]me[ ]try | let['’]s[ ]try ) (?![A-Za-z])
      | 换(?:一种|个)(?:方法|思路|角度) | 另一种(?:方法|思路) | 让我试 )"""
)


def find_markers(text: str) -> Iterator[int]:
    """Yield where words of doubt begin clauses: wait, hmm, but, however, let me check, actually, hold on ..."""
    return (match.start("marker") for match in _MARKER.finditer(text))


def find_switches(text: str) -> Iterator[int]:
    """Yield where paragraphs begin with a turn to another approach: alternatively, another approach, let me try."""
    return (match.start("switch") for match in _SWITCH.finditer(text))
