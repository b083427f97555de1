"""What waits: order and concurrency."""
