"""Agent scripts: rules, templates, manners, and the messages for mistakes."""

from __future__ import annotations

import pytest

from voxrt.errors import DocumentError
from voxrt.xai.standin import parse_agent_script, read_agent_script
from voxrt.xai.standin.matching import contains, fill, fitted
from voxrt.xai.standin.voicing import phrases_of, pronounced

HANG_UP = {
    "type": "function",
    "name": "hang_up",
    "parameters": {
        "type": "object",
        "properties": {"reason": {"type": "string"}},
        "required": ["reason"],
    },
}


def talk(bench, script, *texts, **session):
    """Says one text after the other, in writing; answers function calls with `output`."""
    output = session.pop("output", None)
    room = bench(script).ready(**session)
    for text in texts:
        if text:
            content = [{"type": "input_text", "text": text}]
            item = {"type": "message", "role": "user", "content": content}
            room.send("conversation.item.create", item=item)
        room.send("response.create")
        room.run(12_000)
        while output is not None:
            answered = {
                f["item"].get("call_id")
                for f in room.all("conversation.item.added")
                if f["item"]["type"] == "function_call_output"
            }
            asked = [f["call_id"] for f in room.all("response.function_call_arguments.done")]
            if answered.issuperset(asked):
                break
            for call_id in (c for c in asked if c not in answered):
                answer = {"type": "function_call_output", "call_id": call_id, "output": output}
                room.send("conversation.item.create", item=answer)
            room.send("response.create")
            room.run(12_000)
    return room


# Manners


def test_an_agent_without_a_script_greets_answers_and_says_goodbye(bench):
    room = talk(bench, "", "", "I would like a table", "Thanks, goodbye", tools=[HANG_UP])
    assert room.said == [
        "Hello! How can I help you today?",
        "You said: I would like a table. How can I help you with that?",
        "Goodbye! Have a nice day.",
    ]
    assert room.calls == [("hang_up", {"reason": "The caller said goodbye."})]


@pytest.mark.parametrize(
    ("script", "text", "said"),
    [
        ("", "Hello?", "Hello! How can I help you today?"),
        ("", "Please greet the caller in English.", "Hello! How can I help you today?"),
        ("greeting: Ahoy!", "Hi there", "Ahoy!"),
        ("greeting: Ahoy!", "Hi, I would like a table", None),
        ("greeting: Ahoy!\nrules: [{when: hi, say: Rule.}]", "Hi", "Rule."),
    ],
)
def test_a_mere_hello_at_the_beginning_is_greeted(bench, script, text, said):
    expected = said or f"You said: {text}. How can I help you with that?"
    assert talk(bench, script, text).said == [expected]


@pytest.mark.parametrize("name", ["hang_up", "end_call", "hangup", "terminate", "endCall"])
def test_tools_that_end_the_call_are_known_by_name(bench, name):
    room = talk(bench, "", "Bye", tools=[{"type": "function", "name": name}])
    assert room.calls == [(name, {})]


def test_without_such_a_tool_goodbye_is_only_said(bench):
    assert talk(bench, "", "Bye", tools=[{"type": "function", "name": "book"}]).calls == []


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("It is foggy", "It is foggy."),
        ('{"message": "All booked."}', "All booked."),
        ('{"error": "no seats"}', "I'm sorry, that did not work: no seats."),
        (
            '{"free_seats": 3, "terrace": true}',
            "Here is what I found. free seats: 3, terrace: yes.",
        ),
        ("", "Done."),
    ],
)
def test_outputs_are_told_in_the_simplest_way(bench, output, said):
    room = talk(bench, "rules: [{when: go, call: look}]", "go", output=output)
    assert room.said == [said]


# Rules


def test_rules_are_tried_by_priority_then_in_order(bench):
    script = """
rules:
  - {when: table, say: First.}
  - {when: table, say: Second.}
  - {when: table, say: Urgent., priority: 5, once: true}
"""
    assert talk(bench, script, "A table", "A table").said == ["Urgent.", "First."]


