"""What must hold of the clock and the notices of a critical result from one entry to the next. It knows of no bug.

1. The clock begins when the result is raised, and anew with each stage; nothing else sets it.
2. A notice stays what and for whom it is. One that is sent, or given up, is that for good: nobody sends it again. Each
   try is counted; without a try a notice is given up only where its stage is over. A try may end after the result was
   acknowledged or closed, and then it was the last one.
3. Only the server says what became of a notice.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from consult.sessions.events import Entry
from consult.sessions.features.critical.events import Critical, Notice


def wrong_clock(entry: Entry, before: Critical, now: Critical) -> Iterator[str]:
    """What is wrong with the clock of a result after an entry about it."""
    due = before.due_at if now.stage == before.stage else entry.at + now.after_s
    if now.due_at != due:
        yield f"the clock of critical result {now.id} is set to {now.due_at}, and it is due at {due}"


def wrong_notices(entry: Entry, before: Critical, now: Critical) -> Iterator[str]:
    """What is wrong with its notices."""
    if now.notices != before.notices and entry.by:
        yield f"{entry.by} says what became of notices of critical result {now.id}"
    known = {notice.id: notice for notice in now.notices}
    for old in before.notices:
        is_over = now.stage > old.stage
        if old.id not in known or not _may_follow(old, known[old.id], is_over=is_over):
            yield f"notice {old.id} of critical result {now.id} was {old.state} at try {old.tries}, and is another"
        elif before.acknowledged is not None and known[old.id] != old and known[old.id].state == "waiting":
            yield f"notice {old.id} of critical result {now.id}, which is acknowledged, is to be sent again"
    for new in now.notices[len(before.notices) :]:
        if (new.stage, new.state, new.tries) != (now.stage, "waiting", 0) or now.stage == before.stage:
            yield f"notice {new.id} of critical result {now.id} comes from nowhere"


def _may_follow(old: Notice, new: Notice, *, is_over: bool) -> bool:
    same = replace(new, state=old.state, tries=old.tries, next_at=old.next_at, sentence=old.sentence)
    if same != old or (new != old and old.state != "waiting"):
        return False
    if new.tries == old.tries + 1:
        return True
    return new == old or (is_over and new.state == "failed" and new.tries == old.tries)
