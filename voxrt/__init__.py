"""voxrt: run, replay and test Voximplant VoxEngine scenarios on your own machine."""

__version__ = "0.1.0"
