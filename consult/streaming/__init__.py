"""Which page gets which picture and whose voice: routers, stills, stamps, measurements, calls."""
