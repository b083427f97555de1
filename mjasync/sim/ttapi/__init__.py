"""TTAPI from the server's side: what it accepts, and how it answers (seed 000)."""
