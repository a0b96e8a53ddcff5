"""What of the platform is emulated: a page made from the code, and held to it by tests.

    python -m voxrt.vox.coverage           writes docs/coverage.md again

The platform's surface comes from `api.json`. Whether a member is there is read in the source of
the rooms that make what a scenario sees (`coverage_source.py`); what is there in part, and why
something is not, is written down in `coverage_notes.py` and `shortfalls.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from attrs import define, field

from voxrt.vox import api
from voxrt.vox.coverage_notes import ABSENT_FIELDS, CONSTANT_FIELDS, PARTIAL, reason
from voxrt.vox.coverage_source import Source
from voxrt.vox.shortfalls import WITHOUT_EFFECT

#: Enums whose events are named without their prefix: those of players and of a connector's media.
SHORT_NAMES = ("Grok.Events", "PlayerEvents", "SequencePlayerEvents")
#: Enums whose events are made of the provider's messages, one for one.
MADE_OF_MESSAGES = ("Grok.VoiceAgentAPIEvents",)
#: The groups of the page: those of `api.json`, and the modules that are emulated.
MODULES = ("AI", "Grok", "MeasurementProtocol", "Pipecat", "Silero", "VoximplantAPI")
GROUPS = ("core", "contactCentre")
STATUSES = ("full", "partial", "absent")


def note_of(full: str) -> str:
    """What of a member is not emulated; empty for one that is full, or absent."""
    unused = WITHOUT_EFFECT.get(full, {})
    parts = [PARTIAL.get(full, ""), f"without effect: {_code(unused)}" if unused else ""]
    return "; ".join(part for part in parts if part)


@define
class Part:
    """A class, a namespace or an enum of events, and what of it is there.

    Args:
        name: Its full name.
        note: Says what is missing of a member that is there.
    """

    name: str
    note: Callable[[str], str] = note_of
    full: list[str] = field(factory=list)
    partial: list[str] = field(factory=list)
    absent: list[str] = field(factory=list)

    def sort_in(self, members: Iterable[str], present: set[str]) -> Part:
        """Puts each member where it belongs."""
        for member in members:
            if member not in present:
                self.absent.append(member)
            elif self.note(f"{self.name}.{member}"):
                self.partial.append(member)
            else:
                self.full.append(member)
        return self

    @property
    def status(self) -> str:
        """`full`, `partial` or `absent`, of the whole."""
        if not self.full and not self.partial:
            return "absent"
        return "partial" if self.partial or self.absent else "full"

    def _told(self, members: Iterable[str], why: Callable[[str], str]) -> str:
        """Members, each with why it is not full; those with the same reason together."""
        by_reason = _by_value({member: why(f"{self.name}.{member}") for member in members})
        return "; ".join(
            _code(names) + (f" ({text})" if text else "") for text, names in by_reason.items()
        )

    def row(self) -> str:
        """Its row of a table."""
        partial, absent = self._told(self.partial, self.note), self._told(self.absent, reason)
        cells = (_code(self.full), partial, absent)
        return f"| `{self.name}` | {self.status} | " + " | ".join(cells) + " |"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _in_scope(name: str) -> bool:
    groups = [api.surface()["groups"][name] for name in GROUPS]
    top = name.partition(".")[0]
    return top in MODULES or any(top in g["namespaces"] or top in g["globals"] for g in groups)


def namespaces(source: Source) -> list[Part]:
    """The namespaces and their functions; the globals are one of them."""
    parts = [
        Part(name).sort_in(sorted(api.namespace_functions(name)), source.members.get(name, set()))
        for name in sorted(api.surface()["namespaces"])
        if _in_scope(name) and api.namespace_functions(name)
    ]
    globals_ = sorted(name for name in api.surface()["functions"] if "." not in name)
    return [*parts, Part("(global)").sort_in(globals_, source.names)]


def classes(source: Source) -> list[Part]:
    """The classes and their methods."""
    return [
        Part(name).sort_in(sorted(api.class_members(name)), source.members.get(name, set()))
        for name in sorted(api.surface()["classes"])
        if _in_scope(name) and api.class_members(name)
    ]


def events(source: Source) -> list[Part]:
    """The enums of events, and which of them are emitted."""
    by_enum: dict[str, dict[str, str]] = {}
    for full, event in api.surface()["events"].items():
        enum, _, member = full.rpartition(".")
        if _in_scope(enum):
            by_enum.setdefault(enum, {})[member] = event["value"]
    parts = []
    for enum in sorted(by_enum):
        members = by_enum[enum]
        present = {
            member
            for member, value in members.items()
            if enum in MADE_OF_MESSAGES or _is_emitted(enum, member, value, source)
        }
        parts.append(Part(enum).sort_in(sorted(members), present))
    return parts


def _is_emitted(enum: str, member: str, value: str, source: Source) -> bool:
    short = member in source.emitted and enum in SHORT_NAMES
    return value in source.emitted or short


def event_fields(source: Source) -> list[Part]:
    """The events that are emitted, with the fields that they are declared with."""
    parts = []
    for enum in events(source):
        for member in (*enum.full, *enum.partial):
            name = f"{enum.name}.{member}"
            declared = [
                f for f in api.surface()["events"][name]["fields"] if f not in ("name", "id")
            ]
            present = {f for f in declared if f"{name}.{f}" not in ABSENT_FIELDS}
            parts.append(Part(name, _note_of_field).sort_in(declared, present))
    return parts


def _note_of_field(full: str) -> str:
    constant = CONSTANT_FIELDS.get(full)
    return "" if constant is None else f"always `{constant[0]}`: {constant[1]}"


def enums() -> list[str]:
    """The enums that can be read, with all their members."""
    return [name for name in sorted(api.surface()["enums"]) if _in_scope(name)]


def lists() -> dict[str, int]:
    """The lists of constants, and how many each has."""
    found = dict[str, int]()
    for path, kinds in api.surface()["constants"].items():
        name = path.partition(".")[0]
        if _in_scope(name):
            found[name] = found.get(name, 0) + sum(map(len, kinds.values()))
    return found


def absent_modules() -> list[str]:
    """The namespaces at the top that are known, and whose functions and classes are absent."""
    groups = [group for name, group in api.surface()["groups"].items() if name not in GROUPS]
    names = {name for group in groups for name in group["namespaces"]}
    return sorted(names - set(MODULES))


_HEAD = """\
# What is emulated