def test_times_limits_a_rule_and_a_list_of_sayings_takes_turns(bench):
    script = "rules: [{when: hi, say: [One., Two.], times: 3}]\nfallback: Over."
    assert talk(bench, script, *["hi"] * 4).said == ["One.", "Two.", "One.", "Over."]


def test_a_reply_that_nobody_heard_does_not_use_up_its_rule(bench):
    room = bench("rules: [{when: table, once: true, say: Here.}]").ready()
    room.caller_says("I want a table.", tail_ms=900)
    room.caller_says("And a chair.")
    room.run(6000)
    assert len(room.all("response.created")) == 2
    assert room.said == ["Here."]


@pytest.mark.parametrize(
    ("when", "text", "applies"),
    [
        ("no", "No, thanks", True),
        ("no", "I know", False),
        ("table for four", "A TABLE, for four!", True),
        ("[a, b]", "b", True),
        ("{all: [red, wine]}", "wine that is red", True),
        ("{all: [red, wine]}", "wine", False),
        ("{regex: '^\\d+$'}", "12", True),
        ("{regex: [x, '(\\d) pm']}", "at 7 PM", True),
        ("{contains: table, not: {contains: not}}", "not a table", False),
        ("{any: [{contains: a}, {regex: b+}]}", "abbb", True),
        ("{any: [{contains: a}, {regex: b+}]}", "ccc", False),
    ],
)
def test_conditions(bench, when, text, applies):
    script = f"rules: [{{when: {when}, say: 'Yes.'}}]\nfallback: 'No.'"
    assert talk(bench, script, text).said == ["Yes." if applies else "No."]


def test_prompts_are_matched_against_the_instructions_of_the_reply(bench):
    room = bench("rules: [{when: {prompt: apologise}, say: Sorry.}]").ready()
    room.send("response.create", response={"instructions": "Please apologise now."})
    room.run(4000)
    assert room.said == ["Sorry."]


def test_templates_take_groups_outputs_and_arguments(bench):
    script = """
rules:
  - when: {regex: '(?P<dish>pizza|pasta) for (\\w+)'}
    say: "{dish} for {2}, {{really}}: {text}"
    call: {name: order, arguments: {dish: "{dish}", people: "{2}", note: "for {2}", tags: [1]}}
    then: "{output.minutes} minutes for {arguments.people} {dish}, {output.list.1}."
"""
    tool = {
        "type": "function",
        "name": "order",
        "parameters": {"type": "object", "properties": {"people": {"type": "integer"}}},
    }
    room = talk(
        bench, script, "Pizza for three", tools=[tool], output='{"minutes": 20, "list": ["a", "b"]}'
    )
    assert room.calls == [
        ("order", {"dish": "Pizza", "people": 3, "note": "for three", "tags": [1]})
    ]
    assert room.said == ["Pizza for three, {really}: Pizza for three", "20 minutes for 3 Pizza, b."]
    assert room.notes == []


def test_rules_for_outputs_choose_by_function_and_fields(bench):
    script = """
rules: [{when: go, call: book}]
after_tool:
  - {tool: other, say: Never.}
  - {tool: [book], output: {status: full}, say: We are full.}
  - {tool: book, contains: seats, say: "{output.seats} seats."}
  - {say: Something.}
"""
    assert talk(bench, script, "go", output='{"status": "full"}').said == ["We are full."]
    assert talk(bench, script, "go", output='{"seats": 4}').said == ["4 seats."]
    assert talk(bench, script, "go", output="x").said == ["Something."]


def test_a_chain_of_calls(bench):
    script = """
rules:
  - when: go
    call: one
    then: {say: Half way., call: two, then: "Done {output}."}
"""
    room = talk(bench, script, "go", output="ok")
    assert room.said == ["Half way.", "Done ok."]


def test_a_missing_field_of_an_output_is_noted_not_fatal(bench):
    room = talk(bench, "rules: [{when: go, call: a, then: 'At {output.time}.'}]", "go", output="{}")
    assert room.said == ["At ."]
    assert any("{output.time}" in note for note in room.notes)


