"""The view that all are shown."""
