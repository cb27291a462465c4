"""Which images of a series each seat has had on the screen."""
