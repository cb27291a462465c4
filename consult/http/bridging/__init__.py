"""What comes to one node and is another's is passed on to that one, and its answer back."""
