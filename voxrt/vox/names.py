"""Names that a scenario reads: enums, constants, and members that are not there.

On the platform a missing enum member is `undefined`, and scenarios live with it: they add a
listener for it that never hears anything. Here it reads as `None`, and a warning names the
nearest member. A member that the platform has and voxrt does not emulate raises
`NotEmulatedError` when it is used; a member that the platform does not have is absent, so that
feature tests such as `hasattr(client, "responseCancel")` are answered truly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NoReturn

from voxrt.errors import NoSuchMemberError, NotEmulatedError, ScenarioTypeError
from voxrt.session.values import PlatformObject, kind_of
from voxrt.vox import api

COVERAGE_PAGE = "docs/coverage.md"

#: What scenarios use and the type definitions do not have: an older name, and newer ones, of which
#: the platform's pages tell.
UNTYPED_NAMES = {
    "ElevenLabs.createConversationalAIClient",
    "Hush.Events",
    "Hush.NoiseSuppression",
    "Hush.NoiseSuppressionEvents",
    "Hush.createNoiseSuppression",
    "XAI.Events",
    "XAI.VoiceAgentAPIClient",
    "XAI.VoiceAgentAPIEvents",
    "XAI.createVoiceAgentAPIClient",
}


_NONE: Mapping[str, Any] = MappingProxyType({})


class Listing(PlatformObject):
    """Names with values: members are attributes and items, and iterating gives their names."""

    _is_constant = True

    def __getitem__(self, member: str) -> Any:
        return getattr(self, member)

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __dir__(self) -> Iterable[str]:
        return list(self._listed)


class Enum(Listing):
    """An enum of the platform: members are attributes, missing ones read as `None`.

    Args:
        name: Its name.
        warn: Tells the user, with a code.
        extra: More members, with their values.
        gone: Members for events of an older platform, which never come, with their values: they
            can be read, with a warning, and are not listed.
    """

    def __init__(
        self,
        name: str,
        warn: Callable[[str, str], object],
        extra: Mapping[str, Any] = _NONE,
        gone: Mapping[str, Any] = _NONE,
    ) -> None:
        self._name = name
        members = api.enum_members(name)  # of all sessions, which have some thirty enums each
        self._listed = self._members = {**members, **extra} if extra else members
        self._gone = gone
        self._warn = warn
        self._told: frozenset[str] = frozenset()

    def __getattr__(self, member: str) -> Any:
        if member.startswith("_"):
            raise AttributeError(member)
        if member in self._members:
            return self._members[member]
        if member not in self._told:
            self._told |= {member}
            near = api.near_name(member, self._members)
            hint = f"; did you mean {self._name}.{near}?" if near else ""
            text = f"there is no {self._name}.{member}{hint}"
            if member in self._gone:
                text = f"{self._name}.{member} is of an older platform: it never comes"
            self._warn("no-such-member", text)
        return self._gone.get(member)

    def toJSON(self) -> dict[str, Any]:
        """Its members with their values."""
        return dict(self._members)

    def __repr__(self) -> str:
        return self._name


#: The type of a name of `Constants` that has names below it.
LEVEL = "level"


class Constants(Listing):
    """A list of constants with levels below it: `VoiceList.Amazon.Neural.en_US_Joanna`.

    The value of a constant is its own name without the list's: the platform's are opaque objects.
    A function, such as `VoiceList.ElevenLabs.createBrandVoice`, gives the name that a voice would
    have on its level.
    """

    def __init__(self, path: str, warn: Callable[[str, str], object]) -> None:
        self._path = path
        self._warn = warn
        self._listed = self._kinds = _constants(path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._kinds:
            full, kind = f"{self._path}.{name}", self._kinds[name]
            if kind == LEVEL:
                self.__dict__[name] = Constants(full, self._warn)
            elif "=>" in kind:
                self.__dict__[name] = self._maker(name)
            else:
                return full.partition(".")[2]
            return self.__dict__[name]
        near = api.near_name(name, self._kinds)
        hint = f"; did you mean {self._path}.{near}?" if near else ""
        self._warn("no-such-member", f"there is no {self._path}.{name}{hint}")
        return None

    def _maker(self, name: str) -> Callable[..., str]:
        def make(given: Any = None, *_: Any) -> str:
            if not isinstance(given, str):
                raise ScenarioTypeError(
                    f"{self._path}.{name} takes the name of a voice, not {kind_of(given)}"
                )
            return f"{self._path.partition('.')[2]}.{given}"

        make.__name__ = name
        return make


@cache
def _constants(path: str) -> dict[str, str]:
    """The names on one level of a list of constants, levels first, and their types."""
    data = api.surface()
    levels = data["namespaces"][path]["namespaces"]
    kinds = {level.rpartition(".")[2]: LEVEL for level in levels}
    for kind, names in data["constants"].get(path, {}).items():
        kinds |= dict.fromkeys(names, kind)
    return kinds | dict.fromkeys(data["deprecatedConstants"].get(path, ()), "")


#: Told of each use of a member that is not emulated, before its error is raised.
Tell = Callable[[NotEmulatedError], object]


class NotEmulated(PlatformObject):
    """Stands for a member that the platform has and voxrt does not emulate.

    Args:
        name: Its full name.
        tell: Told of each use: a scenario may catch the error, and be none the wiser.
    """

    def __init__(self, name: str, tell: Tell | None = None) -> None:
        self._name = name
        self._tell = tell
        self.__name__ = name.rpartition(".")[2]

    def _refuse(self) -> NoReturn:
        error = NotEmulatedError(
            f"{self._name} is part of VoxEngine, but voxrt does not emulate it yet",
            hint=f"What is emulated is listed in {COVERAGE_PAGE}.",
        )
        if self._tell is not None:
            self._tell(error)
        raise error

    def __call__(self, *arguments: Any, **keywords: Any) -> NoReturn:
        self._refuse()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self._refuse()


class Surface(PlatformObject):
    """A platform object whose absent members are explained.

    Subclasses set `_platform_name` and `_platform_members`, and have a `_context`.
    """

    _platform_name = ""

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.class_members(cls._platform_name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        members = self._platform_members()
        full = f"{self._platform_name}.{name}"
        if name in members:
            context = getattr(self, "_context", None)
            return NotEmulated(full, context and context.session.not_emulated)
        raise NoSuchMemberError.of(full, api.near_name(name, members))


class UnemulatedModule(Listing):
    """A module's namespace that is known but not emulated: its enums work, nothing else does."""

    def __init__(
        self, name: str, warn: Callable[[str, str], object], tell: Tell | None = None
    ) -> None:
        self._name = name
        self._warn = warn
        self._tell = tell
        self._listed = _members(name)

    def __getattr__(self, member: str) -> Any:
        if member.startswith("_"):
            raise AttributeError(member)
        full = f"{self._name}.{member}"
        if member not in self._listed and full not in UNTYPED_NAMES:
            raise NoSuchMemberError.of(full, api.near_name(member, self._listed))
        data = api.surface()
        made: PlatformObject
        if full in data["enums"]:
            made = Enum(full, self._warn)
        elif full in data["namespaces"]:
            made = UnemulatedModule(full, self._warn, self._tell)
        else:
            made = NotEmulated(full, self._tell)
        self.__dict__[member] = made
        return made


@cache
def _members(module: str) -> dict[str, None]:
    """The names of what is in a namespace, as keys."""
    data, prefix = api.surface(), f"{module}."
    names = [
        name.removeprefix(prefix)
        for kind in ("namespaces", "enums", "classes", "functions")
        for name in data[kind]
        if name.startswith(prefix)
    ]
    for constants in data["constants"].get(module, {}).values():
        names += constants
    return dict.fromkeys(name for name in names if "." not in name)
