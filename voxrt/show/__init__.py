"""A finished run, for people to see: its account, its page, and what other programs open."""
