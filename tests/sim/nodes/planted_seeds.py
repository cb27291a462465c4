"""Of each planted bug of nodes the first seed that finds it; the test looks through more where it has moved."""

from __future__ import annotations

FOUND_BY = {
    "a lease taken from who lives": 0,
    "a lease given away though its holder has beaten": 0,
    "a node that is cut off goes on": 22,
    "a lease that anybody lets go": 7,
    "an epoch granted twice": 0,
    "two processes of one name": 1,
    "a holder that is not told": 34,
    "a holder that does not heed": 34,
    "a log without a fence": 1,
    "a late append that was refused": 32,
    "a lost answer taken for stored": 0,
    "a lost answer taken for not stored": 3,
    "confirmed before it is on the disk": 9,
    "a replica without the last writes": 9,
    "half an append behind a power cut": 6,
    "a flipped bit in an entry": 0,
    "a flipped bit in a kept state": 7,
    "an owner that confirms what it could not store": 4,
}
