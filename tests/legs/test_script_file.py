"""Caller scripts as files: what they mean, and what is said about wrong ones."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.errors import AudioFileError, DocumentError, InputError
from voxrt.legs import script, script_file, step_file
from voxrt.legs.builder import caller, party
from voxrt.legs.script_file import load_script, parse_script
from voxrt.legs.steps import MOST_CONFIDENT, identified_subtypes, identified_types
from voxrt.media.wav import WavWriter

ROOT = Path(__file__).parents[2]
WHOLE = """
caller:
  number: 15551234567
  name: Ann
  voice: en-us+f2
  type: sip
  rate_hz: 24000
  headers: {X-Campaign: spring}
  patience_ms: 20000
  then: hang_up
  steps:
    - wait_for: agent_turn
      for_ms: 900
      timeout_ms: 5000
      on_timeout: continue
    - say: Hello
      voice: caller
      speed: 1.5
    - wait: 500
    - barge_in: Stop
    - barge_in: {say: Stop now, after_ms: 300, voice: agent}
    - press: 012#
      kind: inband
    - press: 12
    - wait_for: event Call.PlaybackFinished
      after_ms: 100
    - message: hi
    - info: <x/>
      type: text/xml
      headers: {X-A: 1}
    - request: /hold
      content: now
      headers: {X-A: 1}
    - request:
      method: put
    - hang_up:
    - hang_up
parties:
  - match: +15550001
    name: Bob
    answer_after_ms: 4000
    ring_after_ms: 100
    steps:
      - say: Bob here
  - match: "*@example.com"
    kind: sip
    early_media: Please hold
    ring: false
  - match: carol
    no_answer: true
  - match: "1*"
    busy: true
  - match: "2*"
    fail: 404
    fail_after_ms: 50
