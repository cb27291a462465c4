"""Subcommands about whole consults as files."""
