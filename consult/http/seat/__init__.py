"""Joining by a link, and what lies below a seat."""
