"""Which views probably come next. Pure."""
