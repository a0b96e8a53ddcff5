"""Names that a scenario reads: enums, constants, and members that are not there.

On the platform a missing enum member is `undefined`, and scenarios live with it: they add a
listener for it that never hears anything. Here it reads as `None`, and a warning names the
nearest member. A member that the platform has and voxrt does not emulate raises
`NotEmulatedError` when it is used; a member that the platform does not have is absent, so that
feature tests such as `hasattr(client, "responseCancel")` are answered truly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from voxrt.errors import NoSuchMemberError, NotEmulatedError
from voxrt.session.values import PlatformObject
from voxrt.vox import api

COVERAGE_PAGE = "docs/coverage.md"

#: What scenarios still use, and the type definitions no longer have.
LEGACY_NAMES = {"ElevenLabs.createConversationalAIClient"}


class Enum(PlatformObject):
    """An enum of the platform: members are attributes, missing ones read as `None`."""

    _is_constant = True

    def __init__(self, name: str, warn: Callable[[str, str], object], extra: Any = ()) -> None:
        self._name = name
        self._members = {**api.enum_members(name), **dict(extra)}
        self._warn = warn
        self._told: set[str] = set()

    def __getattr__(self, member: str) -> Any:
        if member.startswith("_"):
            raise AttributeError(member)
        if member in self._members:
            return self._members[member]
        if member not in self._told:
            self._told.add(member)
            near = api.near_name(member, self._members)
            hint = f"; did you mean {self._name}.{near}?" if near else ""
            self._warn("no-such-member", f"there is no {self._name}.{member}{hint}")
        return None

    def __getitem__(self, member: str) -> Any:
        return getattr(self, member)

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __dir__(self) -> Iterable[str]:
        return list(self._members)

    def __repr__(self) -> str:
        return self._name

    def toJSON(self) -> dict[str, Any]:
        return dict(self._members)


class Constants(PlatformObject):
    """A list of constants with levels below it: `VoiceList.Amazon.Neural.en_US_Joanna`.

    The value of a constant is its own name without the list's: the platform's are opaque objects.
    """

    _is_constant = True

    def __init__(self, path: str, warn: Callable[[str, str], object]) -> None:
        self._path = path
        self._warn = warn
        data = api.surface()
        levels = data["namespaces"][path]["namespaces"]
        self._levels = {level.rpartition(".")[2]: level for level in levels}
        lists = data["constants"].get(path, {})
        self._names = {name for names in lists.values() for name in names}
        self._names |= set(data["deprecatedConstants"].get(path, ()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._levels:
            level = Constants(self._levels[name], self._warn)
            self.__dict__[name] = level
            return level
        if name in self._names:
            return f"{self._path.partition('.')[2]}.{name}"
        near = api.near_name(name, self._names | set(self._levels))
        hint = f"; did you mean {self._path}.{near}?" if near else ""
        self._warn("no-such-member", f"there is no {self._path}.{name}{hint}")
        return None


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


class UnemulatedModule(PlatformObject):
    """A module's namespace that is known but not emulated: its enums work, nothing else does."""

    def __init__(
        self, name: str, warn: Callable[[str, str], object], tell: Tell | None = None
    ) -> None:
        self._name = name
        self._warn = warn
        self._tell = tell

    def __getattr__(self, member: str) -> Any:
        if member.startswith("_"):
            raise AttributeError(member)
        full = f"{self._name}.{member}"
        data = api.surface()
        if full in data["enums"]:
            return Enum(full, self._warn)
        if full in data["namespaces"]:
            return UnemulatedModule(full, self._warn, self._tell)
        constants = [
            name for names in data["constants"].get(self._name, {}).values() for name in names
        ]
        known_as = (data["classes"], data["functions"], LEGACY_NAMES)
        if member in constants or any(full in names for names in known_as):
            return NotEmulated(full, self._tell)
        known = constants + [
            name.removeprefix(f"{self._name}.")
            for kind in ("enums", "namespaces", "classes", "functions")
            for name in data[kind]
            if name.startswith(f"{self._name}.")
        ]
        raise NoSuchMemberError.of(full, api.near_name(member, known))
