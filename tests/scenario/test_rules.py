"""Routing rules: patterns, the first match, and why."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.documents import parse_json
from voxrt.errors import DocumentError
from voxrt.scenario.patterns import PatternError, compile_pattern, literal_of
from voxrt.scenario.rules import destination_of, first_match, judge, read_rules


def rules(*pairs, **more):
    listed = [
        {"ruleName": name, "scenarios": ["s"], "rulePattern": pattern, **more}
        for name, pattern in pairs
    ]
    return read_rules(parse_json(json.dumps(listed)), {})


def refused(text, **defines):
    with pytest.raises(DocumentError) as caught:
        read_rules(parse_json(text, file="rules.config.json"), defines)
    return str(caught.value)


# --- patterns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        (".*", ["", "1", "anna"], ["a\nb"]),
        ("123.+", ["1234"], ["123", "0123x", "12 34"]),
        ("1|23", ["1", "23"], ["13", "123"]),
        (r"+?[1-9]\d{1,14}", ["18005550100", "+18005550100"], ["0123", "1", "+0"]),
        ("+1800", ["1800", "+1800"], ["++1800", "18000"]),
        ("^+?1800$", ["1800", "+1800"], ["18000"]),
        (r"^\+?1800$", ["1800", "+1800"], ["18000"]),
        ("anna", ["anna"], ["Anna", "anna1"]),
        (r"\d+", ["12"], ["١٢"]),
        (r"\w+", ["ab_1"], ["é"]),
        (r"(?<area>\d\d)-\k<area>", ["12-12"], ["12-13"]),
        (r"(\d)\1", ["11"], ["12"]),
        ("(?:a|b)(?=c)c(?!d)(?<=c)", ["ac"], ["ad"]),
        ("a[^]b", ["a\nb"], ["ab"]),
        ("a[]b|c", ["c"], ["ab", "a]b|c"]),
        ("a{2,3}?b{,3}", ["aab{,3}"], ["aabbb"]),
        ("x{a}", ["x{a}"], ["xa"]),
        ("[[&&]+", ["[&", "&&"], ["a"]),
        ("[a~~b||]+", ["a~b|"], ["c"]),
        (r"conf_[A-Za-z0-9]+", ["conf_1a"], ["conf_"]),
        (r"a\/b\.c\x41\u0042\0", ["a/b.cAB\0"], ["a/bxcAB\0"]),
        (r"[\]\d]+", ["]1"], ["["]),
    ],
)
def test_a_pattern_matches_the_whole_destination(pattern, yes, no):
    compiled = compile_pattern(pattern)
    assert [text for text in yes if not compiled.fullmatch(text)] == []
    assert [text for text in no if compiled.fullmatch(text)] == []


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "missing ), unterminated subpattern at position 0"),
        ("a)", "unbalanced parenthesis at position 1"),
        ("[a", "a set of characters that has no end at position 2"),
        ("*", "nothing to repeat at position 0"),
        ("a**", "nothing to repeat at position 2"),
        ("a++", "nothing to repeat at position 2"),
        ("a??+", "nothing to repeat at position 3"),
        ("a{2,1}", "min repeat greater than max repeat at position 2"),
        ("x\\", "a backslash with nothing behind it at position 1"),
        (r"\p{L}", r"`\p` is not supported at position 0"),
        (r"a\Z", r"`\Z` is not supported at position 1"),
        (r"\x4", r"`\x` is not supported at position 0"),
        (r"\u{41}", r"`\u` is not supported at position 0"),
        ("(?i)a", "JavaScript has no group `(?i` at position 0"),
        ("(?P<a>b)", "JavaScript has no group `(?P` at position 0"),
        ("(?>a)", "JavaScript has no group `(?>` at position 0"),
        ("(?#a)", "JavaScript has no group `(?#` at position 0"),
        ("(?<$a>b)", "the group's name '$a' is not supported at position 0"),
        ("(?<=a+)b", "look-behind requires fixed-width pattern"),
        (r"\1", "invalid group reference 1 at position 1"),
        ("(" * 5000, "it is nested too deeply"),
    ],
)
def test_a_pattern_that_cannot_be_matched_is_refused(pattern, message):
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert str(caught.value) == message


@given(st.text(alphabet="ab1+*?.|()[]{}^$\\-,:=!<>&~d", max_size=14))
def test_any_text_is_a_pattern_or_a_pattern_error(text):
    with suppress(PatternError):
        assert isinstance(compile_pattern(text), re.Pattern)


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        ("18005550100", "18005550100"),
        ("+18005550100", "18005550100"),
        (r"^\+?18005550100$", "18005550100"),
        ("anna", "anna"),
        ("joinconf", "joinconf"),
        ("1.", ""),
        (".*", ""),
        ("1|2", ""),
        ("", ""),
    ],
)
def test_the_only_destination_of_a_pattern(pattern, literal):
    assert literal_of(pattern) == literal


@pytest.mark.parametrize(
    ("number", "destination"),
    [
        ("+18005550100", "18005550100"),
        ("+1 (800) 555-0100", "18005550100"),
        ("18005550100", "18005550100"),
        ("anna", "anna"),
        ("+anna", "+anna"),
        ("conf 1", "conf 1"),
    ],
)
def test_a_telephone_number_comes_without_its_plus(number, destination):
    assert destination_of(number) == destination


# --- choosing -------------------------------------------------------------------------------------


def test_the_first_match_wins_and_the_others_say_why_not():
    asked = rules(
        ("staff", r"1800555\d{3}"), ("plus", r"\+18005550100"), ("users", "[a-z]+"),
        ("inbound", r"+?[1-9]\d{1,14}"), ("rest", ".*"), ("late", "x"), ("part", "5550"),
    )  # fmt: skip
    verdicts = judge(asked, "+18005550100")
    assert [(verdict.rule.name, verdict.takes, verdict.why) for verdict in verdicts] == [
        ("staff", False, "matches only the beginning, 1800555010, and not the whole"),
        ("plus", False, "wants a `+`, but numbers come without it; write `\\+?`"),
        ("users", False, "does not match"),
        ("inbound", True, "matches"),
        ("rest", False, "matches too, but inbound comes first"),
        ("late", False, "does not match"),
        ("part", False, "matches only a part, 5550, and not the whole"),
    ]
    assert first_match(asked, "18005550100") is asked[3]


def test_nothing_matches():
    asked = rules(("a", "1"), ("b", "2"))
    assert first_match(asked, "3") is None
    assert [verdict.takes for verdict in judge(asked, "3")] == [False, False]
    assert judge((), "3") == ()


@pytest.mark.parametrize("key", ["rulePatternExclude", "rule_pattern_exclude"])
def test_what_is_excluded_goes_to_the_next_rule(key):
    asked = (*rules(("a", ".*"), **{key: "18.*"}), *rules(("b", ".*")))
    assert [verdict.why for verdict in judge(asked, "1800")] == ["excluded by 18.*", "matches"]
    assert first_match(asked, "1800").name == "b"
    assert first_match(asked, "1700").name == "a"
    assert rules(("a", ".*"), **{key: ""})[0].exclude is None


# --- reading --------------------------------------------------------------------------------------


def test_a_rule_as_voxengine_ci_writes_it():
    text = '[{"ruleName":"in","scenarios":["a","b"],"rulePattern":"1.*","ruleId":7}]'
    (rule,) = read_rules(parse_json(text), {})
    assert (rule.name, rule.pattern, rule.scenario_names) == ("in", "1.*", ("a", "b"))


def test_a_rule_as_the_management_api_spells_it():
    text = '[{"rule_name": "in", "scenarios": [], "rule_pattern": "1", "video_conference": true}]'
    (rule,) = read_rules(parse_json(text), {})
    assert (rule.name, rule.pattern, rule.scenarios) == ("in", "1", ())


@pytest.mark.parametrize("pattern", ["", ', "rulePattern": null', ', "rulePattern": 5'])
def test_without_a_text_the_pattern_is_that_of_voxengine_ci(pattern):
    (rule,) = read_rules(parse_json(f'[{{"ruleName": "a", "scenarios": ["s"]{pattern}}}]'), {})
    assert rule.pattern == ".*"
    assert rule.takes("whatever")


@pytest.mark.parametrize("key", ["videoConference", "video_conference"])
def test_the_flag_of_video_conferences(key):
    (with_it,) = rules(("a", ".*"), **{key: True})
    (without,) = rules(("a", ".*"))
    assert with_it.video_conference
    assert not without.video_conference
    text = f'[{{"ruleName": "a", "scenarios": [], "{key}": "yes"}}]'
    assert "must be true or false, but is text (yes)" in refused(text)


def test_placeholders_are_filled_in():
    text = '[{"ruleName": "{{A}}", "scenarios": ["{{B}}"], "rulePattern": "\\\\d{3}{{A}}{{C}}"}]'
    placed = set()
    (rule,) = read_rules(parse_json(text.replace("{{C}}", "")), {"A": "1", "B": "b"}, placed)
    assert (rule.name, rule.scenario_names, rule.pattern) == ("1", ("b",), r"\d{3}1")
    assert placed == {"A", "B"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "1:1: must be a list, but is a mapping"),
        ("[1]", "1:2: [0]: a rule must be an object, but is a number (1)"),
        ('[{"scenarios": []}]', "1:2: [0]: a rule needs the key `ruleName`"),
        ('[{"ruleName": "a"}]', "1:2: [0]: a rule needs the key `scenarios`"),
        ('[{"ruleName": ""}]', "1:15: [0].ruleName: must be text, but is empty"),
        (
            '[{"ruleName": "a", "scenarios": [], "rulePattern": ""}]',
            "1:52: [0].rulePattern: must be text, but is empty",
        ),
        ('[{"ruleName": 1}]', "1:15: [0].ruleName: must be text, but is a number (1)"),
        (
            '[{"ruleName": "a", "rule_name": "b"}]',
            "1:33: [0].rule_name: `ruleName` is given already",
        ),
        (
            '[{"ruleName": "a", "scenarios": "b"}]',
            "1:33: [0].scenarios: must be a list, but is text (b)",
        ),
        (
            '[{"ruleName": "a", "scenarios": [null]}]',
            "1:34: [0].scenarios[0]: must be text, but is empty",
        ),
        (
            '[{"ruleName": "a",\n"scenarios": ["b",\n"b"]}]',
            "3:1: [0].scenarios[1]: the rule has the scenario `b` twice.",
        ),
        (
            '[{"ruleName": "a", "scenarios": []},\n {"ruleName": "a", "scenarios": []}]',
            "2:2: [1]: the rule `a` is there already, in line 1.",
        ),
        (
            '[{"ruleName": "a", "scenarios": [],\n "rulePattern": "(1"}]',
            "2:17: [0].rulePattern: '(1' is not a regular expression that can be matched: "
            "missing ), unterminated subpattern at position 0.",
        ),
        (
            '[{"ruleName": "a", "scenarios": [],\n "rulePatternExclude": "(?i)1"}]',
            "2:24: [0].rulePatternExclude: '(?i)1' is not a regular expression that can be "
            "matched: JavaScript has no group `(?i` at position 0.",
        ),
        (
            '[{"ruleName": "a", "scenarios": [], "rulePatern": "1"}]',
            "1:51: [0].rulePatern: a rule has no key `rulePatern`. Did you mean `rulePattern`?",
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_key(text, message):
    assert refused(text) == f"rules.config.json:{message}"
