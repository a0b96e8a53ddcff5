"""`Conference`: who hears whom, endpoints, events in order, and what goes wrong."""

from __future__ import annotations

import pytest
from attrs import evolve
from room import BEGINS_MS, LAST_MS, TOGETHER_MS, TONES_HZ, hears, nobody, people, room

LEFT, RIGHT = 0, 1
#: A stretch in the middle of the second in which all three speak.
ALL_MS = (800, 1_000)
MIXED = """
def joined(name, call):
    global conference
    if conference is None:
        conference = VoxEngine.createConference()
        watch_conference(conference)
    VoxEngine.sendMediaBetween(call, conference)
"""
ADDED = """
def joined(name, call):
    global conference
    if conference is None:
        conference = VoxEngine.createConference({"hd_audio": True})
        watch_conference(conference)
    conference.add(call=call, mode="MIX", direction="BOTH", displayName=name)
"""


@pytest.fixture
def meet(play, tone_file):
    """Plays a scenario with the three people; the journal's folder has a file for each."""

    def run(body, *names, begins_ms=TOGETHER_MS, last_ms=LAST_MS, setup=None, **about):
        def prepare(run):
            run.context.video_conference = True
            if setup is not None:
                setup(run)

        return play(
            room(body, *names, last_ms=last_ms),
            nobody(),
            *people(tone_file, begins_ms, **about),
            start=True,
            setup=prepare,
        )

    return run


def heard_by(played, number, stretch=ALL_MS):
    return hears(played.out / f"call-{number + 1}.wav", RIGHT, *stretch)


def told(played):
    """The conference's events, with whom they are about."""
    return [
        (event.name.removeprefix("Conference."), event.endpoint and event.endpoint.id())
        for event in played.scope["told"]
    ]


def test_each_hears_the_others_and_not_itself(meet):
    played = meet(MIXED)
    assert played.errors == []
    for number, name in enumerate(TONES_HZ):
        assert heard_by(played, number) == set(TONES_HZ) - {name}
        assert hears(played.out / f"call-{number + 1}.wav", LEFT, *ALL_MS) == {name}


def test_one_after_another(meet):
    """While one speaks, the others hear exactly that one, and the one hears nothing."""
    played = meet(MIXED, begins_ms=BEGINS_MS)
    for speaker, begins_ms in BEGINS_MS.items():
        for number, name in enumerate(TONES_HZ):
            found = heard_by(played, number, (begins_ms + 300, begins_ms + 500))
            assert found == ({speaker} if name != speaker else set())


@pytest.mark.parametrize("rates", [(8_000, 16_000, 48_000)])
def test_at_different_rates(play, tone_file, rates):
    parties = people(tone_file, TOGETHER_MS)
    for one, rate_hz in zip(parties, rates, strict=True):
        one.person = evolve(one.person, rate_hz=rate_hz)
    played = play(room(MIXED), nobody(), *parties, start=True)
    for number, name in enumerate(TONES_HZ):
        assert heard_by(played, number) == set(TONES_HZ) - {name}


def test_a_listener_hears_all_and_is_not_heard(meet):
    """Listening in: only the conference sends to the third."""
    body = MIXED.replace(
        "    VoxEngine.sendMediaBetween(call, conference)",
        "    if name != 'cid': call.sendMediaTo(conference)\n    conference.sendMediaTo(call)",
    )
    played = meet(body)
    assert heard_by(played, 2) == {"ann", "bob"}
    assert heard_by(played, 0) == {"bob"}


def test_muting_one_by_stopping_its_media(meet):
    body = MIXED + "\n    setTimeout(lambda: calls['bob'].stopMediaTo(conference), 900)"
    played = meet(body)
    assert heard_by(played, 0, (600, 800)) == {"bob", "cid"}
    assert heard_by(played, 0, (1_100, 1_300)) == {"cid"}
    assert heard_by(played, 1, (1_100, 1_300)) == {"ann", "cid"}


def test_a_player_is_heard_by_all(meet, tone_file):
    tone_file("gong.wav", 1_000, hz=TONES_HZ["ann"])
    body = (
        MIXED
        + """
    if name == "cid":
        VoxEngine.createURLPlayer("gong.wav").sendMediaTo(conference)
"""
    )
    played = meet(body, "bob", "cid")
    assert heard_by(played, 0, (300, 400)) == {"ann"}
    assert heard_by(played, 1, (300, 400)) == {"ann"}


