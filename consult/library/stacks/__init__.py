"""The stacks of a data directory: found, kept, and what stands for each."""
