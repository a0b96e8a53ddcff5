"""Calls that were recorded elsewhere, made into folders of runs."""
