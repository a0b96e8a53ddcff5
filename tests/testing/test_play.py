"""Conversation files played: what passes, what fails, at which line, and for which reasons."""

from __future__ import annotations

import pytest

GOOD = """
scenario: echo.py
conversation:
  - hear: Welcome. Press a key.
  - press: 5
  - log: key 5
  - hear: You pressed 5
    from: player
  - press: 0
  - hung_up
expect:
  - in_order: [{log: key 5}, {hear: You pressed, within_ms: 500}, {log: key 0}]
  - log: key
    count: 2
  - absent: {event: Call.Failed}
  - longest_response_ms: {least: 0}
"""


def failures(verdict):
    return [(failure.place.rpartition(":")[2], failure.text) for failure in verdict.failures]


def test_a_conversation_that_holds_passes(played):
    verdict = played(GOOD.replace("  - longest_response_ms: {least: 0}\n", ""))
    assert failures(verdict) == []
    assert verdict.passed
    assert verdict.duration_ms > 3000


def test_a_figure_of_what_did_not_happen_fails(played):
    """Nobody spoke, so nothing was answered: a bound that cannot be broken is no test."""
    ((line, text),) = failures(played(GOOD))
    assert line == "17"
    assert text.startswith("expected longest_response_ms at least 0, but nothing that was said")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("Press a key.", "Press a cow.", "5", 'expected to have heard "Welcome. Press a cow."'),
        ("- log: key 5", "- log: key 6", "7", 'expected log "key 6", but it did not happen'),
        ("from: player", "from: agent", "8", 'expected to have heard agent "You pressed 5"'),
        ("press: 0", "press: 1", "11", "expected the scenario to hang up"),
        ("{log: key 0}]", "{log: key 1}]", "13", "but that did not follow"),
        ("within_ms: 500", "within_ms: 1", "13", "within 1 ms, but it came"),
        ("count: 2", "count: 3", "14", "3 times, but it happened 2 times"),
        ("absent: {event: Call.Failed}", "absent: {log: key 0}", "16", "but at"),
    ],
)
def test_what_does_not_hold_fails_at_its_line(played, old, new, line, told):
    text = GOOD.replace("  - longest_response_ms: {least: 0}\n", "")
    assert old in text
    ((at, why),) = failures(played(text.replace(old, new)))
    assert at == line
    assert told in why
    assert "the run: " in why


def test_the_call_may_end_before_all_was_checked(played):
    """The scenario hangs up at once: what was said before is checked all the same."""
    assert played(
        """
        scenario: echo.py
        conversation: [{hear: Welcome}, {press: 0}, {log: key 0}, hung_up]
        """
    ).passed


def test_what_cannot_be_done_any_more_fails(played):
    ((line, why),) = failures(
        played(
            """
            scenario: echo.py
            conversation:
              - press: 0
              - hung_up
              - say: Hello?
            """
        )
    )
    assert line == "7"
    assert why.startswith("the call was over before this could be done")


def test_a_caller_may_have_their_own_script(played):
    assert played(
        """
        scenario: echo.py
        caller: [{wait_for: agent_turn}, {press: 5}, {wait_for: agent_turn}, hang_up]
        expect: [{hear: You pressed 5}]
        """
    ).passed


PARTY = """
scenario: call.py
start: true
custom_data: {number: "15557654321"}
parties:
  - match: "15557654321"
conversation:
  - hear: A reminder for you
  - say: Thank you.
  - hung_up
expect:
  - platform_hears: Thank you
"""

CALL = """
import json
def on_start(e):
    number = json.loads(VoxEngine.customData())["number"]
    call = VoxEngine.callPSTN(number, "15550001111")
    call.addEventListener(CallEvents.Connected, on_connected)
    call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    call.addEventListener(CallEvents.Failed, lambda e: VoxEngine.terminate())

def on_connected(e):
    e.call.say("A reminder for you.")
    setTimeout(e.call.hangup, 5000)

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.fixture
def outbound(echo, played):
    (echo / "call.py").write_text(CALL, encoding="utf-8")
    return played


def test_the_conversation_of_a_session_without_a_call_is_with_the_first_party(outbound):
    assert failures(outbound(PARTY)) == []


def test_a_party_who_is_busy_is_not_talked_to(outbound):
    ((line, why),) = failures(
        outbound(PARTY.replace('"15557654321"\nconv', '"1555*"\n    busy: true\nconv'))
    )
    assert line == "10"
    assert "but nothing was heard since 0.000 s, and the call is over" in why


# --- what every test must keep to -------------------------------------------------------------


def scenario(*lines, asynchronous=False):
    body = "\n    ".join(lines)
    return f"""
import trio
{"async " if asynchronous else ""}def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    call.answer()
    {body}
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def audited(echo, played, source, more="", allow=""):
    (echo / "audited.py").write_text(source, encoding="utf-8")
    return [
        failure.text
        for failure in played(
            f"""
scenario: audited.py
conversation: [{{wait: 500}}, hang_up]
allow: [{allow}]
{more}
"""
        ).failures
    ]


