"""Presentation states: what a file asks of how images of others are shown (PS3.3 A.33.1)."""
