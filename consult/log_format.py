"""Log lines: text for people, or an object of JSON a line for what collects them. Neither holds patient data.

Rules of this file:
- An event is one line, whatever went wrong in it.
- An error is written as its type and where it was raised, with what caused it, and without its message: what a library
  raises names the value that it stumbled over. Of an error of the system its own words are written, without the file.
- asyncio names a callback with its arguments and a task with its error: of its lines the words before them are written.
- Libraries log from INFO on, whatever is asked for: at DEBUG some write each message that they carry.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

import structlog
from structlog.types import EventDict, Processor

from consult.log_lines import OncePerMinute
from consult.model.errors import ConsultError

OWN = "consult"
"""Name of the logger above those of this source."""
FIRST = ("timestamp", "level", "logger", "event")
MAX_FRAMES = 12
"""Of a traceback, the innermost."""
MAX_CAUSES = 4


def set_up_logging(level: str, form: str = "text") -> None:
    """What all packages log by the standard library goes to stderr from now on, in that form."""
    libraries = max(logging.INFO, logging.getLevelNamesMapping()[level.upper()])
    logging.basicConfig(level=libraries, handlers=[handler(form, sys.stderr)], force=True)
    logging.getLogger(OWN).setLevel(level.upper())
    logging.captureWarnings(capture=True)


def handler(form: str, stream: IO[str]) -> logging.Handler:
    """What writes lines of a form to a stream, a line of a kind a minute (`log_lines.py`)."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.processors.KeyValueRenderer(key_order=FIRST)
    )
    made = logging.StreamHandler(stream)
    made.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, plain, last],
        )
    )
    made.addFilter(OncePerMinute())
    return made


def plain(_: object, __: str, event: EventDict) -> EventDict:
    """An event without what may hold a value of somebody; its usual parts first."""
    name, text = str(event.get("logger", "")), str(event.get("event", "")).strip()
    if name != OWN and not name.startswith(f"{OWN}."):
        text = text.partition("\n")[0]
    event["event"] = re.split("[(<]", text)[0].strip() if name == "asyncio" else text
    error = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(error, tuple) and error[1] is not None:
        event["error"] = "; from ".join(causes(error[1]))
    return {**{key: event[key] for key in FIRST if key in event}, **event}


def causes(error: BaseException) -> Iterator[str]:
    """An error, and what led to it, each as its type and where it was raised."""
    current: BaseException | None = error
    for _ in range(MAX_CAUSES):
        if current is None:
            return
        frames = traceback.extract_tb(current.__traceback__)[-MAX_FRAMES:]
        where = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        yield f"{_kind(current)}{' at ' if where else ''}{where}"
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _kind(error: BaseException) -> str:
    """Its type; with what is known to be no value of anybody's."""
    match error:
        case ConsultError(code=code):
            return f"{type(error).__name__}({code})"
        case OSError(strerror=str(words)):
            return f"{type(error).__name__}({words})"
        case _:
            return type(error).__name__


def _short(file: str) -> str:
    """A file of the source as it is known there."""
    return "/".join(PurePath(file).parts[-3:])
