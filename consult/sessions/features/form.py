"""How much entries of a log may say in this release: a number that every release that adds anything to it has greater.

So a node knows which consults it must leave to newer ones: an event, a value or a field that it does not know it could
not read, or would lose with the next entry that it writes. `ENTRY_VERSION` counts changes of what there is.
"""

from __future__ import annotations

from functools import cache

from msgspec import inspect

from consult.sessions.events import ENTRY_VERSION, Entry

STEP = 1_000_000
"""Of a version; more than there are fields and values."""


@cache
def form() -> int:
    """The number of this release."""
    return ENTRY_VERSION * STEP + _count(inspect.type_info(Entry), set())


def _count(kind: inspect.Type, seen: set[type]) -> int:
    """Fields of all records that may be in it, and values of all words that are chosen from a few."""
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            if cls in seen:
                return 0
            seen.add(cls)
            return len(fields) + sum(_count(field.type, seen) for field in fields)
        case inspect.LiteralType(values=values):
            return len(values)
        case inspect.UnionType(types=kinds):
            return sum(_count(one, seen) for one in kinds)
        case inspect.TupleType(item_types=kinds):
            return sum(_count(one, seen) for one in kinds)
        case inspect.VarTupleType() | inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
            return _count(kind.item_type, seen)
        case inspect.DictType(key_type=key, value_type=value):
            return _count(key, seen) + _count(value, seen)
        case _:
            return 0
