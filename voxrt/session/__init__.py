"""One running scenario: life cycle, inbox, events, timers, limits, log and journal."""
