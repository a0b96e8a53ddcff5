"""JavaScript and TypeScript cut into tokens: enough to find names, texts and where they end.

This is no parser: it knows comments, strings, templates, regular expressions, numbers, words and
punctuation, and where each begins and ends, so that a value can be exchanged without touching
the rest. It never fails; text that is not JavaScript comes out as tokens of some kind, and the
engine that runs the file says what is wrong with it.
"""

from __future__ import annotations

import re
from enum import Enum

from attrs import define, field, frozen


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    STRING = "string"
    TEMPLATE = "template"  #: a piece of a template between its backticks and substitutions
    REGEX = "regex"
    PUNCTUATION = "punctuation"


@frozen
class Token:
    """A piece of source text, from `start` up to but without `end`.

    `body_start` and `body_end` are the text between the quotes of a string, or a piece of a
    template; of anything else the whole token.
    """

    kind: Kind
    text: str
    start: int
    end: int
    body_start: int
    body_end: int

    def is_(self, *texts: str) -> bool:
        """Whether it is one of these words or punctuators."""
        return self.kind in (Kind.WORD, Kind.PUNCTUATION) and self.text in texts


_BLANK = re.compile(r"(?:\s|//[^\n\u2028\u2029]*|/\*.*?(?:\*/|\Z))+", re.DOTALL)
_WORD = re.compile(r"(?:[^\W\d]|[$#@]|\\u[0-9A-Fa-f]{4})(?:\w|[$\u200c\u200d]|\\u[0-9A-Fa-f]{4})*")
_NUMBER = re.compile(r"(?:0[xXoObB][\w]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][-+]?\d[\d_]*)?)n?")
_STRING = re.compile(r"""'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?""", re.DOTALL)
_CHUNK = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/[A-Za-z]*")
_PUNCTUATION = re.compile(
    r"\.\.\.|>>>=|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?="
    r"|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*"
)

#: Words after which an expression begins, so that a slash begins a regular expression.
_BEFORE_EXPRESSION = frozenset(
    {"return", "typeof", "instanceof", "in", "of", "new", "delete", "void", "throw", "case", "do",
     "else", "await", "yield"}
)  # fmt: skip


def tokenize(text: str) -> list[Token]:
    """All tokens of a source text, without blanks and comments."""
    return _Tokenizer(text).run()


@define
class _Tokenizer:
    text: str
    at: int = 0
    tokens: list[Token] = field(factory=list)
    #: The open braces: `{`, or `${` where the template goes on behind the closing one.
    braces: list[str] = field(factory=list)

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            blank = _BLANK.match(self.text, self.at)
            if blank:
                self.at = blank.end()
            else:
                self.step(self.text[self.at])
        return self.tokens

    def step(self, character: str) -> None:
        text, at = self.text, self.at
        if character in "'\"":
            end = _end(_STRING, text, at)
            closed = end - at > 1 and text[end - 1] == character
            self.add(Kind.STRING, end, at + 1, end - closed)
        elif character == "`":
            self.template(at + 1)
        elif word := _WORD.match(text, at):
            self.add(Kind.WORD, word.end())
        elif character.isdecimal() or (character == "." and text[at + 1 : at + 2].isdecimal()):
            self.add(Kind.NUMBER, _end(_NUMBER, text, at))
        elif character == "/" and self.expects_expression() and (regex := _REGEX.match(text, at)):
            self.add(Kind.REGEX, regex.end())
        else:
            self.punctuation(character)

    def punctuation(self, character: str) -> None:
        if character == "{":
            self.braces.append("{")
        self.add(Kind.PUNCTUATION, _end(_PUNCTUATION, self.text, self.at))
        if character == "}" and self.braces and self.braces.pop() == "${":
            self.template(self.at)

    def template(self, body: int) -> None:
        """A piece of a template, which begins with a backtick or behind a substitution."""
        end = _end(_CHUNK, self.text, body, least=0)
        if self.text[end : end + 1] == "`":
            self.add(Kind.TEMPLATE, end + 1, body, end)
            return
        self.add(Kind.TEMPLATE, end, body, end)
        if self.text.startswith("${", end):
            self.braces.append("${")
            self.add(Kind.PUNCTUATION, end + 2)

    def add(
        self, kind: Kind, end: int, body_start: int | None = None, body_end: int | None = None
    ) -> None:
        start = self.at
        self.tokens.append(
            Token(
                kind,
                self.text[start:end],
                start,
                end,
                start if body_start is None else body_start,
                end if body_end is None else body_end,
            )
        )
        self.at = end

    def expects_expression(self) -> bool:
        """Whether a slash here begins a regular expression, and not a division."""
        if not self.tokens:
            return True
        last = self.tokens[-1]
        if last.kind is Kind.WORD:
            return last.text in _BEFORE_EXPRESSION
        return last.kind is Kind.PUNCTUATION and last.text not in (")", "]", "++", "--")


def _end(pattern: re.Pattern[str], text: str, at: int, least: int = 1) -> int:
    """Where the match ends; without one, `least` characters further."""
    found = pattern.match(text, at)
    return max(found.end() if found else at, at + least)
