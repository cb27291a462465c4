"""One line a kind and minute, whoever makes the server say it."""

from __future__ import annotations

import logging

from consult.log_lines import MAX_KINDS, OncePerMinute

Line = tuple[str, int, str]


def record(name: str, level: int, text: str, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    raised = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord(name, level, "", 0, text, values, raised)


def test_a_kind_is_said_once_a_minute_and_then_how_often() -> None:
    now = 0.0
    ration = OncePerMinute(lambda: now)
    lines = []
    for second in range(121):
        now = float(second)
        line = record("consult.http", logging.WARNING, "connection %s: odd\n", second)
        if ration.filter(line):
            lines.append(line.getMessage())
    more = " (and 59 more like this since the last such line)"
    assert lines == ["connection 0: odd\n", f"connection 60: odd{more}", f"connection 120: odd{more}"]


def test_kinds_do_not_hide_each_other() -> None:
    def raised(where: int) -> BaseException:
        try:
            if where:
                raise ValueError("a")
            raise ValueError("b")
        except ValueError as error:
            return error

    ration = OncePerMinute(lambda: 0.0)
    lines = [
        record("consult.http", logging.WARNING, "one"),
        record("consult.http", logging.WARNING, "two"),
        record("consult.media", logging.WARNING, "one"),
        record("uvicorn.error", logging.ERROR, "Exception", error=raised(0)),
        record("uvicorn.error", logging.ERROR, "Exception", error=raised(1)),
    ]
    assert [ration.filter(line) for line in lines * 2] == [True] * 5 + [False] * 5


def test_what_is_asked_for_at_info_is_written_whole_unless_strangers_make_it() -> None:
    ration = OncePerMinute(lambda: 0.0)
    assert all(ration.filter(record("consult.runtime", logging.INFO, "gets a layer")) for _ in range(3))
    assert [ration.filter(record("uvicorn.error", logging.INFO, "opened")) for _ in range(2)] == [True, False]


def test_what_is_remembered_is_bounded() -> None:
    ration = OncePerMinute(lambda: 0.0)
    for number in range(3 * MAX_KINDS):
        ration.filter(record("consult", logging.WARNING, f"text {number}"))
    assert len(ration._logged) == MAX_KINDS
