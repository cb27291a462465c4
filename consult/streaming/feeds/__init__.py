"""Exact stills that are sent before they are asked for: with their stamp, and ahead of it."""