<!-- Made by `python -m voxrt.vox.coverage` from the code; tests hold this page to it. -->

The platform's surface is that of its type definitions 7.51, without the voice-AI modules that are \
not emulated.
An absent member raises `NotEmulatedError` at the scenario's line when it is used; a name that the \
platform does not have is absent here too.
A parameter without effect is warned of (`not-emulated`) where a scenario gives it.

"""


def page() -> str:
    """The whole page, as Markdown."""
    source = Source.read()
    kinds = {
        "Functions": namespaces(source),
        "Methods": classes(source),
        "Events": events(source),
        "Event fields": event_fields(source),
    }
    lines = ["| | full | partial | absent |", "|---|---|---|---|"]
    for kind, parts in kinds.items():
        counts = [sum(len(getattr(p, s)) for p in parts) for s in STATUSES]
        lines.append(f"| {kind} | {counts[0]} | {counts[1]} | {counts[2]} |")
    members = sum(len(api.enum_members(name)) for name in enums())
    lines.append(f"| Enum members | {members} | 0 | 0 |")
    for kind, parts in kinds.items():
        there = [part for part in parts if part.status != "absent"]
        missing = [part.name for part in parts if part.status == "absent"]
        lines += ["", f"## {kind}", ""]
        if kind == "Event fields":
            lines += ["Besides `name` and `id`, which all events have.", ""]
        lines += ["| | | full | partial | absent |", "|---|---|---|---|---|"]
        lines += [part.row() for part in there]
        if missing:
            shown = ", ".join(
                f"`{name}`" + (f" ({reason(name)})" if reason(name) else "") for name in missing
            )
            lines += ["", f"Absent as a whole: {shown}."]
    lines += ["", "## Enums", "", f"All members have the platform's values: {_code(enums())}."]
    counts_of = ", ".join(f"`{name}` ({count})" for name, count in sorted(lists().items()))
    lines += ["", "## Lists", "", f"All constants are there: {counts_of}."]
    lines += ["", "## Parameters without effect", "", "| | | why |", "|---|---|---|"]
    lines += [
        f"| `{function}` | {_code(names)} | {why} |"
        for function, unused in sorted(WITHOUT_EFFECT.items())
        for why, names in _by_value(unused).items()
    ]
    lines += ["", "## Absent modules", ""]
    lines += [
        "Their enums can be read, and everything else of them raises `NotEmulatedError`: "
        f"{_code(absent_modules())}."
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _by_value(names: dict[str, str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in names.items():
        grouped.setdefault(value, []).append(name)
    return grouped


def main() -> None:
    """Writes the page into the project that this module belongs to."""
    target = Path(__file__).parents[2] / "docs" / "coverage.md"
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
