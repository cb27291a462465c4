"""Pure: (image, viewport, raster) -> pixels; windows, layouts, digests."""