@pytest.mark.parametrize(
    ("name", "source", "more", "told"),
    [
        ("errors", scenario("setTimeout(lambda: 1 / 0, 100)"), "", "ZeroDivisionError"),
        (
            "outside",
            scenario("Net.httpRequest('https://a.example/x', lambda e: None)"),
            "",
            "nothing was declared for GET https://a.example/x",
        ),
        (
            "outside",
            scenario(
                "other = VoxEngine.callPSTN('15557654321', '1555')", "setTimeout(other.hangup, 300)"
            ),
            "",
            "called 15557654321: nobody declared it, it was made up",
        ),
        (
            "unused",
            scenario(),
            "answers: [{match: 'https://a.example/x', reply: 200}]",
            "declared and never used: the answer",
        ),
        ("unused", scenario(), "parties: [{match: '1555'}]", "never used: the party 1555"),
        (
            "unused",
            scenario(),
            "agent: {rules: [{name: hours, when: open, say: At nine.}]}",
            "declared and never used: the rule hours",
        ),
        (
            "unused",
            scenario(),
            "agent: {faults: [{fault: drop_response}]}",
            "declared and never used: the fault drop_response",
        ),
        (
            "limits",
            scenario("setTimeout(lambda: [setInterval(print, 10), None][1], 100)"),
            "limits: warn",
            "a limit was exceeded",
        ),
        (
            "leaks",
            scenario("await trio.sleep_forever()", asynchronous=True),
            "",
            "still waited when the session had ended: on_call (",
        ),
    ],
)
def test_what_every_test_must_keep_to(echo, played, name, source, more, told):
    found = audited(echo, played, source, more)
    assert any(told in text for text in found), found
    assert audited(echo, played, source, more, allow=name) == []


JS = """
VoxEngine.addEventListener(AppEvents.CallAlerting, %s({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
  %s
});
"""


@pytest.mark.parametrize(
    ("kind", "line", "leaks"),
    [
        ("async ", "await new Promise(() => {});", ["<anonymous> (shop.js:2)"]),
        ("async ", "await new Promise((done) => setTimeout(done, 60000));",
         ["<anonymous> (shop.js:2)"]),
        ("", "setTimeout(async function later() { await new Promise(() => {}); }, 100);",
         ["later (shop.js:5)"]),
        ("async ", "await new Promise((done) => call.addEventListener('Call.Connected', done));",
         []),
        ("async ", "await new Promise((done) => setTimeout(done, 100));", []),
        ("", "new Promise(() => {});", []),
        ("", "Net.httpRequestAsync('https://a.example/x');", []),
        ("async ", "await Net.httpRequestAsync('https://a.example/x');", []),  # it is dropped
    ],
)  # fmt: skip
def test_an_async_function_of_javascript_that_waits_for_ever(echo, played, kind, line, leaks):
    (echo / "shop.js").write_text(JS % (kind, line), encoding="utf-8")
    text = """
scenario: shop.js
conversation: [{wait: 500}, hang_up]
answers: [{match: 'https://a.example/x', delay_ms: 60000, reply: 200}]
allow: [unused%s]
"""
    told = [failure.text.replace(f"{echo}/", "") for failure in played(text % "").failures]
    assert told == [f"still waited when the session had ended: {what}" for what in leaks]
    assert played(text % ", leaks").failures == []


def test_somebody_who_is_cut_off_fails_the_test(played):
    text = """
        scenario: echo.py
        caller: [{press: 0}, {say: And now a very long sentence that nobody will hear.}]
        """
    (why,) = [failure.text for failure in played(text).failures]
    assert why.startswith("the call ended before this was done: caller: say 'And now")
    assert played(text + "allow: [undone]\n").passed


def test_somebody_who_gives_up_fails_the_test(played):
    text = """
        scenario: echo.py
        caller: [{wait_for: message, timeout_ms: 5000}]
        """
    (why,) = [failure.text for failure in played(text).failures]
    assert why.startswith("caller gave up: ")
    assert played(text + "allow: [gave-up]\n").passed


def test_a_wait_that_may_time_out_does_not_fail_the_test(played):
    assert played(
        """
        scenario: echo.py
        caller: [{wait_for: message, timeout_ms: 5000, on_timeout: continue}, hang_up]
        """
    ).passed


# --- cassettes --------------------------------------------------------------------------------

AGENT = """
require(Modules.Grok)
async def on_call(e):
    e.call.answer()
    e.call.addEventListener(CallEvents.Disconnected, lambda e: VoxEngine.terminate())
    client = await Grok.createVoiceAgentAPIClient(xAIApiKey="key", model="m")
    def begin(event):
        VoxEngine.sendMediaBetween(e.call, client)
        client.responseCreate({})
    client.addEventListener(Grok.VoiceAgentAPIEvents.ConversationCreated, begin)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
RECORDED = """
scenario: agent.py
cassette: run/links/1.jsonl
conversation:
  - hear: Hello from the tape
  - wait: 1000
  - hang_up
"""


@pytest.fixture
def tape(echo, played):
    """Plays conversations of a folder in which the agent was recorded once."""
    (echo / "agent.py").write_text(AGENT, encoding="utf-8")
    made = played(
        RECORDED.replace("cassette: run/links/1.jsonl", "agent: {greeting: Hello from the tape.}")
    )
    assert failures(made) == []
    (echo / "run" / "links").rename(echo / "links")
    return lambda text: played(text.replace("run/links", "links"))


def test_a_recorded_agent_is_played(tape):
    assert failures(tape(RECORDED)) == []


def test_what_a_cassette_does_not_know_fails_the_test(echo, tape):
    (echo / "agent.py").write_text(
        AGENT.replace("responseCreate({})", "responseCreate({'instructions': 'Sing.'})"),
        encoding="utf-8",
    )
    found = failures(tape(RECORDED))
    assert any("links/1.jsonl" in text for _, text in found), found


def test_what_of_a_cassette_was_not_played_fails_the_test(echo, tape):
    (echo / "agent.py").write_text(AGENT.replace("client.responseCreate({})", "pass"))
    found = failures(tape(RECORDED.replace("  - hear: Hello from the tape\n", "")))
    assert any(text.startswith("declared and never used: ") for _, text in found), found