def test_another_stream_takes_a_member_out_of_the_mix(meet):
    """A call hears one stream: what it is told displaces the conference, for good."""
    body = MIXED + "\n    if name == 'ann': setTimeout(lambda: call.say('Excuse me.'), 100)"
    played = meet(body)
    assert heard_by(played, 0, (1_300, 1_450)) == set()
    assert heard_by(played, 1) == {"ann", "cid"}


def test_events_of_a_mixer(meet):
    played = meet(MIXED + "\n    setTimeout(conference.stop, 2000)")
    assert [event for event, _ in told(played)] == ["Started", "Stopped"]


def test_events_of_endpoints_in_order(meet):
    body = (
        ADDED
        + """
    if name == "cid":
        setTimeout(lambda: calls["bob"].hangup(), 500)
        calls["bob"].addEventListener(CallEvents.Disconnected, told.append)
        setTimeout(conference.stop, 1000)
"""
    )
    played = meet(body)
    assert played.errors == []
    events = [event.name for event in played.scope["told"]]
    assert events == [
        "Conference.Started",
        *["Conference.EndpointAdded"] * 3,
        "Call.Disconnected",
        *["Conference.EndpointRemoved"] * 3,
        "Conference.Stopped",
    ]
    added, removed = played.scope["told"][1:4], played.scope["told"][5:8]
    assert [event.endpoint.getCall().number() for event in added] == ["ann", "bob", "cid"]
    assert [event.endpoint.getCall().number() for event in removed] == ["bob", "ann", "cid"]
    for event in (*added, *removed):
        assert (event.mode, event.direction) == ("MIX", "BOTH")
        assert event.endpointId == event.endpoint.id()
        assert event.conference is played.scope["conference"]


def test_endpoints_hear_the_others(meet):
    played = meet(ADDED)
    for number, name in enumerate(TONES_HZ):
        assert heard_by(played, number) == set(TONES_HZ) - {name}


@pytest.mark.parametrize(
    ("direction", "speaks", "listens"),
    [("SEND", True, False), ("RECEIVE", False, True), ("BOTH", True, True), (0, True, False)],
)
def test_directions(meet, direction, speaks, listens):
    body = ADDED.replace('"BOTH"', f"{direction!r} if name == 'cid' else 'BOTH'")
    played = meet(body)
    assert heard_by(played, 0) == ({"bob", "cid"} if speaks else {"bob"})
    assert heard_by(played, 2) == ({"ann", "bob"} if listens else set())
    last = played.scope["told"][-1].endpoint
    assert last.getDirection() == {0: "SEND"}.get(direction, direction)


def test_adding_a_call_again_changes_it(meet):
    body = (
        ADDED
        + """
    if name == "cid":
        setTimeout(lambda: told.append(conference.add(call=call, mode=1, direction=1)), 900)
"""
    )
    played = meet(body)
    *_, again, updated = played.scope["told"][:6]
    assert updated.name == "Conference.EndpointUpdated"
    assert updated.endpoint is again
    assert (updated.mode, updated.direction) == ("FORWARD", "RECEIVE")
    assert len(played.scope["conference"].getList()) == 0  # the session is over
    assert heard_by(played, 0, (600, 800)) == {"bob", "cid"}
    assert heard_by(played, 0, (1_100, 1_300)) == {"bob"}
    assert heard_by(played, 2, (1_100, 1_300)) == {"ann", "bob"}


def test_the_list(meet):
    body = (
        ADDED
        + """
    ids = [one.id() for one in conference.getList()]
    Logger.write(f"{len(ids)} {conference.get(ids[-1]).getCall().number()} {conference.get('x')}")
"""
    )
    assert meet(body).log == ["1 ann None", "2 bob None", "3 cid None"]


def test_display_name(meet):
    body = ADDED + "\n    if name == 'cid': conference.getList()[0].setDisplayName('Annabel')"
    played = meet(body)
    updated = played.scope["told"][-1]
    assert updated.name == "Conference.EndpointUpdated"
    assert updated.endpoint.toJSON() == {
        "id": updated.endpointId,
        "mode": "MIX",
        "direction": "BOTH",
        "displayName": "Annabel",
    }


MANAGED = (
    ADDED
    + """
    if name == "cid":
        ann, bob, cid = conference.getList()
        async def manage():
            await ann.manageEndpoint(WISHES)
            Logger.write("managed")
        setTimeout(manage, 900)
"""
)


