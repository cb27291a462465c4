"""Who sees which picture and hears whom: routers, stills, stamps, measurements, calls."""
