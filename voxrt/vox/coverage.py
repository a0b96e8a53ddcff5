"""What of the platform is emulated: a page made from the code, and held to it by a test.

    python -m voxrt.vox.coverage           writes docs/coverage.md again

The platform's surface comes from `api.json`. Whether a member is there is read in the source of
the rooms that make what a scenario sees: a class says which of the platform's it is by
`_platform_name`, and an event is emitted where its name is handed to a function that emits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from attrs import define, field

from voxrt.vox import api

ROOMS = ("session", "vox", "connectors")
#: The functions that emit an event, by the name in one of their arguments.
EMITTING = (
    "emit",
    "_emit",
    "deliver",
    "_last_event",
    "report",
    "_report",
    "_media_event",
    "_script_event",
    "_tell",
)
#: Enums whose events are named without their prefix: those of players and of a connector's media.
SHORT_NAMES = ("Grok.Events", "PlayerEvents", "SequencePlayerEvents")
#: Enums whose events are made of the provider's messages, one for one.
MADE_OF_MESSAGES = ("Grok.VoiceAgentAPIEvents",)
#: The groups of the page: those of `api.json`, and the modules that are emulated.
MODULES = ("Grok", "MeasurementProtocol")
GROUPS = ("core", "contactCentre")

#: What is emulated in part, and which part is not.
PARTIAL = {
    "VoxEngine.callPSTN": "without `followDiversion`",
    "VoxEngine.callSIP": "without registrations and video",
    "VoxEngine.callUser": "without video and codec lists",
    "VoxEngine.forwardCallToUser": "without video",
    "VoxEngine.forwardCallToSIP": "without video",
    "Call.answer": "headers only",
    "Call.startEarlyMedia": "headers only",
    "Call.say": "a voice of espeak-ng or a synthetic one; without `ttsOptions` and `request`",
    "VoxEngine.createTTSPlayer": (
        "a voice of espeak-ng or a synthetic one; without `ttsOptions` and `request`"
    ),
    "VoxEngine.createURLPlayer": "ogg with Vorbis only, not Speex",
    "Call.startPlayback": "ogg with Vorbis only, not Speex",
    "VoxEngine.enqueueTask": "calls only; without video",
    "VoxEngine.enqueueACDRequest": "without video",
    "Call.record": "without video and transcription; mp3 and flac when an encoder is installed",
    "Call.answerDirect": "headers only",
    "Call.monitorMediaStatistics": "jitter and packet loss as caller scripts have them",
    "VoxEngine.createRecorder": "without video; mp3 and flac when an encoder is installed",
    "Conference.add": "sound only",
    "Endpoint.manageEndpoint": "sound only",
    "ConferenceRecorder.setPriority": "kept and answered; no picture is drawn",
    "ConferenceRecorder.getPriority": "kept and answered; no picture is drawn",
    "ConferenceRecorder.update": "checked; no picture is drawn",
    "VoxEngine.createASR": (
        "texts are the words of voxrt's own speech, or an installed recogniser's; one set of "
        "instants and confidences for all providers"
    ),
    "AMD.create": "rules instead of models; never `MIMIC`",
    "IVRState.settings": "a copy in JavaScript: what is changed there later has no effect",
    "WebSocket.sendMediaTo": "OPUS when libopus is installed",
    **{
        f"MeasurementProtocol.{function}": "does nothing, and says so"
        for function in sorted(api.namespace_functions("MeasurementProtocol"))
    },
}

_HIDDEN = "of the platform's hidden voicemail service, which scenarios cannot start"
#: What is not emulated for a reason that will last.
REASONS = {
    "CallEvents.AudioIdentificationError": _HIDDEN,
    "CallEvents.AudioIdentificationResult": _HIDDEN,
    "CallEvents.AudioIdentificationStarted": _HIDDEN,
    "CallEvents.AudioIdentificationStopped": _HIDDEN,
    "CallEvents.FirstVideoPacketReceived": "no video",
    "CallEvents.Statistics": "the platform no longer sends it",
    "CallEvents.VideoTrackCreated": "no video",
}


@define
class Source:
    """What the code defines: members by the platform's class or namespace, and events."""

    members: dict[str, set[str]] = field(factory=dict)
    names: set[str] = field(factory=set)
    """Strings that are keys of dictionaries, and the names of functions: the global scope."""
    emitted: set[str] = field(factory=set)
    _classes: dict[str, ast.ClassDef] = field(factory=dict)

    @classmethod
    def read(cls) -> Source:
        """Reads the source of the rooms that a scenario sees."""
        source = cls()
        trees = [ast.parse(path.read_text(encoding="utf-8")) for path in _modules()]
        for tree in trees:
            source._take_definitions(tree)
        for tree in trees:
            source._take_emits(tree)
        for node in source._classes.values():
            name = _platform_name(node)
            if name:
                source.members.setdefault(name, set()).update(source._members_of(node))
        return source

    def _take_definitions(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self._classes[node.name] = node
            elif isinstance(node, ast.Dict):
                self.names |= {text for key in node.keys if (text := _text(key))}
        self.names |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}

    def _take_emits(self, tree: ast.Module) -> None:
        constants = _constants(tree.body)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name_of(node.func) in EMITTING:
                texts = [_text(arg) or constants.get(_name_of(arg), "") for arg in node.args]
                self.emitted.update(text for text in texts if text)

    def _members_of(self, node: ast.ClassDef) -> set[str]:
        """Public methods and attributes of a class, those of its bases included."""
        members: set[str] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.FunctionDef):
                members.add(part.name)
            elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
                members.add(part.attr)
        for base in node.bases:
            found = self._classes.get(_name_of(base))
            if found is not None:
                members |= self._members_of(found)
        return {member for member in members if not member.startswith("_")}