@pytest.mark.parametrize(
    ("wishes", "heard"),
    [
        ("{bob.id(): {'audio': []}}", {"cid"}),
        ("{'all': {'audio': []}}", set()),
        ("{'all': {'audio': []}, cid.id(): {'audio': ['default']}}", {"cid"}),
        ("{'new': {'audio': []}}", {"bob", "cid"}),
        ("{bob.id(): {'video': []}}", {"bob", "cid"}),
    ],
)
def test_manage_endpoint(meet, wishes, heard):
    played = meet(MANAGED.replace("WISHES", wishes))
    assert played.errors == []
    assert heard_by(played, 0, (600, 800)) == {"bob", "cid"}
    assert heard_by(played, 0, (1_100, 1_300)) == heard
    assert heard_by(played, 1, (1_100, 1_300)) == {"ann", "cid"}
    managed = played.scope["told"][4]
    assert managed.name == "Conference.EndpointManaged"
    assert managed.endpoint is played.scope["told"][1].endpoint
    assert played.log == ["managed"]


def test_manage_endpoint_does_not_bring_back_what_was_displaced(meet):
    body = MANAGED.replace("WISHES", "{bob.id(): {'audio': []}}").replace(
        'Logger.write("managed")', "pass"
    )
    body += "        calls['ann'].say('One moment.')\n"
    played = meet(body)
    assert played.errors == []
    assert heard_by(played, 0, (1_300, 1_450)) == set()


def test_newcomers_are_not_heard_when_not_wanted(meet):
    body = ADDED.replace(
        "displayName=name", "displayName=name, receiveParameters={'new': {'audio': []}}"
    )
    played = meet(body)
    assert [heard_by(played, number) for number in range(3)] == [set(), {"ann"}, {"ann", "bob"}]


def test_manage_endpoint_of_an_unknown_one_is_told(meet):
    played = meet(MANAGED.replace("WISHES", "{'nobody': {'audio': []}}"))
    assert ("ignored", "manageEndpoint: there is no endpoint 'nobody' in the conference") in (
        played.warnings
    )
    assert heard_by(played, 0, (1_100, 1_300)) == {"bob", "cid"}


# --- what goes wrong ----------------------------------------------------------------------------


def test_add_needs_the_flag_of_the_rule(play, tone_file):
    """Error 102 comes later, and the endpoint is not let in."""
    played = play(room(ADDED, "ann"), nobody(), *people(tone_file), start=True)
    (started, error) = played.scope["told"]
    assert (error.name, error.code) == ("Conference.Error", 102)
    assert error.error
    assert error.endpointId
    assert started.name == "Conference.Started"


def test_too_many_endpoints(meet):
    def two(run):
        run.session.limits = evolve(run.session.limits, conference_endpoints=2)

    played = meet(ADDED, setup=two)
    error = played.scope["told"][-1]
    assert (error.name, error.code) == ("Conference.Error", 101)
    assert heard_by(played, 0) == {"bob"}


def test_add_of_a_call_that_has_ended(meet):
    body = ADDED.replace("    conference.add", "    call.hangup()\n    conference.add")
    played = meet(body, "ann")
    assert [event.code for event in played.scope["told"]] == [None, 103]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("conference.add()", "Conference.add needs a call, not undefined"),
        ("conference.add({'call': conference})", "Conference.add needs a call, not a Conference"),
        ("conference.add(call=call, mode='mix')", "mode must be MIX, FORWARD, not 'mix'"),
        ("conference.add(call=call, direction=3)", "must be SEND, RECEIVE, BOTH, not 3"),
        ("conference.add(call=call).manageEndpoint({'all': 1})", "all must be an object"),
        ("conference.add(call=call).manageEndpoint({'all': {'audio': 1}})", "must be an array"),
        ("VoxEngine.destroyConference()", "destroyConference needs a Conference, not undefined"),
        ("conference.remove(call)", "Conference.remove"),
        ("conference.sendMediaTo(1)", "needs a media unit"),
    ],
)
def test_wrong_arguments(meet, code, text):
    body = MIXED + f"\n    {code}"
    (error,) = meet(body, "ann").errors
    assert text in error


@pytest.mark.parametrize("end", ["conference.stop()", "VoxEngine.destroyConference(conference)"])
def test_destroyed_while_people_talk(meet, end):
    """The calls go on in silence; a second time does nothing."""
    body = (
        MIXED
        + f"""
    if name == "cid":
        setTimeout(lambda: ({end}, {end}), 900)
"""
    )
    played = meet(body)
    assert played.errors == []
    for number, name in enumerate(TONES_HZ):
        assert heard_by(played, number, (600, 800)) == set(TONES_HZ) - {name}
        assert heard_by(played, number, (1_100, 1_300)) == set()
    assert [event.name for event in played.scope["told"]].count("Conference.Stopped") == 1
    assert played.events().count("Disconnected") == 3  # at the end of the session


