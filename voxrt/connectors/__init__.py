"""Voice-AI modules: what they share, then a folder each."""