"""


def test_a_script_means_what_the_builder_says():
    built = (
        caller(
            number="15551234567", name="Ann", voice="en-us+f2", client_type="sip", rate_hz=24_000,
            headers={"X-Campaign": "spring"}, patience_ms=20_000, then="hang_up",
        )
        .listen(for_ms=900, timeout_ms=5_000, on_timeout="continue")
        .say("Hello", voice="caller", speed=1.5)
        .wait(500)
        .barge_in("Stop")
        .wait_for("agent_speech", after_ms=300)
        .say("Stop now", voice="agent")
        .press("012#", kind="inband")
        .press("12")
        .wait_for("event", "Call.PlaybackFinished", after_ms=100)
        .message("hi")
        .info("<x/>", "text/xml", {"X-A": "1"})
        .request("/hold", "now", headers={"X-A": "1"})
        .request(method="put")
        .hang_up()
        .hang_up()
        .script(
            party("+15550001", name="Bob", answer_after_ms=4_000, ring_after_ms=100)
            .say("Bob here"),
            party("*@example.com", kind="sip", early_media="Please hold", rings=False),
            party("carol", no_answer=True),
            party("1*", busy=True),
            party("2*", fail=404, fail_after_ms=50),
        )
    )  # fmt: skip
    assert parse_script(WHOLE) == built


def test_parties_who_are_offline_or_announce_something_first():
    text = """
    parties:
      - {match: anna, offline: true, online_after_ms: 5000}
      - {match: ben, offline: true}
      - {match: "1*", early_media: Please hold, early_media_after_ms: 100}
    """
    built = caller().script(
        party("anna", offline=True, online_after_ms=5_000),
        party("ben", offline=True),
        party("1*", early_media="Please hold", early_media_after_ms=100),
    )
    assert parse_script(text) == built


def test_an_answering_machine():
    text = """
    - voicemail: Not here.
      voice: agent
      pause_ms: 100
      beep_hz: 1400
      beep_ms: 300
    - voicemail: Me neither.
    - beep: 200
      hz: 900
    - beep:
    - say: What?
      unclear: 0.5
    - barge_in: {say: Stop, unclear: 1}
    """
    built = (
        caller()
        .voicemail("Not here.", voice="agent", pause_ms=100, beep_hz=1400, beep_ms=300)
        .voicemail("Me neither.")
        .beep(200, hz=900)
        .beep()
        .say("What?", unclear=0.5)
        .wait_for("agent_speech", after_ms=400)
        .say("Stop", unclear=1)
        .script()
    )
    assert parse_script(text) == built
    kinds = [type(step).__name__ for step in built.caller.steps[:3]]
    assert kinds == ["Say", "Wait", "Beep"]


def test_a_list_is_the_callers_steps():
    assert parse_script("- say: Hello\n- hang_up") == caller().say("Hello").hang_up().script()


def test_yaml_reads_keys_as_they_are_written():
    read = parse_script("- press: 012\n- say: no\n- say: 12:30\n")
    assert read == caller().press("012").say("no").say("12:30").script()


def test_sounds_lie_beside_the_script(tmp_path):
    with WavWriter(tmp_path / "hello.wav", 8_000) as writer:
        writer.append(bytes(1_600))
    path = tmp_path / "caller.yaml"
    path.write_text(
        "caller: {steps: [{play: hello.wav, text: hi}, {barge_in: {play: hello.wav}}]}\n"
        "parties: [{match: x, early_media: hello.wav}]"
    )
    script = load_script(path)
    assert script.caller.steps[0].sound.phrases[0].text == "hi"
    assert script.caller.steps[2].sound.name == "hello.wav"
    assert script.parties[0].early_media.name == "hello.wav"


def test_a_recording_is_a_script(tmp_path):
    with WavWriter(tmp_path / "call.wav", 8_000) as writer:
        writer.append(bytes(1_600))
    script = load_script(tmp_path / "call.wav")
    assert [type(step).__name__ for step in script.caller.steps] == ["Play", "Wait", "HangUp"]
    with pytest.raises(AudioFileError, match=r"no\.wav: there is no such file"):
        load_script(tmp_path / "no.wav")


def test_a_python_file_sets_script(tmp_path):
    path = tmp_path / "caller.py"
    path.write_text(
        "from voxrt.legs.builder import caller\nscript = caller().say('Hello').script()\n"
    )
    assert load_script(path) == caller().say("Hello").script()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = (", "caller.py:1: not valid Python: '(' was never closed"),
        ("\nx = 1 / 0", "caller.py:2: ZeroDivisionError: division by zero"),
        ("script = 1", "caller.py: it does not set `script` to a caller's script End it with"),
    ],
)
def test_a_wrong_python_file_is_told_with_its_line(text, message, tmp_path):
    (tmp_path / "caller.py").write_text(text)
    with pytest.raises(DocumentError) as caught:
        load_script(tmp_path / "caller.py")
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["caller.yaml", "caller.py"])
def test_a_missing_file_is_named(name, tmp_path):
    with pytest.raises(DocumentError, match=f"{name}: there is no such file"):
        load_script(tmp_path / name)


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(DocumentError, match=r"a caller is a \.yaml, \.py or \.wav file, not `\.tx"):
        load_script(tmp_path / "caller.txt")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "c.yaml:1:1: the script is empty"),
        ("hello", "c.yaml:1:1: a script must be a mapping of keys, but is text (hello)"),
        ("steps: []", "c.yaml:1:8: steps: a script has no key `steps`. "
         "Known are: caller, callers, parties."),
        ("calers: {}", "c.yaml:1:9: calers: a script has no key `calers`. "
         "Did you mean `callers`?"),
        ("callers: {}", "c.yaml:1:10: callers: must be a list, but is a mapping"),
        ("callers: [{after: 1}]", "c.yaml:1:19: callers[0].after: a further caller has no key "
         "`after`. Did you mean `after_ms`?"),
        ("caller: {to: 1}", "c.yaml:1:14: caller.to: the caller has no key `to`."),
        ("caller: {numbr: 1}", "c.yaml:1:17: caller.numbr: the caller has no key `numbr`. "
         "Did you mean `number`?"),
        ("caller: {type: phone}", "c.yaml:1:16: caller.type: must be pstn, sip, user or wab, "
         "but is text (phone)"),
        ("caller: {rate_hz: 44100}", "c.yaml:1:19: caller.rate_hz: must be one of (8000, 16000, "
         "24000, 48000), but is a number (44100)"),
        ("caller: {steps: 1}", "c.yaml:1:17: caller.steps: must be a list, but is a number (1)"),
        ("- sai: hi", "c.yaml:1:8: [0].sai: there is no step `sai`. Did you mean `say`?"),
        ("- {}", "c.yaml:1:3: [0]: there is no step ``. Known are: barge_in, beep, hang_up, hold, "
         "identify, info, message, mute, play, press, reinvite, request, resume_rtp, say, "
         "statistics, stop_rtp, tone, transfer, unhold, unmute, voicemail, wait, wait_for, "
         "websocket."),
        ("- hello", "c.yaml:1:3: [0]: a step is a mapping such as `say: Hello`, or `hang_up`, "
         "but this is text (hello)"),
        ("- say: hi\n  press: 1", "c.yaml:1:3: [0]: a step does one thing, and this one does two: "
         "`say` and `press`"),
        ("- say: hi\n  sped: 1", "c.yaml:2:9: [0].sped: the step `say` has no key `sped`. "
         "Did you mean `speed`?"),
        ("- say: hi\n  speed: 9", "c.yaml:2:10: [0].speed: must be a number from 0.25 to 4.0, "
         "but is a number (9)"),
        ('- say: " "', "c.yaml:1:8: [0].say: there is nothing to say"),
        ("- say: 1.50", "c.yaml:1:8: [0].say: must be text, but is a number (1.5) "
         "Put it in quotes."),
        ("- say:", "c.yaml:1:7: [0].say: must be text, but is empty"),
        ("- wait: 1s", "c.yaml:1:9: [0].wait: must be a whole number from 0 to 3600000, but is "
         "text (1s)"),
        ("- wait_for: agent", "c.yaml:1:13: [0].wait_for: nothing to wait for is called `agent`. "
         "Did you mean `agent_turn`?"),
        ("- wait_for: event", "c.yaml:1:13: [0].wait_for: must be `event NAME`"),
        ("- wait_for: answer now", "c.yaml:1:13: [0].wait_for: `now` is too much"),
        ("- wait_for: answer\n  on_timeout: stop", "c.yaml:2:15: [0].on_timeout: must be hang_up "
         "or continue, but is text (stop)"),
        ("- barge_in: {after_ms: 1}", "c.yaml:1:13: [0].barge_in: a barge-in needs the key `say` "
         "or `play`"),
        ("- barge_in: {say: a, play: b}", "c.yaml:1:13: [0].barge_in: a barge-in cannot have "
         "`say` and `play` together"),
        ("- barge_in: {say: a}\n  after_ms: 1", "c.yaml:2:13: [0].after_ms: belongs inside the "
         "barge-in, with `say`"),
        ("- press: 1x", "c.yaml:1:10: [0].press: must be digits, `*`, `#`, `A` to `D` and `p` for "
         "a pause, but is text (1x)"),
        ("- press: 1\n  kind: rfc", "c.yaml:2:9: [0].kind: must be rfc2833, info or inband, but "
         "is text (rfc)"),
        ("- hang_up: now", "c.yaml:1:12: [0].hang_up: `hang_up` has no value, but this is text "
         "(now) Write just: - hang_up"),
        ("- hold: 5", "c.yaml:1:9: [0].hold: `hold` has no value, but this is a number (5) "
         "Write just: - hold"),
        ("- unhod", "c.yaml:1:3: [0]: a step is a mapping such as `say: Hello`, or `hang_up`, "
         "but this is text (unhod)"),
        ("- tone: []", "c.yaml:1:9: [0].tone: a tone has one to 4 frequencies, not 0"),
        ("- tone: [1, 2]", "c.yaml:1:10: [0].tone[0]: must be a whole number from 50 to 3900, but "
         "is a number (1)"),
        ("- tone: high", "c.yaml:1:9: [0].tone: must be a whole number from 50 to 3900, but is "
         "text (high)"),
        ("- tone: 440\n  ms: 0", "c.yaml:2:7: [0].ms: must be a whole number from 1 to 60000, but "
         "is a number (0)"),
        ('- transfer: " "', "c.yaml:1:13: [0].transfer: must be a number, a user or a SIP "
         "address"),
        ("- transfer: 5\n  to: 6", "c.yaml:2:7: [0].to: the step `transfer` has no key `to`."),
        ("- reinvite:\n  timeout_ms: 0", "c.yaml:2:15: [0].timeout_ms: must be a whole number "
         "from 1 to 3600000, but is a number (0)"),
        ("- identify: VOICEMAL", "c.yaml:1:13: [0].identify: nothing is identified as `VOICEMAL`. "
         "Did you mean `VOICEMAIL`?"),
        ("- identify: voicemail", "c.yaml:1:13: [0].identify: nothing is identified as "
         "`voicemail`. Did you mean `VOICEMAIL`?"),
        ("- identify: person", "c.yaml:1:13: [0].identify: nothing is identified as `person`. "
         "Known are: CALL_ENDED, HUMAN, TIMEOUT, VOICEMAIL, error."),
        ("- identify:", "c.yaml:1:12: [0].identify: must be text, but is empty"),
        ("- identify: HUMAN\n  subtype: MIMI", "c.yaml:2:12: [0].subtype: must be MIMIC or NONE, "
         "but is text (MIMI)"),
        ("- identify: HUMAN\n  confidence: 101", "c.yaml:2:15: [0].confidence: must be a number "
         "from 0 to 100, but is a number (101)"),
        ("- identify: error\n  confidence: 90", "c.yaml:2:15: [0].confidence: belongs to a result, "
         "and `error` has none"),
        ("- statistics: on", "c.yaml:1:15: [0].statistics: `statistics` has no value, but this is "
         "text (on) Write just: - statistics"),
        ("parties: [{match: a, fail: engaged}]", "c.yaml:1:28: parties[0].fail: no failure is "
         "called `engaged`."),
        ("parties: [{match: a, reason: no}]", "c.yaml:1:30: parties[0].reason: goes with `busy` "
         "or `fail` only"),
        ("caller: {transfer_fails: 200}", "c.yaml:1:26: caller.transfer_fails: must be a whole "
         "number from 300 to 699, but is a number (200)"),
        ("- play: no.wav", "c.yaml:1:9: [0].play: no.wav: there is no such file"),
        ("parties: [{}]", "c.yaml:1:11: parties[0]: a party needs the key `match`"),
        ("parties: [{match: a, busy: true, fail: 404}]", "c.yaml:1:11: parties[0]: a party cannot "
         "have `busy` and `fail` together"),
        ("parties: [{match: a, fail: 200}]", "c.yaml:1:28: parties[0].fail: must be a whole "
         "number from 300 to 699, but is a number (200)"),
        ("parties: [{match: a, fail_after_ms: 1}]", "c.yaml:1:37: parties[0].fail_after_ms: goes "
         "with `busy` or `fail` only"),
        ("parties: [{match: a, early_media_after_ms: 1}]", "c.yaml:1:44: "
         "parties[0].early_media_after_ms: goes with `early_media` only"),
        ("parties: [{match: a, online_after_ms: 1}]", "c.yaml:1:39: parties[0].online_after_ms: "
         "goes with `offline` only"),
        ("parties: [{match: a, busy: yes}]", "c.yaml:1:28: parties[0].busy: must be true or "
         "false, but is text (yes)"),
        ("caller: {video: true}", "c.yaml:1:17: caller.video: goes with `type: sip` and "
         "`type: user` only"),
        ("parties: [{match: a, kind: wab, video: true}]", "c.yaml:1:40: parties[0].video: goes "
         "with `kind: sip` and `kind: user` only"),
        ("- say: [", "c.yaml:1:9: not valid YAML: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text, message, tmp_path):
    with pytest.raises(DocumentError) as caught:
        parse_script(text, file="c.yaml")
    assert str(caught.value).startswith(message)


yaml_values = st.recursive(
    st.sampled_from(["", "hi", "1", "0.5", "true", "hang_up", "agent_turn", "event X", "pstn"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(
                [*step_file.STEP_KEYS, *script_file.CALLER_KEYS, *script_file.PARTY_KEYS,
                 *script_file.SCRIPT_KEYS]
            ),
            inner, max_size=3,
        ).map(lambda items: "{" + ", ".join(f"{k}: {v}" for k, v in items.items()) + "}"),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200)
@given(yaml_values)
def test_any_document_is_a_script_or_one_clear_message(text):
    try:
        parse_script(text, file="c.yaml")
    except DocumentError as error:
        assert str(error).startswith("c.yaml:")  # noqa: PT017


def test_requests_are_read():
    text = """
    caller:
      transfer_fails: declined
      reinvite_fails: 488
      steps:
        - hold
        - unhold:
        - mute
        - unmute
        - stop_rtp
        - resume_rtp
        - tone: 1000
        - tone: [440, 480]
          ms: 2000
        - transfer: 15557654321
          headers: {X-A: 1}
          timeout_ms: 5000
          on_timeout: continue
        - reinvite:
        - reinvite: "{}"
          type: application/json
        - wait_for: transfer
        - wait_for: reinvite
        - wait_for: info
    """
    want = caller(transfer_fails=603, reinvite_fails=488).hold().unhold().mute().unmute()
    want.stop_rtp().resume_rtp().tone(1000).tone(440, 480, ms=2000)
    want.transfer("15557654321", {"X-A": "1"}, timeout_ms=5000, on_timeout="continue")
    want.reinvite().reinvite("{}", "application/json")
    want.wait_for("transfer").wait_for("reinvite").wait_for("info")
    assert parse_script(text).caller == want.person


def test_what_hidden_services_tell_is_read():
    text = """
    - identify: VOICEMAIL
    - identify: HUMAN
      subtype: MIMIC
      confidence: 62.5
    - identify: error
    - statistics
    """
    want = caller().identify("VOICEMAIL", subtype="NONE", confidence=100)
    want.identify("HUMAN", subtype="MIMIC", confidence=62.5).identify("error").statistics()
    assert parse_script(text) == want.script()


@pytest.mark.parametrize(
    ("audio_type", "about", "message"),
    [
        ("VOICEMIAL", {}, "nothing is identified as `VOICEMIAL`. Did you mean `VOICEMAIL`?"),
        (7, {}, "nothing is identified as `7`. Known are: CALL_ENDED, HUMAN, TIMEOUT, VOICEMAIL, "
         "error."),
        ("HUMAN", {"subtype": "MIMICK"}, "nothing is identified as `MIMICK`. Did you mean "
         "`MIMIC`?"),
        ("HUMAN", {"confidence": -1}, "the confidence must be from 0 to 100, but is -1"),
    ],
)  # fmt: skip
def test_the_builder_knows_what_can_be_identified(audio_type, about, message):
    with pytest.raises(InputError) as caught:
        caller().identify(audio_type, **about)
    assert f"{caught.value.message} {caught.value.hint}".rstrip() == message


def test_parties_are_read():
    text = """
    parties:
      - {match: a, fail: declined, reason: no thanks, fail_after_ms: 5}
      - {match: b, fail: unavailable}
      - {match: c, kind: wab, forwarded_after_ms: 50, headers: {X-A: b}}
      - {match: d, busy: true, reason: Engaged}
    """
    assert parse_script(text).parties == tuple(
        steps.person
        for steps in (
            party("a", fail="declined", reason="no thanks", fail_after_ms=5),
            party("b", fail=480),
            party("c", kind="wab", forwarded_after_ms=50, headers={"X-A": "b"}),
            party("d", busy=True, reason="Engaged"),
        )
    )


def test_cameras_are_read():
    text = """
    caller: {type: user, video: true}
    callers: [{type: sip, video: true}]
    parties: [{match: anna, video: true}, {match: bob, kind: sip, video: true}]
    """
    built = caller(client_type="user", video=True).script(
        caller(client_type="sip", video=True),
        party("anna", video=True),
        party("bob", kind="sip", video=True),
    )
    assert parse_script(text) == built


def schema():
    return json.loads((files("voxrt.legs") / "caller.schema.json").read_text())


def test_the_schema_has_the_keys_that_are_read():
    definitions = schema()["$defs"]
    assert set(definitions["caller"]["properties"]) == set(script_file.CALLER_KEYS)
    assert set(definitions["further_caller"]["properties"]) == set(script_file.FURTHER_KEYS)
    assert set(definitions["party"]["properties"]) == set(script_file.PARTY_KEYS)
    steps = {
        item["required"][0]: set(item["properties"])
        for item in definitions["step"]["oneOf"]
        if "required" in item
    }
    assert steps == {verb: {verb, *keys} for verb, keys in step_file.STEP_KEYS.items()}
    inner = definitions["step"]["oneOf"][5]["properties"]["barge_in"]["oneOf"][1]
    assert set(inner["properties"]) == {"say", "play", "text", *step_file.STEP_KEYS["barge_in"]}


def test_the_schema_has_the_words_that_are_read():
    definitions = schema()["$defs"]
    steps = {i["required"][0]: i["properties"] for i in definitions["step"]["oneOf"][1:]}
    words = definitions["step"]["oneOf"][0]["enum"]
    assert words == list(step_file.WORDS)
    assert definitions["failure"]["oneOf"][1]["enum"] == list(script.FAILURES)
    assert definitions["caller"]["properties"]["type"]["enum"] == list(script_file.CLIENT_TYPES)
    assert definitions["rate_hz"]["enum"] == list(script_file.CORE_RATES_HZ)
    assert steps["press"]["kind"]["enum"] == list(step_file.DIGIT_KINDS)
    assert definitions["expect"]["enum"] == list(get_args(script.Expected))
    assert steps["identify"]["identify"]["enum"] == list(identified_types())
    assert set(steps["identify"]["subtype"]["enum"]) == set(identified_subtypes())
    assert steps["identify"]["confidence"]["maximum"] == MOST_CONFIDENT
    waits = steps["wait_for"]["wait_for"]["pattern"]
    assert re.findall(r"[a-z_]+", waits.replace("\\S", "")) == list(step_file.CONDITIONS)


@pytest.mark.parametrize("language", ["yaml", "python"])
def test_the_examples_of_the_documentation_work(language, tmp_path):
    text = (ROOT / "docs" / "caller-script.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        path = tmp_path / ("caller.py" if language == "python" else "caller.yaml")
        path.write_text(block)
        assert load_script(path).caller.steps


#: An example of every option of a step, in YAML and in Python.
OPTIONS = {
    "voice": "agent", "speed": 1.5, "unclear": 0.5, "pause_ms": 7, "beep_hz": 500, "beep_ms": 70,
    "for_ms": 90, "after_ms": 11, "timeout_ms": 99, "on_timeout": "continue", "ms": 60, "hz": 440,
}  # fmt: skip
VALUES = {
    "say": "Hello", "voicemail": "Hello", "beep": 90, "wait": 90, "wait_for": "agent_speech",
    "barge_in": "No", "press": "12#", "message": "hi", "tone": 440, "transfer": "1555",
}  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "option"),
    [(verb, key) for verb in VALUES for key in step_file.STEP_KEYS[verb] if key in OPTIONS],
)
def test_the_builder_takes_the_options_of_yaml(verb, option):
    value = OPTIONS[option]
    written = parse_script(f"- {verb}: {VALUES[verb]}\n  {option}: {value}")
    assert getattr(caller(), verb)(VALUES[verb], **{option: value}).script() == written
