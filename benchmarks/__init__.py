"""Speed claims: each a ratio against a named peer in the same run, or a figure to watch."""
