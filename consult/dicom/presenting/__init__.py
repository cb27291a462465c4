"""How a file asks to be shown: padding, VOI LUTs, masks, overlays, shutters; and what must be said of it."""
