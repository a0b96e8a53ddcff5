"""Cassettes in a run: whether one is played or made, and how it is made of what the run left.

A cassette is made at the end of a run, of the files of its connections, and replaces the old one
at once: a run that was interrupted, or whose provider was lost, leaves the old one as it is.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from attrs import evolve

from voxrt.connectors.link_file import encoded
from voxrt.disk import write_whole
from voxrt.errors import UsageError
from voxrt.run.config import RunConfig
from voxrt.session.journal import Journal
from voxrt.xai.cassette import read_cassettes
from voxrt.xai.cassette.file import SUFFIX
from voxrt.xai.cassette.secrets import without_credentials

MODES = ("once", "none", "all")
#: What `grok` is in the configuration of a run that plays a cassette; the path follows.
PLAYED = "cassette:"


def with_cassette(config: RunConfig) -> RunConfig:
    """A configuration in which it is decided whether its cassette is played.

    Raises:
        InputError: The mode is none, or the cassette to be played is missing or wrong.
    """
    if config.record_mode not in MODES:
        raise UsageError(
            f"--record-mode must be one of {', '.join(MODES)}, not {config.record_mode!r}"
        )
    path, mode = config.cassette, config.record_mode
    if path is None:
        if mode != "once":
            raise UsageError("--record-mode goes with --cassette, which names the recording.")
        return config
    if mode == "all" or (mode == "once" and not path.exists()):
        return config
    read_cassettes(path)
    return evolve(config, grok=f"{PLAYED}{path}", agent=None)


def keep_cassette(config: RunConfig, links: list[Path], journal: Journal) -> Path | None:
    """Makes the cassette of a run that was to record one.

    Args:
        config: The run's, from `with_cassette`.
        links: The files of the run's connections, which are complete.
        journal: Knows the secrets.

    Returns:
        The cassette; `None` when the run played one, had none, or made no connection.

    Raises:
        OutputError: It cannot be written; the one that was there is still there.
    """
    path = config.cassette
    if path is None or config.grok.startswith(PLAYED):
        return None
    one = path.suffix == SUFFIX
    if not links or (one and len(links) > 1):
        number = len(links) or "no"
        journal.write(
            "warning",
            code="cassette",
            text=f"the cassette {path} was not made: the run had {number} connections"
            + (", and a .jsonl file keeps one; name a folder" if links else ""),
        )
        return None
    if one:
        _rewrite(links[0], path, journal)
        return path
    for number, link in enumerate(links, 1):
        _rewrite(link, path / f"{number}{SUFFIX}", journal)
    for old in path.glob(f"*{SUFFIX}"):
        if old.stem.isdecimal() and int(old.stem) > len(links):
            old.unlink()
    return path


def _rewrite(link: Path, path: Path, journal: Journal) -> None:
    """Copies the file of a connection without what looks like a credential."""
    with link.open("rb") as lines:
        clean = (without_credentials(msgspec.json.decode(line)) for line in lines)
        write_whole(path, (encoded(message, journal) + b"\n" for message in clean))
