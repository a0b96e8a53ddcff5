"""The `voxrt` command. One module per command, each thin over the rooms below."""
