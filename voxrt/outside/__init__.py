"""The world outside of a scenario: HTTP, mail, storage; declared, live, or closed."""
