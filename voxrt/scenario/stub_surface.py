"""The platform's API surface as the stubs need it: what is covered, and what a name means."""

from __future__ import annotations

from typing import Any

from attrs import define, field

from voxrt.scenario.stub_facts import EXTRA_FIELDS
from voxrt.scenario.stub_text import is_top, words

#: Namespaces of constants only; they have a stub file of their own.
LISTS = ("ASRModelList", "ASRProfileList", "VoiceList")
#: The groups of the surface that are covered as a whole.
GROUPS = ("core", "contactCentre")


@define
class Surface:
    """Reads `voxrt/vox/api.json`.

    Attributes:
        api: The file's content.
        kinds: Every name that the stubs cover: class, enum, alias, struct (what a scenario
            receives) or parameters (what it hands over).
    """

    api: dict[str, Any]
    kinds: dict[str, str] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        for section, kind in (("classes", "class"), ("enums", "enum"), ("typeAliases", "alias")):
            self.kinds.update(dict.fromkeys(self.covered(section), kind))
        received = self._received()
        for name, entry in self.covered("interfaces").items():
            if entry["fields"] and all(key.startswith("[") for key in entry["fields"]):
                continue  # a map from event to payload
            self.kinds[name] = "struct" if name in received else "parameters"

    def covered(self, section: str) -> dict[str, Any]:
        """The entries of a section that the stubs cover: those of `GROUPS`, and Grok."""
        extra = {"_VoiceAIClientParameters"}
        return {
            name: entry
            for name, entry in self.api[section].items()
            if (entry["group"] in GROUPS or name.split(".")[0] == "Grok" or name in extra)
            and name.split(".")[0] not in LISTS
            and name != "Grok._VoiceAgentAPIClientEvents"
        }

    def namespaces(self) -> list[str]:
        """The namespaces that are globals."""
        return [name for name in self.covered("namespaces") if is_top(name)]

    def of(self, *kinds: str) -> list[str]:
        """The covered names of these kinds."""
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def qualified(self, name: str, namespace: str) -> str | None:
        """The full name of what `name` means inside a namespace; None when it is not covered."""
        parts = namespace.split(".") if namespace else []
        for depth in range(len(parts), -1, -1):
            full = ".".join([*parts[:depth], name])
            if full in self.kinds:
                return full
        return None

    def bases(self, name: str) -> list[str]:
        """The full names of the interfaces that an interface extends."""
        scope = name.rpartition(".")[0]
        bases = [self.qualified(base, scope) for base in self.api["interfaces"][name]["extends"]]
        return [base for base in bases if base is not None]

    def fields(self, name: str) -> dict[str, dict[str, Any]]:
        """The fields of an interface, inherited ones first, each with its namespace as `scope`."""
        fields: dict[str, dict[str, Any]] = {}
        for base in self.bases(name):
            fields |= self.fields(base)
        own = dict(self.api["interfaces"][name]["fields"])
        for key, text in EXTRA_FIELDS.get(name, {}).items():
            own.setdefault(key, {"type": text})
        scope = name.rpartition(".")[0]
        return fields | {key: {**value, "scope": scope} for key, value in own.items()}

    def _received(self) -> set[str]:
        """Interfaces that a scenario receives: events, results, and what they contain."""
        interfaces = self.covered("interfaces")
        found = {
            name
            for name in interfaces
            if name.split(".")[-1].startswith("_") and not name.endswith("Parameters")
        }
        mentioned = {word for text in self._result_types() for word in words(text)}
        while True:
            inner = {
                word
                for name in found
                for value in interfaces[name]["fields"].values()
                for word in words(value["type"])
            }
            more = {name for name in interfaces if name.split(".")[-1] in mentioned | inner}
            if more <= found:
                return found
            found |= more

    def _result_types(self) -> list[str]:
        signatures = [
            signature
            for entry in self.covered("functions").values()
            for signature in entry["signatures"]
        ]
        signatures += [
            signature
            for entry in self.covered("classes").values()
            for overloads in entry["methods"].values()
            for signature in overloads
        ]
        return [signature["returns"] for signature in signatures]
