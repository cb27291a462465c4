"""What is found, from marks or from the view, with its side, its numbers and its key views."""
