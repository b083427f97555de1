"""Pictures on their way in and out: read, checked, drawn and cut. All of it blocks; Pillow is an extra."""
