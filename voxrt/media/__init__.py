"""Sound: the Python face of the audio core, audio files, speech and what was heard."""