def test_what_is_asked_of_a_stopped_conference_is_told(meet):
    body = (
        ADDED
        + """
    conference.stop()
    call.sendMediaTo(conference)
    conference.sendMediaTo(call)
    conference.add(call=call)
"""
    )
    played = meet(body, "ann")
    assert played.errors == []
    assert [text for _, text in played.warnings] == [
        "sendMediaTo: this Conference has been stopped, nothing is sent to it",
        "sendMediaTo: this Conference sends no audio, or has ended",
        "add: the conference has been stopped",
    ]


@pytest.mark.parametrize("stop_ms", [0, 1, 19, 20, 21, 40, 500, 1_000])
def test_stop_at_every_moment(meet, stop_ms):
    body = ADDED + f"\n    if name == 'ann': setTimeout(conference.stop, {stop_ms})"
    played = meet(body)
    assert played.errors == []
    names = [event.name for event in played.scope["told"]]
    assert names[0] == "Conference.Started"
    assert names[-1] == "Conference.Stopped"
    assert names.count("Conference.EndpointAdded") == names.count("Conference.EndpointRemoved")


def test_the_end_of_the_session_is_only_written_down(meet):
    played = meet(ADDED)
    assert "Conference.Stopped" not in [event.name for event in played.scope["told"]]
    (stopped,) = played.of("event", name="Conference.Stopped")
    assert stopped["handlers"] == 0


def test_without_require(play):
    scenario = """
    def on_start(e):
        Logger.write(VoxEngine.createConference().id() != "")
        try:
            Conference
        except NameError as error:
            Logger.write(error)
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, nobody(), start=True)
    assert played.log == ["true", "name 'Conference' is not defined"]
    assert played.warnings[0] == (
        "module",
        "createConference: the platform may not have it without require(Modules.Conference)",
    )


def test_an_agent_does_not_hear_itself(play):
    """A client speaks and listens at two ports, and is one member all the same."""
    scenario = """
    require(Modules.Conference)
    require(Modules.Grok)
    async def on_call(e):
        call = e.call
        call.answer()
        client = await Grok.createVoiceAgentAPIClient(xAIApiKey="key", model="m")
        conference = VoxEngine.createConference()
        VoxEngine.sendMediaBetween(call, conference)
        VoxEngine.sendMediaBetween(client, conference)
        session = {"turn_detection": {"type": "server_vad"}}
        events = Grok.VoiceAgentAPIEvents
        client.addEventListener(
            events.ConversationCreated, lambda e: client.sessionUpdate({"session": session})
        )
        client.addEventListener(events.SessionUpdated, lambda e: client.responseCreate({}))
        for name in ("InputAudioBufferSpeechStarted", "ResponseCreated"):
            client.addEventListener(Grok.VoiceAgentAPIEvents[name], seen.append)
        setTimeout(VoxEngine.terminate, 5000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario)
    assert played.errors == []
    assert played.heard("caller")
    assert [event.name.rpartition(".")[2] for event in played.seen] == ["ResponseCreated"]


def test_in_javascript(play_js):
    played = play_js(
        """
        require(Modules.Conference);
        VoxEngine.addEventListener(AppEvents.Started, () => {
          const conf = VoxEngine.createConference();
          conf.addEventListener(ConferenceEvents.Started, (e) => {
            Logger.write(`${e.name} ${e.conference === conf} ${conf instanceof Conference}`);
            Logger.write(`${ConferenceMode.MIX} ${ConferenceDirection.BOTH} ${typeof conf.remove}`);
            VoxEngine.destroyConference(conf);
          });
          conf.addEventListener(ConferenceEvents.Stopped, () => VoxEngine.terminate());
          const call = VoxEngine.callUser({username: 'ann', callerid: 'room'});
          const endpoint = conf.add({call, mode: 'MIX', direction: 'BOTH', displayName: 'Ann'});
          conf.addEventListener(ConferenceEvents.ConferenceError, (e) => {
            const same = endpoint.getCall() === call;
            Logger.write(`${e.code} ${e.endpointId === endpoint.id()} ${same}`);
          });
        });
        """,
        start=True,
    )
    assert played.errors == []
    assert played.logs == ["Conference.Started true true", "MIX BOTH undefined", "102 true true"]
