"""Hanging rules: which series a case opens with, and in which layout. They are a site's, from one file."""
