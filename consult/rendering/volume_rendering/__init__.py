"""Volume rendering: rays through a volume, whose values become colours and opacities."""
