"""Pages and probes over HTTP (aiohttp)."""
