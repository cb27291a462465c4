"""What marks measure: lengths, angles, areas, and the pixels that they hold."""
