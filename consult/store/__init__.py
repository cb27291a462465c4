"""The log of each consult and the index of studies: in memory, and SQLite. One contract suite runs on every log."""
