"""Tests of scenarios: expectations, what was heard, conversations, and what runs them."""
