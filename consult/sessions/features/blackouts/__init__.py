"""Which parts of pictures guests are not shown where patients are hidden."""
