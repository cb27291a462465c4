"""Marks and key images: drawn, changed, deleted, undone."""
