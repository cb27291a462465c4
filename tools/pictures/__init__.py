"""The pictures of docs/guide.md, made anew: `python -m tools.pictures [NAME ...]`."""
