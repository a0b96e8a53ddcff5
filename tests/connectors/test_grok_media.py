"""The audio of a Grok client: when it starts and ends, tags, formats, barge-in, links."""

from __future__ import annotations

import base64
import math
from array import array
from itertools import pairwise

import pytest
from harness import files_of

from voxrt.media.codecs import level_dbfs
from voxrt.media.wav import read_wav
from voxrt.xai.formats import AudioFormat

QUIET = "caller: {type: user, steps: [{wait: 900000}]}"
RATE_HZ = 16_000


def sine(rate_hz, ms, hz=400.0, peak=8_000, start=0):
    """PCM16 of a sine, from its sample `start` on."""
    step = 2 * math.pi * hz / rate_hz
    count = rate_hz * ms // 1000
    return array("h", [round(peak * math.sin(step * n)) for n in range(start, start + count)])


def updated(kind="audio/pcm", rate_hz=RATE_HZ):
    """A `session.updated` that confirms a format for both directions."""
    side = {"format": {"type": kind, "rate": rate_hz}}
    return {"type": "session.updated", "session": {"audio": {"input": side, "output": side}}}


def created(number=1):
    """The begin of a reply."""
    return {"type": "response.created", "response": {"id": f"r{number}"}}


def delta(data, number=1):
    """Audio of a reply, as bytes of the session's format."""
    body = base64.b64encode(bytes(data)).decode()
    return {"type": "response.output_audio.delta", "response_id": f"r{number}", "delta": body}


def done(number=1):
    """The end of a reply's audio."""
    return {"type": "response.output_audio.done", "response_id": f"r{number}"}


def spoken(at_ms, ms, number):
    """A stretch of `ms` that arrives at once."""
    return [(at_ms, created(number)), (at_ms, delta(sine(RATE_HZ, ms).tobytes(), number)),
            (at_ms, done(number))]  # fmt: skip


JOINED = """
    @on_call
    async def answer(e):
        global call, client
        call = e.call
        call.answer()
        client = await connect(onWebSocketClose=lambda e: Logger.write("closed"))
        VoxEngine.sendMediaBetween(call, client)
        {more}
        setTimeout(VoxEngine.terminate, {until})
"""


def joined(play, link, *, until, more="pass", **options):
    """A call and a client that hear each other, with a provider of the test."""
    source = JOINED.format(until=until, more=more)
    return play(source, link=link, **{"caller": QUIET, **options})


def heard_by_the_caller(played):
    """The right channel of the recording, and its rate."""
    wav = read_wav(played.result.files["recording"])
    return array("h", wav.pcm)[1::2], wav.rate_hz


def media_events(played):
    """(ms, name, tag, duration) of the media events."""
    found = []
    for record in played.of("event", unit="grok"):
        name = record["name"].rpartition(".")[2]
        if name.startswith("WebSocketMedia"):
            data = record["data"]
            duration = data.get("mediaInfo", {}).get("duration")
            found.append((record["t"], name[14:], data.get("tag"), duration))
    return found


# When -------------------------------------------------------------------------------------------


def test_a_stretch_starts_with_its_first_sample_and_ends_a_second_after_its_last(play, provider):
    """Started and Ended once each, however many deltas make it."""
    script = [(1000, created())]
    script += [(1000 + 50 * n, delta(sine(RATE_HZ, 200).tobytes())) for n in range(10)]
    played = joined(play, provider([(0, updated()), *script]), until=8000)
    (started_ms, start, tag, _), (ended_ms, end, _, duration) = media_events(played)
    assert (start, end, tag, duration) == ("Started", "Ended", None, 2)
    samples, rate_hz = heard_by_the_caller(played)
    first = next(n for n, sample in enumerate(samples) if abs(sample) > 200) * 1000 / rate_hz
    last = max(n for n, sample in enumerate(samples) if abs(sample) > 200) * 1000 / rate_hz
    connected_ms = started_ms - first
    assert 1100 <= started_ms <= 1140  # the link opens at 100 ms
    assert 1000 <= ended_ms - connected_ms - last <= 1060


def test_what_follows_within_a_second_is_the_same_stretch(play, provider):
    """A pause of less than a second neither ends nor starts anything."""
    link = provider([(0, updated()), *spoken(1000, 500, 1), *spoken(2400, 500, 2)])
    assert [name for _, name, _, _ in media_events(joined(play, link, until=6000))] == [
        "Started",
        "Ended",
    ]


