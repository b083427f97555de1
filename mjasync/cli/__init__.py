"""The command line: what a person types, sees and keeps on disk. Everything else is the front door's work."""
