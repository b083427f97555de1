"""midjourney-proxy, and the relay before it, from the server's side (seed 001)."""