def test_the_duration_is_cumulative_in_whole_seconds(play, provider):
    """Stretches of 6.84, 4.16 and 2.52 s give 6, 11 and 13."""
    script = [*spoken(1000, 6840, 1), *spoken(10_000, 4160, 2), *spoken(16_000, 2520, 3)]
    played = joined(play, provider([(0, updated()), *script]), until=21_000)
    assert [duration for _, name, _, duration in media_events(played) if name == "Ended"] == [
        6,
        11,
        13,
    ]


@pytest.mark.parametrize("ms", [980, 999, 1000, 1019, 1980, 2000])
def test_the_duration_counts_samples_not_frames(play, provider, ms):
    """A stretch that is a millisecond short of a second has none."""
    link = provider([(0, updated()), *spoken(1000, ms, 1)])
    assert media_events(joined(play, link, until=6000))[-1][3] == ms // 1000


def test_silence_from_the_provider_is_audio_too(play, provider):
    """Speech that trails off in a second and a half of silence ends all the same, once."""
    sound = sine(RATE_HZ, 600).tobytes() + bytes(2 * RATE_HZ * 3 // 2)
    link = provider([(0, updated()), (1000, created()), (1000, delta(sound)), (1000, done())])
    played = joined(play, link, until=7000)
    (started_ms, *_), (ended_ms, _, _, duration) = media_events(played)
    assert duration == 2
    assert 3080 <= ended_ms - started_ms <= 3120


def test_audio_plays_although_nobody_listens(play, provider):
    """As the platform's socket does; who is linked later hears what is left of it."""
    link = provider([(0, updated()), *spoken(500, 3000, 1)])
    played = play(
        """
        @on_call
        async def answer(e):
            e.call.answer()
            client = await connect()
            setTimeout(lambda: client.sendMediaTo(e.call), 2000)
            setTimeout(VoxEngine.terminate, 6000)
        """,
        link=link,
        caller=QUIET,
    )
    assert [name for _, name, _, _ in media_events(played)] == ["Started", "Ended"]
    samples, rate_hz = heard_by_the_caller(played)
    audible = [n for n, sample in enumerate(samples) if abs(sample) > 200]
    assert 1500 <= (audible[-1] - audible[0]) * 1000 / rate_hz <= 1640


def test_close_ends_the_stretch_first(play, provider):
    """Ended, then Close: while it plays, and in the second after it."""
    for at_ms, duration in ((1500, 0), (2600, 1), (3200, 1)):
        link = provider([(0, updated()), *spoken(1000, 1500, 1)])
        played = joined(play, link, until=5000, more=f"setTimeout(client.close, {at_ms})")
        order = [r["name"].rpartition(".")[2] for r in played.of("event")
                 if r["unit"] in ("grok", "websocket")]  # fmt: skip
        assert order[-2:] == ["WebSocketMediaEnded", "Close"]
        assert media_events(played)[-1][3] == duration
        assert played.logs == ["closed"]


def test_close_after_the_stretch_ends_nothing(play, provider):
    """There is one Ended for each Started."""
    link = provider([(0, updated()), *spoken(1000, 500, 1)])
    played = joined(play, link, until=5000, more="setTimeout(client.close, 4000)")
    assert [name for _, name, _, _ in media_events(played)] == ["Started", "Ended"]


def test_the_providers_end_ends_the_stretch_too(play, provider):
    """A lost connection stops the sound: Ended, then Close."""
    link = provider([(0, updated()), *spoken(1000, 4000, 1),
                     (2000, lambda to: to.hang_up(1006, "", False))])  # fmt: skip
    played = joined(play, link, until=5000)
    assert [name for _, name, _, _ in media_events(played)] == ["Started", "Ended"]
    samples, rate_hz = heard_by_the_caller(played)
    audible = [n for n, sample in enumerate(samples) if abs(sample) > 200]
    assert (audible[-1] - audible[0]) * 1000 / rate_hz < 1050


# Clearing and tags ------------------------------------------------------------------------------


def test_clear_has_no_event_of_its_own(play, provider):
    """The silence rule brings Ended a second later; the provider is not told."""
    link = provider([(0, updated()), *spoken(1000, 5000, 1)])
    more = "setTimeout(client.clearMediaBuffer, 2000)"
    played = joined(play, link, until=6000, more=more)
    (cleared,) = played.of("media", action="clear")
    (_, ended) = media_events(played)
    assert 1000 <= ended[0] - cleared["t"] <= 1060
    assert ended[3] == 0
    assert 64_000 < cleared["samples"] < 68_000
    assert link.links[0].messages == []


def test_audio_after_a_clear_is_heard(play, provider):
    """Clearing is about what is queued, not about what will come."""
    link = provider([(0, updated()), *spoken(1000, 5000, 1), *spoken(2500, 1000, 2)])
    more = "setTimeout(client.clearMediaBuffer, 2000)"
    played = joined(play, link, until=6000, more=more)
    assert [name for _, name, _, _ in media_events(played)] == ["Started", "Ended"]
    assert media_events(played)[-1][3] == 1


TAGS = """
    @on_call
    async def answer(e):
        first = e.call
        first.answer()
        client = await connect()
        second = VoxEngine.callPSTN("15550001111", "15550002222")

        def both(ev):
            client.sendMediaTo(first, {{"tag": "left", "customParameters": {{"n": "1"}}}})
            client.sendMediaTo(second, tag="right", encoding="PCM8")
            client.responseCreate({{}})

        on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session={{}}))
        second.addEventListener(CallEvents.Connected, both)
        Logger.write(first.id() + " " + second.id())
        on(client, "WebSocketMediaStarted", lambda ev: setTimeout(clear, 1500))
        setTimeout(VoxEngine.terminate, 15000)

        def clear():
            {clear}
"""
LONG = "greeting: One two three four five six seven eight nine ten, and that is the end of it."
PARTY = """
caller: {type: user, steps: [{wait: 60000}]}
parties: [{match: "15550001111", steps: [{wait: 60000}]}]
"""


def words_by_call(played):
    """What each call's far end heard of the agent."""
    first, second = played.logs[0].split()
    return [
        " ".join(r["text"] for r in played.of("heard", call=call) if r["speaker"] == "agent")
        for call in (first, second)
    ]


def test_two_tags_to_two_calls_at_the_same_time(play):
    """Both calls hear all of it, and each stream has its own events."""
    played = play(TAGS.format(clear="pass"), caller=PARTY, agent=LONG)
    text = LONG.removeprefix("greeting: ")
    assert words_by_call(played) == [text, text]
    started = [dict(e) for e in played.named("WebSocketMediaStarted")]
    for event in started:
        del event["name"], event["id"], event["client"]
    assert started == [
        {"tag": "left", "encoding": "PCM16", "customParameters": {"n": "1"}},
        {"tag": "right", "encoding": "PCM8"},
    ]
    ended = [(e.tag, e.mediaInfo.duration) for e in played.named("WebSocketMediaEnded")]
    assert [tag for tag, _ in ended] == ["left", "right"]
    assert ended[0][1] == ended[1][1] > 3


def test_clear_by_tag_clears_only_that(play):
    """One call falls silent, the other hears it to the end."""
    played = play(TAGS.format(clear='client.clearMediaBuffer(tag="left")'),
                  caller=PARTY, agent=LONG)  # fmt: skip
    cut, whole = words_by_call(played)
    text = LONG.removeprefix("greeting: ")
    assert whole == text
    assert text.startswith(cut)
    assert 1 <= len(cut.split()) <= 9
    (left, first), (right, second) = [
        (e.tag, e.mediaInfo.duration) for e in played.named("WebSocketMediaEnded")
    ]
    assert (left, right) == ("left", "right")
    assert first < second


@pytest.mark.parametrize("argument", ["", "{}", "None", "tag=None", "tag=''", "{'tag': ''}"])
def test_clear_without_a_tag_clears_all(play, argument):
    """An empty tag is none."""
    played = play(TAGS.format(clear=f"client.clearMediaBuffer({argument})"),
                  caller=PARTY, agent=LONG)  # fmt: skip
    first, second = words_by_call(played)
    assert first == second
    assert len(first.split()) < 10


def test_clear_with_an_unknown_tag_clears_nothing(play):
    """There is no such stream."""
    played = play(TAGS.format(clear="client.clearMediaBuffer({'tag': 'middle'})"),
                  caller=PARTY, agent=LONG)  # fmt: skip
    assert words_by_call(played)[0] == LONG.removeprefix("greeting: ")


def test_a_number_is_as_good_a_tag(play, provider):
    """Tags are texts on the platform; a number given twice names the same stream."""
    link = provider([(0, updated()), *spoken(1000, 3000, 1)])
    played = play(
        """
        @on_call
        async def answer(e):
            e.call.answer()
            client = await connect()
            client.sendMediaTo(e.call, tag=7, customParameters={})
            setTimeout(lambda: client.clearMediaBuffer(tag=7), 2000)
            setTimeout(VoxEngine.terminate, 6000)
        """,
        link=link,
        caller=QUIET,
    )
    assert [(name, tag) for _, name, tag, _ in media_events(played)] == [
        ("Started", "7"),
        ("Ended", "7"),
    ]
    assert list(played.named("WebSocketMediaStarted")[0]) == [
        "name",
        "id",
        "client",
        "tag",
        "encoding",
    ]


def test_without_a_tag_the_events_have_none(play):
    """Absent, not empty; `encoding` is the platform's PCM16."""
    played = play(JOINED.format(until=6000, more=START), caller=QUIET)
    assert list(played.named("WebSocketMediaStarted")[0]) == ["name", "id", "client", "encoding"]
    assert played.named("WebSocketMediaStarted")[0].encoding == "PCM16"
    assert list(played.named("WebSocketMediaEnded")[0]) == ["name", "id", "client", "mediaInfo"]


START = (
    "on(client, 'ConversationCreated', lambda e: (client.sessionUpdate(session={}),"
    " client.responseCreate({})))"
)


# Barge-in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("after_ms", [700, 1300, 2100])
def test_barge_in_leaves_at_most_two_frames(play, after_ms):
    """What the caller hears of the old sentence ends within 40 ms of the clear."""
    played = play(
        """
        @on_call
        async def answer(e):
            e.call.answer()
            client = await connect()
            session = {"turn_detection": {"type": "server_vad"}}
            on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session=session))

            def begin(ev):
                VoxEngine.sendMediaBetween(e.call, client)
                client.responseCreate({})

            on(client, "SessionUpdated", begin)
            on(client, "InputAudioBufferSpeechStarted", lambda ev: client.clearMediaBuffer())
            setTimeout(VoxEngine.terminate, 9000)
        """,
        caller=f"caller: {{steps: [{{barge_in: Wait please., after_ms: {after_ms}}}]}}",
        agent=LONG,
    )
    cleared = played.of("media", action="clear")
    assert cleared
    assert cleared[0]["samples"] > 0
    before = [r for r in played.of("heard", by="caller") if r["from_ms"] < cleared[0]["t"]]
    assert before
    assert not before[-1]["complete"]
    assert before[-1]["to_ms"] <= cleared[0]["t"] + 40
    # What the agent says next is heard from its beginning.
    after = [r for r in played.of("heard", by="caller") if r["from_ms"] > cleared[0]["t"] + 40]
    assert after


# Length -----------------------------------------------------------------------------------------


def test_ten_minutes_faster_than_they_play(play, provider):
    """A reply of ten minutes that arrives in one is kept whole, and played whole."""
    second = sine(RATE_HZ, 1000).tobytes()
    script = [(1000 + 100 * n, delta(second)) for n in range(600)]
    link = provider([(0, updated()), (900, created()), *script])
    played = joined(play, link, until=610_000, caller=QUIET.replace("user", "pstn"))
    assert "overflow" not in played.warnings
    assert media_events(played)[-1][3] == 600
    samples, rate_hz = heard_by_the_caller(played)
    audible = [n for n, sample in enumerate(samples) if abs(sample) > 200]
    assert round((audible[-1] - audible[0]) / rate_hz) == 600
    assert played.result.outcome == "normal"


def test_more_than_a_session_is_lost_with_a_warning(play, provider):
    """Half an hour of audio is kept; beyond that some is lost, told once, and counted."""
    minute = bytes(sine(RATE_HZ, 1000).tobytes() * 60)
    script = [(1000 + n, delta(minute)) for n in range(33)]
    link = provider([(0, updated()), (900, created()), *script])
    played = joined(play, link, until=2000)
    assert len(played.warnings["overflow"]) == 1
    lost = sum(record["samples"] for record in played.of("media", action="overflow"))
    assert 2 * 60 * RATE_HZ < lost < 3 * 60 * RATE_HZ


# Formats ----------------------------------------------------------------------------------------

FORMATS = [
    ("audio/pcm", 8_000),
    ("audio/pcm", 16_000),
    ("audio/pcm", 22_050),
    ("audio/pcm", 24_000),
    ("audio/pcm", 44_100),
    ("audio/pcm", 48_000),
    ("audio/pcmu", 8_000),
    ("audio/pcma", 8_000),
]


def purity(samples, rate_hz, hz):
    """How much stronger a sine of `hz` is than everything else, in dB: clicks make it worse."""
    count = len(samples)
    step = 2 * math.pi * hz / rate_hz
    real = sum(s * math.cos(step * n) for n, s in enumerate(samples)) * 2 / count
    imaginary = sum(s * math.sin(step * n) for n, s in enumerate(samples)) * 2 / count
    signal = (real**2 + imaginary**2) / 2
    rest = sum(
        (s - real * math.cos(step * n) - imaginary * math.sin(step * n)) ** 2
        for n, s in enumerate(samples)
    )
    return 10 * math.log10(signal / (rest / count))


@pytest.mark.parametrize(("kind", "rate_hz"), FORMATS)
def test_sound_of_every_format_is_as_loud_and_without_clicks(play, provider, kind, rate_hz):
    """Deltas of odd lengths join without a seam, at the level that was sent."""
    whole, script, at, ms = sine(rate_hz, 2000), [], 0, 1000.0
    encode = AudioFormat(kind, rate_hz).from_pcm
    for count in [489 * rate_hz // 1000, 7, 1, 3333, 1601] * 20:
        if at < len(whole):
            script.append((ms, delta(encode(whole[at : at + count].tobytes()))))
            at, ms = at + count, ms + 5
    link = provider([(0, updated(kind, rate_hz)), (999, created()), *script, (ms, done())])
    played = joined(play, link, until=5000)
    samples, heard_hz = heard_by_the_caller(played)
    audible = [n for n, sample in enumerate(samples) if abs(sample) > 200]
    assert abs((audible[-1] - audible[0]) / heard_hz - 2) < 0.01
    middle = samples[audible[0] + heard_hz // 20 : audible[-1] - heard_hz // 20]
    assert abs(level_dbfs(middle.tobytes()) - level_dbfs(whole.tobytes())) < 0.2
    assert purity(middle, heard_hz, 400) > (40 if kind == "audio/pcm" else 30)


def test_samples_cut_in_half_are_put_together(play, provider):
    """A delta may end in the middle of a sample."""
    sound = sine(RATE_HZ, 1000).tobytes()
    script = [(1000, delta(sound[:3333])), (1010, delta(sound[3333:20_001])),
              (1020, delta(sound[20_001:])), (1030, done())]  # fmt: skip
    played = joined(play, provider([(0, updated()), (900, created()), *script]), until=4000)
    samples, rate_hz = heard_by_the_caller(played)
    audible = [n for n, sample in enumerate(samples) if abs(sample) > 200]
    middle = samples[audible[0] + 500 : audible[-1] - 500]
    assert purity(middle, rate_hz, 400) > 40


@pytest.mark.parametrize(("kind", "rate_hz"), FORMATS)
def test_what_a_client_hears_in_every_format(play, provider, kind, rate_hz):
    """Upstream too: the level, no clicks, 100 ms at a time; the source is another client."""
    source = provider([(0, updated()), *spoken(1000, 3000, 1)])
    sink = provider([(0, updated(kind, rate_hz))])
    makers = iter((source, sink))
    played = play(
        """
        @on_started
        async def start(e):
            source, sink = await connect(), await connect()
            source.sendMediaTo(sink)
            setTimeout(VoxEngine.terminate, 5000)
        """,
        link=lambda context: next(makers)(context),
    )
    assert not played.errors
    appends = sink.links[0].appends
    audio_format = AudioFormat(kind, rate_hz)
    pcm = b"".join(audio_format.to_pcm(base64.b64decode(body)) for _, body in appends)
    samples = array("h", pcm)
    audible = [n for n, sample in enumerate(samples) if abs(sample) > 200]
    assert abs((audible[-1] - audible[0]) / rate_hz - 3) < 0.01
    middle = samples[audible[0] + rate_hz // 20 : audible[-1] - rate_hz // 20]
    expected = level_dbfs(sine(RATE_HZ, 1000).tobytes())
    assert abs(level_dbfs(middle.tobytes()) - expected) < 0.2
    assert purity(middle, rate_hz, 400) > (40 if kind == "audio/pcm" else 30)
    gaps = {round(b - a) for (a, _), (b, _) in pairwise(appends)}
    assert gaps == {100}


@pytest.mark.parametrize(("kind", "rate_hz"), FORMATS)
def test_words_survive_every_format(play, kind, rate_hz):
    """The caller hears the agent's words, and the agent the caller's, whole."""
    side = {"format": {"type": kind, "rate": rate_hz}}
    played = play(
        f"""
        @on_call
        async def answer(e):
            e.call.answer()
            client = await connect()
            session = {{
                "turn_detection": {{"type": "server_vad"}},
                "audio": {{"input": {side!r}, "output": {side!r}}},
            }}
            on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session=session))
            on(client, "SessionUpdated", lambda ev: VoxEngine.sendMediaBetween(e.call, client))
            setTimeout(VoxEngine.terminate, 12000)
        """,
        caller="""caller: {type: sip, steps: [{wait: 800}, {say: "Where is the red house?"}]}""",
        agent="fallback: The red house is over there, behind the big tree.",
    )
    final = played.named("ConversationItemInputAudioTranscriptionCompleted")[-1]
    assert final.data.transcript == "Where is the red house?"
    heard = [r for r in played.of("heard", by="caller") if r["speaker"] == "agent"]
    assert [r["text"] for r in heard] == ["The red house is over there, behind the big tree."]
    assert heard[0]["complete"]


# Links ------------------------------------------------------------------------------------------


def test_audio_flows_upstream_after_the_confirmation_and_while_linked(play, provider):
    """Not before `session.updated`, and not after the link has ended."""
    link = provider([(1000, updated())])
    more = "setTimeout(lambda: call.stopMediaTo(client), 3000)"
    played = joined(play, link, until=5000, more=more)
    times = [at_ms for at_ms, _ in link.links[0].appends]
    assert 1180 <= times[0] <= 1240
    stopped = played.of("media", action="unlink")[0]["t"]
    assert stopped <= times[-1] <= stopped + 100
    assert len(times) == pytest.approx((times[-1] - times[0]) / 100 + 1)


def test_a_later_link_starts_the_flow(play, provider):
    """The session may be configured long before anybody is joined to it: prewarming."""
    link = provider([(10, updated())])
    play(
        """
        @on_call
        async def answer(e):
            client = await connect()
            setTimeout(e.call.answer, 1000)
            e.call.addEventListener(
                CallEvents.Connected, lambda ev: VoxEngine.sendMediaBetween(e.call, client)
            )
            setTimeout(VoxEngine.terminate, 3000)
        """,
        link=link,
        caller=QUIET,
    )
    assert link.links[0].appends[0][0] > 1000


def test_the_last_of_a_link_is_heard(play, provider):
    """The chunk in which the link ends still carries its sound."""
    source = provider([(0, updated()), *spoken(1000, 1000, 1)])
    sink = provider([(0, updated())])
    makers = iter((source, sink))
    play(
        """
        @on_started
        async def start(e):
            source, sink = await connect(), await connect()
            source.sendMediaTo(sink)
            setTimeout(lambda: source.stopMediaTo(sink), 1960)
            setTimeout(VoxEngine.terminate, 4000)
        """,
        link=lambda context: next(makers)(context),
    )
    pcm = b"".join(base64.b64decode(body) for _, body in sink.links[0].appends)
    audible = sum(1 for sample in array("h", pcm) if abs(sample) > 200)
    assert audible > 0.8 * RATE_HZ * 0.85


def test_two_clients_in_one_session(play):
    """Each hears and speaks for itself: two agents, two calls."""
    played = play(
        """
        def serve(call):
            async def begin(e=None):
                client = await connect()
                session = {"turn_detection": {"type": "server_vad"}}
                on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session=session))
                on(client, "SessionUpdated", lambda ev: (
                    VoxEngine.sendMediaBetween(call, client), client.responseCreate({})))
            return begin

        @on_call
        async def answer(e):
            e.call.answer()
            other = VoxEngine.callPSTN("15550001111", "15550002222")
            other.addEventListener(CallEvents.Connected, serve(other))
            await serve(e.call)()
            Logger.write(e.call.id() + " " + other.id())
            setTimeout(VoxEngine.terminate, 12000)
        """,
        caller="""
            caller: {steps: [{wait_for: agent_turn}, {say: Hello from one.}, {wait: 60000}]}
            parties:
              - match: "15550001111"
                steps: [{wait_for: agent_turn}, {say: Hello from two.}, {wait: 60000}]
        """,
    )
    one, two = words_by_call(played)
    assert "You said: Hello from one." in one
    assert "You said: Hello from two." in two
    assert "two" not in one
    assert "one" not in two.replace("phone", "")
    labels = {record["link"] for record in played.of("provider")}
    assert len(labels) == 2


@pytest.mark.parametrize(
    "links",
    [
        "a.sendMediaTo(b)",
        "VoxEngine.sendMediaBetween(a, b)",
        "a.sendMediaTo(a)",
        "VoxEngine.sendMediaBetween(a, a)",
        "a.sendMediaTo(b, tag='x'); b.sendMediaTo(a, tag='x'); a.stopMediaTo(b)",
    ],
)
def test_clients_may_be_linked_to_clients(play, links):
    """Two agents that talk to each other, or one that hears itself: odd, and no crash."""
    played = play(
        f"""
        @on_started
        async def start(e):
            a, b = await connect(), await connect()
            session = {{"turn_detection": {{"type": "server_vad"}}}}
            for client in (a, b):
                client.sessionUpdate(session=session)
            {links}
            a.responseCreate({{}})
            setTimeout(a.close, 20000)
            setTimeout(VoxEngine.terminate, 21000)
        """
    )
    assert not played.errors
    assert played.result.outcome == "normal"
    assert played.named("WebSocketMediaStarted")


@pytest.mark.parametrize("unit", ["None", "'call'", "{}", "5"])
def test_only_units_can_be_linked(play, unit):
    """Anything else is an error at its line."""
    played = play(f"""
        @on_started
        async def start(e):
            client = await connect()
            client.sendMediaTo({unit})
    """)
    (error,) = played.errors
    assert "sendMediaTo needs a media unit" in error["text"]
    assert error["line"] == 5


HEARD_BY_AGENT = """
    @on_call
    async def answer(e):
        first = e.call
        first.answer()
        client = await connect()
        second = VoxEngine.callPSTN("15550001111", "15550002222")
        client.sessionUpdate(session={{"turn_detection": None}})
        {links}
        setTimeout(VoxEngine.terminate, 6000)
"""
BOTH_TALK = """
caller: {steps: [{wait: 1500}, {say: First.}, {wait: 60000}]}
parties: [{match: "15550001111", answer_after_ms: 200, steps: [{wait: 2500}, {say: Second.}]}]
"""


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ("first.sendMediaTo(client); second.sendMediaTo(client)", ["Second."]),
        ("first.sendMediaTo(client, tag='a'); second.sendMediaTo(client, tag='a')", ["Second."]),
        (
            "first.sendMediaTo(client, tag='a'); second.sendMediaTo(client, tag='b')",
            ["First.", "Second."],
        ),
        ("first.sendMediaTo(client, tag='a'); first.sendMediaTo(client, tag='b')", ["First."]),
        (
            "first.sendMediaTo(client, tag='a'); first.sendMediaTo(client, tag='b');"
            " second.sendMediaTo(client, tag='b')",
            ["First.", "Second."],
        ),
    ],
)
def test_a_client_hears_one_stream_for_each_tag(play, links, words):
    """Without tags the newer link displaces the older; with different ones both are heard."""
    played = play(HEARD_BY_AGENT.format(links=links), caller=BOTH_TALK)
    heard = []
    for record in played.sent("input_audio_buffer.append"):
        heard += record["message"].get("words", [])
    assert heard == words


def test_the_same_seed_gives_the_same_bytes(play, tmp_path):
    """Journal, recording, trace and statistics of two runs, with resampling in both directions."""
    side = {"format": {"type": "audio/pcm", "rate": 24_000}}
    source = f"""
        @on_call
        async def answer(e):
            e.call.answer()
            client = await connect(trace=True, statistics=True)
            session = {{
                "turn_detection": {{"type": "server_vad"}},
                "audio": {{"input": {side!r}, "output": {side!r}}},
            }}
            on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session=session))
            on(client, "SessionUpdated", lambda ev: VoxEngine.sendMediaBetween(e.call, client))
            setTimeout(VoxEngine.terminate, 6000)
    """
    caller = "caller: {steps: [{wait: 800}, {say: Where am I now.}]}"
    first, second = (
        play(source, caller=caller, seed=7, again=name == "second", out=tmp_path / name)
        for name in ("first", "second")
    )
    files = files_of(first.result.out)
    assert {"journal.jsonl", "call-1.wav", "links/1.jsonl"} <= files.keys()
    assert files_of(second.result.out) == files
