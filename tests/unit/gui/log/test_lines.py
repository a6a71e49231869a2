"""What a record becomes: a sentence, its facts, and the ids that it names."""

import logging

import pytest

from gui.bridge.focus import Chosen
from gui.log.lines import LogLine, line_of
from gui.models.log_lines import about, at_least, facts_text, log_columns

pytestmark = pytest.mark.unit

ORDER, FLOW = "ORD_20260105_120000_00000", "TCK_20260105_120000_00007"


def a_record(text: str = "An order changed.", level: int = logging.INFO, **extra: object) -> logging.LogRecord:
    return logging.getLogger("gui.session").makeRecord("gui.session", level, "f.py", 1, text, (), None, extra=extra)


def test_facts_and_ids_are_taken_from_what_was_given_beside_the_sentence() -> None:
    line = line_of(a_record(order=ORDER, flow=FLOW, tries=2))

    assert (line.text, line.source, line.level) == ("An order changed.", "gui.session", logging.INFO)
    assert line.facts == {"order": ORDER, "flow": FLOW, "tries": "2"}
    assert line.ids == (ORDER, FLOW)
    assert facts_text(line) == f"order {ORDER}, flow {FLOW}, tries 2"


def test_only_the_first_line_of_a_text_is_shown_and_the_rest_is_kept() -> None:
    line = line_of(a_record("The window hangs:\nthread one\nthread two"))

    assert (line.text, line.details) == ("The window hangs:", "thread one\nthread two")


def test_an_error_is_a_fact_and_its_traceback_is_kept() -> None:
    try:
        {}["x"]
    except KeyError as error:
        record = a_record(level=logging.ERROR)
        record.exc_info = (type(error), error, error.__traceback__)

    line = line_of(record)
    assert line.facts["error"] == "KeyError: 'x'"
    assert "test_an_error_is_a_fact" in line.details


@pytest.mark.parametrize(
    ("ids", "chosen"),
    [
        ((FLOW, ORDER), Chosen(order_id=ORDER)),
        ((FLOW,), Chosen(flow_id=FLOW)),
        (("EXG_20260105_120000_00000",), None),
        ((), None),
    ],
)
def test_a_line_leads_to_its_order_or_else_to_its_flow(ids: tuple[str, ...], chosen: Chosen | None) -> None:
    assert about(LogLine(0, logging.INFO, "gui", "text", {}, ids)) == chosen


def test_levels_are_told_by_shape_and_word_and_can_be_left_out() -> None:
    lines = [line_of(a_record(level=level)) for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)]
    shown = [log_columns()[1].text(line) for line in lines]

    assert shown == ["· Detail", "○ Info", "▲ Warning", "■ Error"]
    assert [at_least(logging.WARNING)(line) for line in lines] == [False, False, True, True]
