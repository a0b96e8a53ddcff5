"""The parameters of `VoxEngine.createASR`, in all the forms that scenarios use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from voxrt.errors import ScenarioTypeError
from voxrt.session.session import Session
from voxrt.session.values import Struct, entries, kind_of, parameters
from voxrt.vox import api
from voxrt.vox.shortfalls import tell_shortfalls

FUNCTION = "createASR"
#: Older names of parameters that are gone from the type definitions.
OLDER = ("lang", "language", "dict", "dictionary")


@frozen(kw_only=True)
class AsrSettings:
    """What an ASR was asked for.

    Attributes:
        profile: As it was given.
        provider: The profile's provider; empty when only a language was given.
        language: Such as `en-US`; empty to find out.
        dictionary: What `ASR.dictionary()` answers: the dictionary or the phrases.
        hints: Phrases that are likely.
        interim: Whether interim results are wanted.
        single: Whether there is one result only.
        punctuation: Whether texts have punctuation.
        replacements: What is written otherwise: patterns, and what replaces them.
    """

    profile: str
    provider: str
    language: str
    dictionary: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    interim: bool = False
    single: bool = False
    punctuation: bool = False
    replacements: tuple[tuple[re.Pattern[str], str], ...] = ()

    def normalised(self, text: str) -> str:
        """A text with the replacements made."""
        for pattern, replacement in self.replacements:
            text = pattern.sub(replacement.replace("\\", r"\\"), text)
        return text


def read_settings(
    session: Session, given: Any, dictionary: Any, keywords: Mapping[str, Any]
) -> AsrSettings:
    """Reads the parameters.

    Args:
        session: The scenario's session, which is warned.
        given: The parameters as an object: newer ones with `profile`, older ones with `lang` and
            `dict`; or a language, the oldest form.
        dictionary: The second argument of the oldest form.
        keywords: The parameters as keywords.

    Raises:
        ScenarioTypeError: There is neither profile nor language, or a part is not of its kind.
    """
    if isinstance(given, str):
        given = {"lang": given, "dict": dictionary}
    if given is not None and not isinstance(given, Mapping):
        raise ScenarioTypeError(
            f"{FUNCTION} takes its parameters as an object, not {kind_of(given)}"
        )
    params = parameters(given, keywords)
    _tell_ignored(session, params)
    profile = _first(params, "profile", "lang", "language")
    if not profile:
        raise ScenarioTypeError(
            f"{FUNCTION}: profile is missing; take one of ASRProfileList, such as "
            "ASRProfileList.Google.en_US"
        )
    provider, _, name = profile.rpartition(".")
    _tell_foreign_model(session, provider, params.get("model"))
    words = _dictionary(_any(params, "dict", "dictionary"))
    hints = [*_texts("phraseHints", params.get("phraseHints"))]
    for number, context in enumerate(params.get("speechContexts") or ()):
        if not isinstance(context, Mapping):
            raise ScenarioTypeError(f"{FUNCTION}: speechContexts[{number}] must be an object")
        hints += _texts(f"speechContexts[{number}].phrases", context.get("phrases"))
    if isinstance(_any(params, "dict", "dictionary"), list | tuple):
        hints += words
    return AsrSettings(
        profile=profile,
        provider=provider,
        language="" if name == "auto" else name.replace("_", "-"),
        dictionary=tuple(words or hints),
        hints=tuple(hints),
        interim=bool(params.get("interimResults")),
        single=bool(params.get("singleUtterance")),
        punctuation=bool(params.get("enableAutomaticPunctuation")),
        replacements=_replacements(params.get("transcriptNormalization")),
    )


def _any(params: Struct, *names: str) -> Any:
    return next((params[name] for name in names if params.get(name) is not None), None)


def _first(params: Struct, *names: str) -> str:
    value = _any(params, *names)
    if value is not None and not isinstance(value, str):
        raise ScenarioTypeError(
            f"{FUNCTION}: profile must be one of ASRProfileList, not {kind_of(value)}"
        )
    return value or ""


def _texts(name: str, value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ScenarioTypeError(f"{FUNCTION}: {name} must be an array of strings")
    return list(value)


def _dictionary(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else _texts("dict", value)


def _replacements(given: Any) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The entries of `transcriptNormalization`."""
    found = []
    for entry in (given or {}).get("entries") or ():
        search, replace = entry.get("search"), entry.get("replace")
        if not isinstance(search, str) or not search or not isinstance(replace, str):
            raise ScenarioTypeError(
                f"{FUNCTION}: an entry of transcriptNormalization needs the strings search and "
                "replace"
            )
        flags = 0 if entry.get("caseSensitive") else re.IGNORECASE
        found.append((re.compile(rf"(?<!\w){re.escape(search)}(?!\w)", flags), replace))
    return tuple(found)


def _tell_ignored(session: Session, params: Struct) -> None:
    known = {*api.surface()["interfaces"]["ASRParameters"]["fields"], *OLDER}
    tell_shortfalls(session, "VoxEngine.createASR", params)
    for name, _ in entries(params):
        if name not in known:
            near = api.near_name(name, known)
            hint = f"; did you mean {near}?" if near else ""
            session.warn("no-such-parameter", f"{FUNCTION}: there is no parameter {name}{hint}")


def _tell_foreign_model(session: Session, provider: str, model: Any) -> None:
    if isinstance(model, str) and provider and "." in model:
        other = model.partition(".")[0]
        if other != provider:
            session.warn(
                "foreign-model", f"{FUNCTION}: a model of {other} is of no use to {provider}"
            )
