"""What decides: no await, no clock, no dice, no disk, no logging."""