def test_a_silent_rule_gives_no_reply_to_speech_and_an_empty_one_to_response_create(bench):
    script = "rules: [{when: quiet, silent: true}]"
    room = bench(script).ready()
    room.caller_says("Be quiet.")
    room.run(5000)
    assert room.all("response.created") == []
    room = talk(bench, script, "quiet")
    assert room.one("response.done")["response"]["output"] == []


def test_a_delay_is_added_before_the_first_sound(bench):
    room = talk(bench, "rules: [{when: slow, say: Well., delay_ms: 5000}]", "slow")
    assert float(room.all("response.output_audio.delta")[0]["latency"]) > 5


@pytest.mark.parametrize(
    ("fail", "types"),
    [
        ("error", ["conversation.item.added", "error"]),
        ("{error: {type: timeout, code: c, message: m}}", ["conversation.item.added", "error"]),
        ("drop", ["conversation.item.added", "response.created"]),
        ("{close: {code: 1013, reason: busy}}", ["conversation.item.added"]),
    ],
)
def test_a_rule_can_fail(bench, fail, types):
    room = talk(bench, f"rules: [{{when: now, fail: {fail}}}]", "now")
    assert room.types == types
    if "timeout" in fail:
        error = room.one("error")["error"]
        assert (error["type"], error["code"], error["message"]) == ("timeout", "c", "m")
    assert room.tape.closed == ((1013, "busy") if "close" in fail else None)


def test_the_farewell_of_a_script_still_ends_the_call(bench):
    room = talk(bench, "farewell: Ciao!", "bye", tools=[HANG_UP])
    assert room.said == ["Ciao!"]
    assert [name for name, _ in room.calls] == ["hang_up"]


# Mistakes


@pytest.mark.parametrize(
    ("script", "line", "words"),
    [
        ("greting: Hello", 1, "no key `greting`.*Did you mean `greeting`"),
        ("rules:\n  - say: x", 2, "needs the key `when`"),
        ("rules:\n  - when: x", 2, "does nothing"),
        ("rules:\n  - when: x\n    sya: y", 3, "Did you mean `say`"),
        ("rules:\n  - when: x\n    say: y\n    times: 0", 4, "from 1"),
        ("rules:\n  - when: {regx: x}\n    say: y", 2, "Did you mean `regex`"),
        ("rules:\n  - when: {regex: '('}\n    say: y", 2, "regular expression"),
        ("rules:\n  - when: {}\n    say: y", 2, "empty"),
        ("rules:\n  - when: '...'\n    say: y", 2, "never said"),
        ("rules:\n  - when: x\n    say: 'to {city}'", 3, "nothing here is called {city}"),
        ("rules:\n  - when: x\n    say: '{output.a}'", 3, "nothing here is called {output.a}"),
        ("rules:\n  - when: x\n    say: y\n    then: z", 4, "no `call`"),
        ("rules:\n  - when: x\n    say: y\n    silent: true", 2, "together"),
        ("rules:\n  - when: x\n    call: {nam: y}", 3, "Did you mean `name`"),
        ("rules:\n  - when: x\n    call: {name: y, arguments: 5}", 3, "map parameters"),
        ("rules:\n  - when: x\n    fail: explode", 3, "`explode` is unknown"),
        ("rules: 5", 1, "must be a list"),
        ("after_tool:\n  - tol: x\n    say: y", 2, "Did you mean `tool`"),
        ("faults:\n  - fault: clsoe", 2, "Did you mean `close`"),
        ("faults:\n  - fault: close", 2, "needs the key `at`"),
        ("faults:\n  - fault: close\n    at: response.don", 3, "Did you mean `response.done`"),
        ("faults:\n  - fault: close\n    at: ping\n    code: 1005", 4, "closed with 1005"),
        ("faults:\n  - fault: refuse\n    status: 200", 3, "from 400 to 599"),
        ("faults:\n  - fault: delay\n    at: ping\n    ms: 5\n    code: 1", 5, "no key `code`"),
        ("greeting: [", 1, "not valid YAML"),
    ],
)
def test_a_mistake_is_told_with_line_and_key(script, line, words):
    with pytest.raises(DocumentError, match=words) as caught:
        parse_agent_script(script, file="agent.yaml")
    assert caught.value.file == "agent.yaml"
    assert caught.value.line == line


