"""The consult itself: opened, owned by one server process at a time, ended."""
