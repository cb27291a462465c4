"""Subcommands about how a site sets consult up."""
