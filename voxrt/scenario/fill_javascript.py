"""Values from outside in JavaScript and TypeScript; `fill_in` says what they mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import define, field

from voxrt.scenario.fill_in import (
    Edits,
    Filled,
    between_quotes,
    fill_placeholders,
    holds_placeholder,
    in_place_of,
)
from voxrt.scenario.js_tokens import Kind, Token, tokenize

#: A line that begins with one of these goes on with the expression of the line before.
_GO_ON = frozenset(
    {"+", "-", "*", "/", "%", "**", "=", "==", "===", "!=", "!==", "<", ">", "<=", ">=", "<<", ">>",
     ">>>", "&", "|", "^", "&&", "||", "??", "?", ":", "=>", ".", "?.", "(", "[", ","}
)  # fmt: skip
_GO_ON_WORDS = frozenset({"in", "instanceof"})
#: An expression does not end behind one of these.
_UNFINISHED_WORDS = frozenset(
    {"typeof", "new", "delete", "void", "await", "yield", "in", "instanceof", "of", "as"}
)
_OPEN, _CLOSE = frozenset({"(", "[", "{", "${"}), frozenset({")", "]", "}"})


def literal(value: Any) -> str:
    """A value as JavaScript writes it, on one line."""
    return _without_separators(json.dumps(value, ensure_ascii=False))


def fill_javascript(text: str, defines: Mapping[str, Any]) -> Filled:
    """Puts values into a JavaScript or TypeScript text."""
    return _Filler(text, defines, tokenize(text)).run()


@define
class _Filler:
    text: str
    defines: Mapping[str, Any]
    tokens: list[Token]
    edits: Edits = field(init=False)
    declared: set[str] = field(factory=set)
    placed: set[str] = field(factory=set)
    mentioned: set[str] = field(factory=set)
    names: set[str] = field(factory=set)
    fixed: dict[str, int] = field(factory=dict)
    _assigned: list[int] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.edits = Edits(self.text)

    def run(self) -> Filled:
        self._walk(0, len(self.tokens), 0)
        for at in self._assigned:  # a global variable of a script that never declares one
            name = self.tokens[at]
            if name.text not in self.declared:
                self._fill(name, at + 2, self._end_of_expression(at + 2))
        return Filled(
            text=self.edits.apply(),
            declared=frozenset(self.declared),
            placed=frozenset(self.placed),
            mentioned=frozenset(self.mentioned),
            fixed={name: at for name, at in self.fixed.items() if name not in self.declared},
            names=frozenset(self.names),
        )

    def _walk(self, at: int, end: int, depth: int) -> None:
        """Looks at the tokens from `at` up to but without `end`; depth 0 is the top level."""
        while at < end:
            token = self.tokens[at]
            if token.is_(*_OPEN):
                depth += 1
            elif token.is_(*_CLOSE):
                depth = max(depth - 1, 0)
            elif self._declares(at):
                at = self._declarations(at + 1, depth)
                continue
            elif token.is_("function", "class") and self._word(at + 1):
                self._fix(self.tokens[at + 1])
                at += 1
            elif depth == 0 and self._assigns(at):
                self._assigned.append(at)
                self.names.add(token.text)
            self._look_at(at)
            at += 1

    # --- declarations ---------------------------------------------------------------------------

    def _declares(self, at: int) -> bool:
        """Whether a declaration of variables begins here."""
        if not self.tokens[at].is_("const", "let", "var") or self._member(at):
            return False
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if following is None or not (following.kind is Kind.WORD or following.is_("[", "{")):
            return False
        before = self.tokens[at - 1] if at else None
        # `declare const NAME` says that the name comes from elsewhere: it may be filled in there.
        return not (before is not None and before.is_("declare")) and not following.is_("enum")

    def _declarations(self, at: int, depth: int) -> int:
        """The variables of one declaration; where it ends."""
        while at < len(self.tokens):
            name = self.tokens[at]
            if name.kind is Kind.WORD:
                behind = self._behind_type(at + 1)
            else:
                behind = self._behind_type(self._pattern(at))
            plain = depth == 0 and name.kind is Kind.WORD
            if plain:
                self.names.add(name.text)
            elif name.kind is Kind.WORD:
                self._fix(name)
            has_value = behind < len(self.tokens) and self.tokens[behind].is_("=")
            end = self._end_of_expression(behind + 1) if has_value else behind
            if plain and name.text in self.defines:
                if has_value:
                    self._fill(name, behind + 1, end)
                else:
                    self._insert(name, behind)
            else:
                self._walk(behind, end, depth + 1)
            if end >= len(self.tokens) or not self.tokens[end].is_(","):
                return end
            at = end + 1
        return at

    def _pattern(self, at: int) -> int:
        """`{a, b: c}` or `[a]`: what it declares has no value of its own."""
        depth = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            depth += token.is_(*_OPEN)
            depth -= token.is_(*_CLOSE)
            if token.kind is Kind.WORD and not self._key(at):
                self._fix(token)
            at += 1
            if depth <= 0:
                break
        return at

    def _behind_type(self, at: int) -> int:
        """The token behind a type annotation, if there is one."""
        if at < len(self.tokens) and self.tokens[at].is_("!"):
            at += 1
        if at >= len(self.tokens) or not self.tokens[at].is_(":"):
            return at
        depth, start = 0, at
        while at < len(self.tokens):
            token = self.tokens[at]
            if depth == 0 and at > start and self._ends_type(at):
                break
            if token.is_("<", *_OPEN):
                depth += 1
            elif token.is_(">", ">>", ">>>", *_CLOSE):
                depth = max(depth - len(token.text), 0)
            at += 1
        return at

    def _ends_type(self, at: int) -> bool:
        return self.tokens[at].is_("=", ",", ";", *_CLOSE) or self._breaks(at)

    def _fill(self, name: Token, start: int, end: int) -> None:
        """Puts the value of a name in place of the expression of some tokens."""
        if name.text not in self.defines or end <= start:
            return
        self.declared.add(name.text)
        begin, finish = self.tokens[start].start, self.tokens[end - 1].end
        old = self.text[begin:finish]
        if holds_placeholder(old, name.text):
            self._walk(start, end, 1)
            if name.text in self.placed:
                return
        self.edits.replace(begin, finish, in_place_of(old, literal(self.defines[name.text])))

    def _insert(self, name: Token, behind: int) -> None:
        """`let NAME;` gets its value behind the name and its type."""
        self.declared.add(name.text)
        place = self.tokens[behind - 1].end
        goes_on = behind < len(self.tokens) and self.tokens[behind].is_(",", ";")
        # Without a semicolon a bracket on the next line would go on with the value.
        value = literal(self.defines[name.text]) + ("" if goes_on else ";")
        self.edits.replace(place, place, f" = {value}")

    def _end_of_expression(self, at: int) -> int:
        """The index of the token behind an expression, by the rules for missing semicolons."""
        depth, start = 0, at
        while at < len(self.tokens):
            token = self.tokens[at]
            if depth == 0 and token.is_(",", ";", *_CLOSE):
                break
            if depth == 0 and at > start and self._breaks(at):
                break
            depth += token.is_(*_OPEN)
            depth -= token.is_(*_CLOSE)
            at += 1
        return at

    def _breaks(self, at: int) -> bool:
        """Whether a statement ends before this token because it stands on a new line."""
        before, token = self.tokens[at - 1], self.tokens[at]
        if "\n" not in self.text[before.end : token.start]:
            return False
        if before.kind is Kind.PUNCTUATION and not before.is_(")", "]", "}", "++", "--"):
            return False
        if before.kind is Kind.WORD and before.text in _UNFINISHED_WORDS:
            return False
        if token.kind is Kind.TEMPLATE:
            return False
        return not (token.is_(*_GO_ON) or (token.kind is Kind.WORD and token.text in _GO_ON_WORDS))

    # --- other uses -----------------------------------------------------------------------------

    def _look_at(self, at: int) -> None:
        """Placeholders in a text, and names of variables."""
        token = self.tokens[at]
        if token.kind in (Kind.STRING, Kind.TEMPLATE):
            body = self.text[token.body_start : token.body_end]
            quote = token.text[0] if token.kind is Kind.STRING else "`"
            escaped = {name: _escaped(value, quote) for name, value in self.defines.items()}
            filled = fill_placeholders(body, escaped, self.placed, self.names)
            if filled is not None:
                self.edits.replace(token.body_start, token.body_end, filled)
        elif token.kind is Kind.WORD and not self._member(at) and not self._key(at):
            self.mentioned.update({token.text} & self.defines.keys())

    def _fix(self, name: Token) -> None:
        if name.text in self.defines:
            self.fixed.setdefault(name.text, self.text.count("\n", 0, name.start) + 1)

    def _word(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].kind is Kind.WORD

    def _member(self, at: int) -> bool:
        """Whether a word is the name of a member, as in `a.NAME`."""
        return at > 0 and self.tokens[at - 1].is_(".", "?.")

    def _key(self, at: int) -> bool:
        """Whether a word is a key of an object, as in `{NAME: 1}`."""
        behind = at + 1 < len(self.tokens) and self.tokens[at + 1].is_(":")
        return behind and at > 0 and self.tokens[at - 1].is_("{", ",")

    def _assigns(self, at: int) -> bool:
        """Whether a statement `NAME = ...` begins here."""
        if not self._word(at) or at + 1 >= len(self.tokens) or not self.tokens[at + 1].is_("="):
            return False
        return at == 0 or self.tokens[at - 1].is_(";", "}") or self._breaks(at)


def _escaped(value: Any, quote: str) -> str:
    """What stands between quotes so that the text is the value."""
    text = _without_separators(between_quotes(value, quote))
    return text.replace("${", "\\${") if quote == "`" else text


def _without_separators(text: str) -> str:
    """U+2028 and U+2029 escaped: older JavaScript takes them for the end of a line."""
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
