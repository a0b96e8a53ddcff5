"""The making of recorders and conferences: one side of `VoxEngine`.

Source: https://voximplant.com/docs/references/voxengine/voxengine
"""

from __future__ import annotations

from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.values import kind_of, parameters
from voxrt.vox.conference import Conference
from voxrt.vox.context import Context
from voxrt.vox.recorder import ConferenceRecorder, Recorder, check_layout
from voxrt.vox.reel import check_recording


class Mixing:
    """Makes what mixes the audio of several units."""

    _context: Context

    def createRecorder(self, parameters_: Any = None, secure: Any = None, **kw: Any) -> Recorder:
        """A recorder: an audio file of the mix of all that is sent to it.

        Args:
            parameters_: `name`, `recordNamePrefix`, `hd_audio`, `lossless`, `expire`, `secure`,
                `video`, `videoParameters`; or the name, the older form.
            secure: Only with the older form.
            kw: The parameters as keywords.

        Returns:
            A `ConferenceRecorder` with `video`, of which only the sound is recorded.
        """
        self._demand_module("Recorder", "createRecorder")
        given = {"name": parameters_} if isinstance(parameters_, str) else parameters_
        params = parameters(given, kw if secure is None else {**kw, "secure": bool(secure)})
        check_recording(self._context, "VoxEngine.createRecorder", params)
        picture = params.get("videoParameters", params.get("videoopt"))
        if picture is not None:
            check_layout("createRecorder", parameters(picture, {}))
        make = ConferenceRecorder if params.get("video") else Recorder
        recorder = make(self._context, params)
        self._context.session.command("CreateRecorder", [{"id": recorder._unit_id, **params}])
        return recorder

    def createConference(self, parameters_: Any = None, *_: Any, **kw: Any) -> Conference:
        """A conference: `Started` follows.

        Args:
            parameters_: `hd_audio`: whether it mixes at 48 kHz; none at all is the older form.
            kw: The same, as keywords.
        """
        self._demand_module("Conference", "createConference")
        params = parameters(parameters_ if isinstance(parameters_, dict) else None, kw)
        conference = Conference(self._context, params)
        self._context.session.command("CreateConference", [{"id": conference._unit_id, **params}])
        conference._begin()
        return conference

    def destroyConference(self, conference: Any = None, *_: Any) -> None:
        """Ends a conference, as its `stop` does."""
        if not isinstance(conference, Conference):
            raise ScenarioTypeError(
                f"destroyConference needs a Conference, not {kind_of(conference)}"
            )
        conference.stop()

    # --- inside -------------------------------------------------------------------------------

    def _demand_module(self, module: str, function: str) -> None:
        if module not in self._context.modules:
            self._context.session.warn(
                "module",
                f"{function}: the platform may not have it without require(Modules.{module})",
            )
