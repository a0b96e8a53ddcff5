"""What an ear writes down does not depend on how often it looks."""

from __future__ import annotations

from types import SimpleNamespace

import trio
from hypothesis import given
from hypothesis import strategies as st

from voxrt.clocks import VirtualClock
from voxrt.media.graph import Graph, Side
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.run.ears import Ear
from voxrt.session.media import FRAME_US, MediaDriver

RATE_HZ = 8_000
SENTENCES = ("One moment, please. I look it up.", "yes and no", "Hm", "It is on its way.")
SPEAKER = Speaker("synthetic")
SPEECHES = [SPEAKER.say(text, rate_hz=RATE_HZ) for text in SENTENCES]


def written_by(moves, *, at_each_frame):
    """What an ear writes, and when, as a port says sentences, is cut off, or makes a noise.

    Args:
        moves: (frame, what): a number of a sentence, `clear`, or `noise`.
        at_each_frame: Whether somebody wants to be told of each frame, as tests do.

    Returns:
        The records with their times, and how often the ear looked.
    """
    clock, graph, utterances, written = VirtualClock(), Graph(), Utterances(), []
    port = graph.port("guest", RATE_HZ)
    media = MediaDriver(clock, graph)

    def write(kind, **fields):
        written.append((clock.now_us(), kind, fields))

    journal = SimpleNamespace(write=write)
    context = SimpleNamespace(
        media=media, graph=graph, utterances=utterances, number=1,
        session=SimpleNamespace(journal=journal),
    )  # fmt: skip
    line = SimpleNamespace(port=port, ear=port, emitter=SimpleNamespace(id="call"))
    looks, ended = [], []

    class Counted(Ear):
        def _take(self):
            looks.append(clock.now_us())
            return super()._take()

    told = (lambda ear, heard: None) if at_each_frame else None
    ear = Counted(context, line, Side.SOURCE, "platform", told)

    def make(move):
        if move == "clear":
            port.clear()
        elif move == "noise":
            port.push(b"\x10\x27" * 400)
        else:
            port.push(SPEECHES[move].pcm, tag=utterances.add(SPEECHES[move], "agent"))

    for frame, move in moves:
        clock.call_at(frame * FRAME_US, make, move)
    for frame in range(400 if at_each_frame else 0):  # other things that are due
        clock.call_at(frame * FRAME_US + 7, lambda: None)
    clock.call_at(400 * FRAME_US, lambda: (ear.finish(), ended.append(True)))

    async def run():
        await clock.drive(media, lambda: bool(ended))

    trio.run(run, clock=clock.trio_clock)
    graph.close()
    return written, len(looks)


MOVES = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.sampled_from([*range(len(SENTENCES)), "clear", "noise"]),
    ),
    max_size=8,
)


@given(MOVES)
def test_an_ear_that_looks_when_something_can_have_changed_writes_the_same(moves):
    """Word for word, and in the same frame, as one that looks at every frame."""
    seldom, _ = written_by(moves, at_each_frame=False)
    always, _ = written_by(moves, at_each_frame=True)
    assert seldom == always


def test_an_ear_looks_a_few_times_for_each_word():
    """And not at all while nothing is said."""
    written, seldom = written_by([(10, 0)], at_each_frame=False)
    _, always = written_by([(10, 0)], at_each_frame=True)
    words = len(SENTENCES[0].split())
    frames = SPEECHES[0].samples // 160
    assert [fields["text"] for _, _, fields in written] == ["One moment, please.", "I look it up."]
    assert seldom <= 2 * words + 6 < frames <= always
