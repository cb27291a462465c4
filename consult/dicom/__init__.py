"""Everything that touches pydicom: reading in worker processes, stacks, decoding into volumes, the demo studies."""
