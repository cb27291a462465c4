"""Presence: who is here, points where, looks at what, speaks. Per connection, never stored."""
