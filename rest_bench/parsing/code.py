"""Programs: the last fence of a section, or code that only a closing fence ends (reading.md rule 13)."""

from rest_bench.parsing.fences import PYTHON, Fence, code_before
from rest_bench.parsing.reading import Reading
from rest_bench.parsing.sections import FinalText, Section
from rest_bench.schema import Problem


def programs(fences: tuple[Fence, ...]) -> tuple[Fence, ...]:
    """Return the non-empty Python fences; where there are none, those without a language."""
    filled = [fence for fence in fences if fence.code and not fence.is_lone]
    python = tuple(fence for fence in filled if fence.language in PYTHON)
    return python or tuple(fence for fence in filled if not fence.language)


def read_fence(final: FinalText, section: Section, _problem: Problem) -> Reading | None:
    """Read the last program of a section."""
    found = programs(final.fences_in(section.start, section.end))
    return Reading(found[-1].code, "label", strict=True) if found else None


def read_unopened_code(final: FinalText, section: Section, _problem: Problem) -> Reading | None:
    """Read the code that stands before the last closing fence without an opening one."""
    fences = final.fences_in(section.start, section.end)
    lone = next((index for index in reversed(range(len(fences))) if fences[index].is_lone), None)
    if lone is None:
        return None
    start = fences[lone - 1].end if lone else section.label_end or section.start
    code = code_before(final.text[start : fences[lone].start])
    return Reading(code, "lenient") if code else None
