"""The Python face of the audio core, and speech, audio files and what was heard."""
