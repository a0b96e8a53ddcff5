"""Every error that voxrt raises, as one tree.

    VoxrtError                      code   what it tells the reader
    ├── InputError                         something given to voxrt is wrong: a file, an option
    │   ├── UsageError          V100      a command-line option or argument
    │   ├── DocumentError       V110      a YAML or JSON file: names file, line and key
    │   ├── AudioFileError      V120      an audio file that cannot be read
    │   ├── ToneScriptError     V121      a tone script that says nothing; names the character
    │   └── ScenarioError       V200      the scenario; points at its file and line
    │       ├── ScenarioSyntaxError   V201   it does not compile
    │       ├── ScenarioTypeError     V202   a platform function got a wrong argument
    │       ├── NoSuchMemberError     V203   the platform has no such member
    │       ├── NotEmulatedError      V204   the platform has it, voxrt does not yet
    │       └── LimitError            V205   a limit of the platform was exceeded
    ├── MediaError              V300      the audio core refused a call
    ├── ProtocolError                     a realtime conversation broke its rules
    │   ├── LocalProtocolError  V400      by our side
    │   └── RemoteProtocolError V401      by the other side
    ├── LinkError               V410      the connection to a provider failed
    ├── CassetteError           V420      a scenario sent a provider what was not recorded
    ├── StalledError            V500      virtual time cannot go on; lists what holds it
    └── OutputError             V510      a file of the run cannot be written; names it

`InputError` is what a user can repair; anything else below `VoxrtError` is about the run.
A bug in voxrt itself is never one of these: it stays an ordinary exception.
"""

from __future__ import annotations


class VoxrtError(Exception):
    """What happened, where, and what to do about it.

    Args:
        message: One sentence: what is wrong, with the offending value.
        hint: What to do next, as a sentence; empty when the message says it all.
        file: The user's file that caused it, as the user named it.
        line: Its line, counted from 1.
        column: Its column, counted from 1.
    """

    code = "V000"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line
        self.column = column

    @property
    def where(self) -> str:
        """`file:line:column`, as far as it is known; empty when it is not."""
        parts = [self.file, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None) if self.file else ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} {self.hint}" if self.hint else text


class InputError(VoxrtError):
    """Something that the user gave to voxrt is wrong."""


class UsageError(InputError):
    """A command-line option, an argument or a setting is wrong."""

    code = "V100"


class DocumentError(InputError):
    """A YAML or JSON document is malformed or does not fit its schema."""

    code = "V110"


class AudioFileError(InputError):
    """An audio file is missing, damaged or of a kind that voxrt cannot read."""

    code = "V120"


class ToneScriptError(InputError):
    """A tone script does not say what to play."""

    code = "V121"


class ScenarioError(InputError):
    """The scenario is wrong; `file` and `line` point into it."""

    code = "V200"


class ScenarioSyntaxError(ScenarioError):
    """A scenario file does not compile."""

    code = "V201"


class ScenarioTypeError(ScenarioError, TypeError):
    """A platform function was called with an argument of the wrong type or value."""

    code = "V202"


class NoSuchMemberError(ScenarioError, AttributeError):
    """The platform has no such member; the hint names a near one."""

    code = "V203"
    member = ""
    """The name that was looked up."""

    @classmethod
    def of(cls, full_name: str, near: str) -> NoSuchMemberError:
        """The error of a member.

        Args:
            full_name: The member with what it was looked up on, such as `Call.hangUp`.
            near: The name of a member that may have been meant; empty when none is near.
        """
        hint = f"Did you mean {near}?" if near else ""
        error = cls(f"there is no {full_name} on the platform", hint=hint)
        error.member = full_name.rpartition(".")[2]
        return error


class NotEmulatedError(ScenarioError):
    """The platform has this member, and voxrt does not emulate it yet."""

    code = "V204"


class LimitError(ScenarioError):
    """A limit of the platform was exceeded."""

    code = "V205"


class MediaError(VoxrtError):
    """The audio core refused a call: a wrong rate or length, a closed port, no room."""

    code = "V300"


class ProtocolError(VoxrtError):
    """A realtime conversation broke the rules of its protocol."""


class LocalProtocolError(ProtocolError):
    """Our side tried to send something that the protocol does not allow."""

    code = "V400"


class RemoteProtocolError(ProtocolError):
    """The other side sent something that the protocol does not allow."""

    code = "V401"


class LinkError(VoxrtError):
    """The connection to a provider could not be made, or was lost."""

    code = "V410"


class CassetteError(VoxrtError):
    """A scenario sent to the provider what its recording does not have."""

    code = "V420"


class StalledError(VoxrtError):
    """Virtual time stands still: nothing is due, or a hold is never released."""

    code = "V500"


class OutputError(VoxrtError):
    """A file that a run leaves behind cannot be written, or not any more: a full disk."""

    code = "V510"
