"""Servers on a port of this machine, each in a thread of its own."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from functools import partial
from random import Random

import trio

from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.xai.server_socket import serve
from voxrt.xai.standin import StandIn, StandInSettings
from voxrt.xai.standin.script_file import parse_agent_script


@contextmanager
def in_thread(server):
    """Has a server of `socketserver` answer; each of its connections has a thread, too."""
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving(make):
    """Serves the realtime protocol with what `make(clock)` makes; gives its address."""
    started = queue.Queue()

    async def main():
        with trio.CancelScope() as scope:
            token = trio.lowlevel.current_trio_token()
            await serve(make, "127.0.0.1", 0, ready=lambda h, p: started.put((p, token, scope)))

    thread = threading.Thread(target=partial(trio.run, main))
    thread.start()
    port, token, scope = started.get(timeout=20)
    try:
        yield f"ws://127.0.0.1:{port}"
    finally:
        token.run_sync_soon(scope.cancel)
        thread.join(20)


def make_stand_in(script, clock):
    """A stand-in that follows a script, and answers at once."""
    return StandIn(
        parse_agent_script(script),
        clock=clock,
        speaker=Speaker("synthetic"),
        utterances=Utterances(),
        rng=Random(1),
        settings=StandInSettings(update_ms=(0, 0), created_ms=(0, 0), first_audio_ms=(0, 0)),
    )


def served(script):
    """Serves a stand-in that follows a script."""
    return serving(partial(make_stand_in, script))
