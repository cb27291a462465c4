"""Log lines are one line an event, and hold nothing of what an error or a library has seen."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from consult.log_format import handler, set_up_logging
from consult.model.errors import StoreFailed

NAME = "GEHEIM^PATIENTIN"


@contextmanager
def logged(form: str, name: str = "consult.runtime") -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger and what its lines become."""
    stream = io.StringIO()
    logger, writes = logging.getLogger(name), handler(form, stream)
    logger.addHandler(writes)
    try:
        yield logger, stream
    finally:
        logger.removeHandler(writes)


def fail(with_error: Exception) -> None:
    raise with_error


def fail_twice() -> None:
    try:
        fail(KeyError(NAME))
    except KeyError as error:
        raise ValueError(f"no value for {NAME}") from error


def test_an_event_is_an_object_of_one_line_with_its_usual_parts_first() -> None:
    with logged("json") as (logger, stream):
        logger.error("consult %s: not stored: %s\nand more", "c1", "disk_full")
    (line,) = stream.getvalue().splitlines()
    event = json.loads(line)
    assert list(event) == ["timestamp", "level", "logger", "event"]
    assert (event["level"], event["logger"]) == ("error", "consult.runtime")
    assert event["event"] == "consult c1: not stored: disk_full\nand more"
    assert event["timestamp"].endswith("Z")


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_error_is_its_type_and_where_without_what_it_says(form: str) -> None:
    with logged(form) as (logger, stream):
        try:
            fail_twice()
        except ValueError:
            logger.exception("consult %s: ended by a fault of ours", "c1")
    assert NAME not in stream.getvalue(), "a library's message names the value that it stumbled over"
    (line,) = stream.getvalue().splitlines()
    assert "ValueError at tests/unit/test_log_format.py:" in line
    assert "fail_twice" in line
    assert "; from KeyError at " in line


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory", f"/in/{NAME}.dcm"), "FileNotFoundError(No such file or "),
        (StoreFailed("disk_full", "The disk is full."), "StoreFailed(disk_full) at "),
        (OSError(NAME), "OSError at "),
    ],
)
def test_of_the_system_and_of_our_own_errors_more_is_known(error: Exception, said: str) -> None:
    with logged("json") as (logger, stream):
        try:
            fail(error)
        except Exception as caught:
            logger.error("no file", exc_info=caught)
    assert json.loads(stream.getvalue())["error"].startswith(said)
    assert NAME not in stream.getvalue()


async def test_a_task_and_a_callback_that_fail_are_written_without_their_arguments() -> None:
    def callback(what: object) -> None:
        fail(ValueError(what))

    async def task() -> None:
        callback(NAME)

    loop = asyncio.get_running_loop()
    with logged("json", "asyncio") as (_, stream):
        loop.call_soon(callback, NAME)
        lost: Any = asyncio.create_task(task(), name="a task")
        await asyncio.wait([lost])
        del lost
        await asyncio.sleep(0)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert NAME not in stream.getvalue()
    said = {event["event"]: event["error"].partition(" at ")[0] for event in events}
    assert said["Task exception was never retrieved"] == "ValueError"
    assert any(event.startswith("Exception in callback ") for event in said)


def test_of_libraries_the_first_line_is_written() -> None:
    with logged("json", "uvicorn.error") as (logger, stream):
        logger.error("Exception in ASGI application\n%s", NAME)
    assert json.loads(stream.getvalue())["event"] == "Exception in ASGI application"


@pytest.mark.parametrize(
    ("level", "of_libraries", "own"),
    [("debug", logging.INFO, logging.DEBUG), ("warning", logging.WARNING, logging.WARNING)],
)
def test_libraries_log_no_messages_that_they_carry(level: str, of_libraries: int, own: int, restored: None) -> None:
    """websockets writes each message at DEBUG. Seen to fail."""
    set_up_logging(level, "json")
    assert logging.getLogger("websockets.server").getEffectiveLevel() == of_libraries
    assert logging.getLogger("consult.runtime").getEffectiveLevel() == own


@pytest.fixture
def restored() -> Iterator[None]:
    """The loggers as they were before."""
    root, own = logging.getLogger(), logging.getLogger("consult")
    before = root.level, own.level, root.handlers[:]
    root.handlers = []
    yield
    logging.captureWarnings(capture=False)
    root.setLevel(before[0])
    own.setLevel(before[1])
    root.handlers = before[2]
