"""JavaScript scenarios: what the engine needs from outside to behave as the platform's does."""
