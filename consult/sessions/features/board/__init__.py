"""A tumor board: a consult of that kind. Cases are prepared and ordered, shown in turn, and decided."""
