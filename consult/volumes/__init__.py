"""Decoded series as mapped files: loading order, cache and eviction."""