def _modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted(Path(str(files("voxrt") / room)).rglob("*.py"))


def _text(node: ast.expr | None) -> str:
    """The value of a string literal; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _constants(body: list[ast.stmt]) -> dict[str, str]:
    """The names that the statements bind to string literals."""
    return {
        _name_of(target): _text(node.value)
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
    }


def _platform_name(node: ast.ClassDef) -> str:
    return _constants(node.body).get("_platform_name", "")


@define
class Part:
    """A class, a namespace or an enum of events, and what of it is there."""

    name: str
    full: list[str] = field(factory=list)
    partial: list[str] = field(factory=list)
    absent: list[str] = field(factory=list)

    def sort_in(self, members: Iterable[str], present: set[str]) -> Part:
        """Puts each member where it belongs."""
        for member in members:
            if f"{self.name}.{member}" in PARTIAL and member in present:
                self.partial.append(member)
            else:
                (self.full if member in present else self.absent).append(member)
        return self

    @property
    def status(self) -> str:
        """`full`, `partial` or `absent`, of the whole."""
        if not self.full and not self.partial:
            return "absent"
        return "partial" if self.partial or self.absent else "full"

    def row(self) -> str:
        """Its row of a table."""
        partial = [f"`{m}` ({PARTIAL[f'{self.name}.{m}']})" for m in self.partial]
        plain = [m for m in self.absent if f"{self.name}.{m}" not in REASONS]
        by_reason: dict[str, list[str]] = {}
        for member in self.absent:
            if f"{self.name}.{member}" in REASONS:
                by_reason.setdefault(REASONS[f"{self.name}.{member}"], []).append(member)
        absent = [_code(plain)] if plain else []
        absent += [f"{_code(members)} ({reason})" for reason, members in by_reason.items()]
        cells = (_code(self.full), "; ".join(partial), "; ".join(absent))
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


def enums() -> list[str]:
    """The enums that can be read, with all their members."""
    return [name for name in sorted(api.surface()["enums"]) if _in_scope(name)]


_HEAD = """\
# What is emulated

<!-- Made by `python -m voxrt.vox.coverage` from the code; a test holds this page to it. -->

The platform's surface is that of its type definitions 7.51, without the management wrapper and \
the voice-AI modules that are not emulated.
An absent member raises `NotEmulatedError` at the scenario's line when it is used; a name that the \
platform does not have is absent here too.

"""


def page() -> str:
    """The whole page, as Markdown."""
    source = Source.read()
    kinds = {
        "Functions": namespaces(source),
        "Methods": classes(source),
        "Events": events(source),
    }
    lines = ["| | full | partial | absent |", "|---|---|---|---|"]
    for kind, parts in kinds.items():
        counts = [sum(len(getattr(p, s)) for p in parts) for s in ("full", "partial", "absent")]
        lines.append(f"| {kind} | {counts[0]} | {counts[1]} | {counts[2]} |")
    lines.append(f"| Enums | {len(enums())} | 0 | 0 |")
    for kind, parts in kinds.items():
        there = [part for part in parts if part.status != "absent"]
        missing = [part.name for part in parts if part.status == "absent"]
        lines += ["", f"## {kind}", ""]
        lines += ["| | | full | partial | absent |", "|---|---|---|---|---|"]
        lines += [part.row() for part in there]
        if missing:
            lines += ["", f"Absent as a whole: {_code(missing)}."]
    lines += ["", "## Enums", "", f"All members have the platform's values: {_code(enums())}."]
    return _HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Writes the page into the project that this module belongs to."""
    target = Path(__file__).parents[2] / "docs" / "coverage.md"
    target.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
