"""The host API."""
