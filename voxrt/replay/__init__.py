"""Runs played back: what came to a scenario comes again, and what it did is compared."""
