"""What an exploration does to a scenario in one run: a conversation as plain data.

A plan begins with what the user gave (who may be called, the agent, the answers of the outside
world), collects moves, and is written out as the files of a run, or as one conversation file.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from attrs import define, field, frozen

from voxrt.documents import Node, read_document
from voxrt.errors import UsageError
from voxrt.fields import Fields, as_list, is_a
from voxrt.legs.script_file import SCRIPT_KEYS

#: How long everybody stays on the line after the last move, before they hang up.
LINGERS_MS = 3_000
#: How long a move waits for its moment; then it is made anyway.
PATIENCE_MS = 10_000
#: Keys whose value is a file beside the document.
_FILE_KEYS = ("play", "early_media", "file")
SAID = ("Hello?", "Yes, please.", "No.", "What did you say?")
PRESSED = ("1", "2", "0", "#", "12*9")


@frozen(kw_only=True)
class Ground:
    """What all plans of an exploration begin with.

    Attributes:
        people: The caller script as plain data, without the steps of whom the exploration plays.
        agent: The stand-in's script.
        answers: What the outside world answers.
        said: What is said.
        pressed: The keys that are pressed.
        calls_out: The session is started without a call: the exploration plays the first party.
    """

    people: dict[str, Any] = field(factory=dict)
    agent: dict[str, Any] = field(factory=dict)
    answers: dict[str, Any] = field(factory=dict)
    said: tuple[str, ...] = SAID
    pressed: tuple[str, ...] = PRESSED
    calls_out: bool = False

    @property
    def parties(self) -> list[dict[str, Any]]:
        """Those whom the scenario may call."""
        found: list[dict[str, Any]] = self.people.get("parties", [])
        return found

    @property
    def http(self) -> list[dict[str, Any]]:
        """The declared answers to HTTP requests."""
        found: list[dict[str, Any]] = self.answers.get("http", [])
        return found


def read_ground(
    *,
    caller: Path | None = None,
    agent: Path | None = None,
    answers: Path | None = None,
    said: tuple[str, ...] = (),
    pressed: tuple[str, ...] = (),
    calls_out: bool = False,
) -> Ground:
    """Takes from the files of a run what an exploration begins with.

    What callers say and press in the caller script, and the phrases that the agent's rules know,
    become what the exploration says and presses.

    Args:
        caller: A caller script in YAML.
        agent: An agent script in YAML.
        answers: A file of answers in YAML.
        said: Said as well.
        pressed: Pressed as well.
        calls_out: The session is started without a call.

    Raises:
        InputError: A file is wrong, or no YAML.
    """
    people = _people(caller)
    minds = _mapping(agent, "an agent script", "rules")
    texts = [*said, *_phrases_of(minds)]
    keys = list(pressed)
    others = (*people.get("parties", []), *people.get("callers", []))
    for person in (people.get("caller", {}), *others):
        person.pop("expect", None)  # of the conversation that it was written for
        for step in person.get("steps", []):
            if isinstance(step, dict):
                texts += [text for text in (step.get("say"), step.get("barge_in")) if text]
                keys += [str(step["press"])] if "press" in step else []
    if calls_out and not people.get("parties"):
        people["parties"] = [{"match": "*"}]
    played = people["parties"][0] if calls_out else people.setdefault("caller", {})
    for key in ("steps", "then", "patience_ms"):
        played.pop(key, None)
    return Ground(
        people=people,
        agent=minds,
        answers=_mapping(answers, "a file of answers", "http"),
        said=tuple(dict.fromkeys(str(text) for text in texts if isinstance(text, str))) or SAID,
        pressed=tuple(dict.fromkeys(keys)) or PRESSED,
        calls_out=calls_out,
    )


@define
class Plan:
    """One conversation of an exploration, move by move.

    Attributes:
        ground: What it begins with.
        steps: What the person does.
        over: They have hung up.
        on_hold: They have put the call on hold.
        muted: They have muted themselves.
        silent: They send no packets.
    """

    ground: Ground
    steps: list[Any] = field(factory=list)
    over: bool = False
    on_hold: bool = False
    muted: bool = False
    silent: bool = False
    _people: dict[str, Any] = field(init=False)
    _agent: dict[str, Any] = field(init=False)
    _answers: dict[str, Any] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._people = copy.deepcopy(self.ground.people)
        self._agent = copy.deepcopy(self.ground.agent)
        self._answers = copy.deepcopy(self.ground.answers)

    # --- moves ------------------------------------------------------------------------------

    def step(self, *steps: Any) -> None:
        """Lets the person do something."""
        self.steps += steps

    def give_up_early(self, after_ms: int) -> None:
        """Lets the caller hang up when the call is not answered by then."""
        self._people["caller"]["patience_ms"] = after_ms

    def fault(self, kind: str, **about: Any) -> None:
        """Lets something go wrong at the provider; of each kind, only the first counts."""
        faults = self._agent.setdefault("faults", [])
        if all(fault["fault"] != kind for fault in faults):
            faults.append({"fault": kind, **about})

    def party(self, number: int, **about: Any) -> None:
        """Lets a party take the call otherwise."""
        party = self._people["parties"][number]
        for key in ("busy", "no_answer", "fail", "reason", "answer_after_ms", "fail_after_ms"):
            party.pop(key, None)
        party.update(about)

    def answer(self, number: int, **about: Any) -> None:
        """Lets the outside world answer otherwise."""
        entry = self._answers["http"][number]
        if "error" in about:
            entry.pop("reply", None)
        entry.update(about)

    def shorter(self) -> Iterator[Plan]:
        """The plans with one step or one fault less."""
        for at in range(len(self.steps)):
            plan = copy.deepcopy(self)
            del plan.steps[at]
            plan.over = "hang_up" in plan.steps
            yield plan
        own = len(self.ground.agent.get("faults", []))
        for at in range(own, len(self._agent.get("faults", []))):
            plan = copy.deepcopy(self)
            del plan._agent["faults"][at]
            if not plan._agent["faults"]:
                del plan._agent["faults"]
            yield plan

    # --- as documents -----------------------------------------------------------------------

    @property
    def people(self) -> dict[str, Any]:
        """The caller script."""
        people = copy.deepcopy(self._people)
        played = people["parties"][0] if self.ground.calls_out else people["caller"]
        played["steps"] = [*self.steps]
        if not self.over:
            played["steps"] += [{"wait": LINGERS_MS}, "hang_up"]
        return people

    @property
    def told(self) -> dict[str, Any]:
        """What happens, for people: what is other than on the ground."""
        told: dict[str, Any] = {"steps": self.steps} if self.steps else {}
        if "patience_ms" in self._people.get("caller", {}):
            told["patience_ms"] = self._people["caller"]["patience_ms"]
        for key, mine, ground in (
            ("faults", self._agent.get("faults", []), self.ground.agent.get("faults", [])),
            ("parties", self._people.get("parties", []), self.ground.parties),
            ("http", self._answers.get("http", []), self.ground.http),
        ):
            other = [entry for entry in mine if entry not in ground]
            if other:
                told[key] = other
        return told or {"steps": "none: the person is silent"}

    def documents(self) -> dict[str, str]:
        """The YAML files of a run, by the field of `RunConfig` that names them."""
        documents = {"caller": as_yaml(self.people)}
        if self._agent:
            documents["agent"] = as_yaml(self._agent)
        if self._answers:
            documents["http"] = as_yaml(self._answers)
        return documents

    def conversation(self, about: dict[str, Any]) -> dict[str, Any]:
        """The plan as a conversation file, behind the keys that say what is run."""
        document = {**about, **self.people}
        if self._agent:
            document["agent"] = self._agent
        if self._answers:
            document["answers"] = self._answers
        return document


def as_yaml(document: Any) -> str:
    """A document as YAML that people like to read."""
    text: str = yaml.safe_dump(
        document, sort_keys=False, allow_unicode=True, width=100, default_flow_style=False
    )
    return text


def beside(path: Path, folder: Path) -> str:
    """How a file in `folder` names another file."""
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _people(path: Path | None) -> dict[str, Any]:
    document = _document(path, "a caller script")
    if document is None:
        return {}
    if isinstance(document.value, list):
        return {"caller": {"steps": _plain(document, document.file)}}
    Fields(document, "a script", SCRIPT_KEYS)
    people: dict[str, Any] = _plain(document, document.file)
    for key in ("callers", "parties"):
        if key in people:
            as_list(document.value[key])
    return people


def _mapping(path: Path | None, what: str, key: str) -> dict[str, Any]:
    """A document as a mapping; a list is what stands under `key`."""
    document = _document(path, what)
    if document is None or document.value is None:
        return {}
    plain = _plain(document, document.file)
    if isinstance(plain, list):
        return {key: plain}
    if not isinstance(plain, dict):
        document.fail(f"{what} must be a mapping of keys, but is {is_a(document)}")
    return plain


def _document(path: Path | None, what: str) -> Node | None:
    if path is None:
        return None
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise UsageError(f"an exploration changes {what}, so it has to be YAML", file=str(path))
    return read_document(path)


def _plain(node: Node, file: str, key: str = "") -> Any:
    """A node as plain data, with the files that it names found from everywhere."""
    if isinstance(node.value, dict):
        return {name: _plain(item, file, name) for name, item in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(item, file, key) for item in node.value]
    is_path = key in _FILE_KEYS and isinstance(node.value, str)
    if is_path and (Path(file).parent / node.value).is_file():
        return str((Path(file).parent / node.value).resolve())
    return node.value


def _phrases_of(agent: dict[str, Any]) -> list[str]:
    """What the rules of an agent script listen for."""
    phrases: list[str] = []
    rules = agent.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        when = rule.get("when") if isinstance(rule, dict) else None
        if isinstance(when, dict):
            when = when.get("contains", when.get("all"))
        found = when if isinstance(when, list) else [when]
        phrases += [text for text in found if isinstance(text, str)]
    return phrases
