"""What a scenario sees, named exactly as the platform names it."""
