"""What mjasync costs and what it brings: `python -m benchmarks [NAME…] [--quick] [--json]`."""
