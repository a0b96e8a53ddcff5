"""Who is at the far end of a call: scripted callers and parties, recorded callers."""