def test_a_missing_file_is_a_document_error(tmp_path):
    for name in ("none.yaml", "none.py"):
        with pytest.raises(DocumentError, match="no such file"):
            read_agent_script(tmp_path / name)


# Python


@pytest.mark.parametrize(
    "source",
    [
        "def reply(turn):\n    return f'{turn.cause.name} {turn.text}'",
        "from voxrt.xai.standin import Agent, Reply\nclass Mine(Agent):\n"
        "    def reply(self, turn):\n        return Reply(say=f'{turn.cause.name} {turn.text}')",
    ],
)
def test_an_agent_can_be_python(tmp_path, bench, source):
    path = tmp_path / "agent.py"
    path.write_text(source)
    assert talk(bench, read_agent_script(path), "", "Hi").said == ["GREETING ", "TEXT Hi"]


def test_a_python_file_can_build_a_script(tmp_path):
    path = tmp_path / "agent.py"
    path.write_text("from voxrt.xai.standin import AgentScript\nscript = AgentScript(name='x')")
    assert read_agent_script(path).name == "x"


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("x = (", 1, "never closed"),
        ("x = 1\n1 / 0", 2, "ZeroDivisionError"),
        ("x = 1", None, "no agent in this file"),
    ],
)
def test_a_python_file_with_a_mistake_is_one_message(tmp_path, source, line, words):
    path = tmp_path / "agent.py"
    path.write_text(source)
    with pytest.raises(DocumentError, match=words) as caught:
        read_agent_script(path)
    assert caught.value.line == line


def test_a_python_agent_that_fails_is_told_at_its_line(tmp_path):
    path = tmp_path / "agent.py"
    path.write_text("def reply(turn):\n    return turn.nonsense")
    agent = read_agent_script(path).agent(print)
    with pytest.raises(DocumentError, match="nonsense") as caught:
        agent.reply(object())
    assert caught.value.line == 2
    path.write_text("def reply(turn):\n    return 5")
    with pytest.raises(DocumentError, match="Return a Reply"):
        read_agent_script(path).agent(print).reply(object())


# Pieces


def test_words_are_compared_not_letters():
    assert contains("It\u2019s Tom's TABLE", "tom\u2019s table")
    assert not contains("stable", "table")
    assert not contains("table", "")


def test_fill_walks_into_values_and_notes_what_is_missing():
    missing = []
    values = {"a": {"b": [1, {"c": None}]}, "t": True}
    assert fill("{a.b.0} {t} {a} {{x}} {z}", values, missing) == ('1 yes {"b":[1,{"c":null}]} {x} ')
    assert missing == ["z"]


def test_arguments_become_what_the_schema_says():
    schema = {
        "parameters": {
            "properties": {
                "n": {"type": "integer"},
                "x": {"type": "number"},
                "b": {"type": "boolean"},
            }
        }
    }
    given = {"n": "Four", "x": "2.5", "b": "yes", "other": "7"}
    assert fitted(given, schema) == {"n": 4, "x": 2.5, "b": True, "other": "7"}
    assert fitted({"n": "a few"}, schema) == {"n": "a few"}


def test_phrases_are_cut_as_the_service_cuts_them():
    for text, phrases in (
        (
            "Hello Marcelo! Nice to meet you. How can I help you today?",
            ["Hello Marcelo! Nice to meet you.", "How can I help you today?"],
        ),
        (
            "I'll check the weather for London right away.",
            ["I'll check the weather for London right", "away."],
        ),
        (
            "It is foggy and 12 degrees in London. The weather is foggy and 12 degrees.",
            ["It is foggy and 12 degrees in", "London.", "The weather is foggy and 12 degrees."],
        ),
        ("Hello there!", ["Hello there!"]),
    ):
        assert phrases_of(text) == phrases


def test_longer_replacements_go_first():
    assert pronounced("xAI and xA", {"xA": "B", "xAI": "C", "": "D"}) == "C and B"
