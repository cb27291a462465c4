"""Who drives: asked for, granted, taken, given back."""
