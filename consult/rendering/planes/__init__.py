"""Planes through volumes: resampled, as slabs, and fused."""
