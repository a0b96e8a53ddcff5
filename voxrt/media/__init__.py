"""Sound: the Python face of the C audio core.

PCM everywhere is `bytes` of mono 16-bit little-endian samples at 8000, 16000, 24000 or 48000 Hz;
a frame is 20 ms. Levels are RMS in dBFS, where 0 is a square wave of full scale (so a full-scale
sine is -3.0).
"""
