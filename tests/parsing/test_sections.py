from rest_bench.parsing.sections import FinalText, read_final_text


def stretches(final: FinalText) -> list[tuple[int, str]]:
    return [(section.number, final.text[section.start : section.end]) for section in final.sections]


def test_a_section_runs_to_the_next_label() -> None:
    final = read_final_text("intro\nQ2: so\n7\n**Q1:** 12", 2, is_code=False)
    assert stretches(final) == [(2, "Q2: so\n7\n"), (1, "**Q1:** 12")]


def test_a_line_of_pairs_ends_with_its_line() -> None:
    final = read_final_text("Q3: as\nQ1 = 12, Q2 = 7\nwe get 19", 3, is_code=False)
    assert stretches(final) == [(3, "Q3: as\n"), (1, "Q1 = 12, "), (2, "Q2 = 7"), (3, "\nwe get 19")]


def test_a_fence_without_a_language_holds_a_program_only_where_code_is_asked_for() -> None:
    text = "Q1:\n```\n# Q2: x\n```"
    assert [section.number for section in read_final_text(text, 2, is_code=False).sections] == [1, 2]
    assert [section.number for section in read_final_text(text, 2, is_code=True).sections] == [1]


def test_labels_that_repeat_in_a_row_below_a_box_are_a_summary() -> None:
    body = "Q1: \\boxed{12}\nQ2: \\boxed{7}\n"
    flags = [section.is_summary for section in read_final_text(body + body, 2, is_code=False).sections]
    assert flags == [False, False, True, True]
    questions = "Q1: What?\nQ2: What?\n"
    flags = [section.is_summary for section in read_final_text(questions + body, 2, is_code=False).sections]
    assert flags == [False] * 4


def test_boxes_and_fences_are_found_by_where_they_start() -> None:
    final = read_final_text("\\boxed{1} \\boxed{2}\n```\nx\n```", 2, is_code=True)
    assert [box.content for box in final.boxes_in(0, 10)] == ["1"]
    assert [box.content for box in final.boxes_in(1, 99)] == ["2"]
    assert [fence.code for fence in final.fences_in(0, 99)] == ["x"]
