"""Every number of the platform's reference in one table: what exceeds it, and what happens here.

The numbers themselves are the fields of `Limits`; a test holds that each of them has its row here,
and that each row which is enforced has a test in all three modes.
"""

from __future__ import annotations

from attrs import field, frozen

from voxrt.session.limits import Limits

GUIDE = "https://voximplant.com/docs/guides/voxengine/limits"
REFERENCE = "https://voximplant.com/docs/references/voxengine"

#: Where the reference gives the number and not what happens, and it was decided here.
CHOSEN = " (what the platform does is not documented)"


@frozen(kw_only=True)
class LimitRow:
    """One limit.

    Attributes:
        key: Its name in tests; `--limits` is for all of them.
        what: What is limited.
        number: The number with its unit; `{name}` stands for a field of `Limits`.
        fields: The fields of `Limits` that it is made of.
        excess: What happens when limits are enforced; for a row without `where`, why it is not.
        warned: What `--limits warn` does beside the warning; it lets it pass when empty.
        source: A page, or a section of it.
        where: The modules that enforce it.
    """

    key: str
    what: str
    number: str
    excess: str
    fields: tuple[str, ...] = ()
    warned: str = ""
    source: str = GUIDE
    where: tuple[str, ...] = field(default=())

    def shown(self, limits: Limits) -> str:
        """The number as the page has it."""
        values = {name: getattr(limits, name) for name in self.fields}
        return self.number.format(**values)


ROWS: tuple[LimitRow, ...] = (
    # --- the session --------------------------------------------------------------------------
    LimitRow(
        key="idle",
        what="a session without a call or a queue request",
        number="{idle_s} s",
        fields=("idle_s",),
        excess="`Terminating`, `Terminated`",
        where=("voxrt/session/session.py",),
    ),
    LimitRow(
        key="queue_idle",
        what="a session without a call, with a request that waits in a queue",
        number="{queue_idle_s:,} s",
        fields=("queue_idle_s",),
        excess="`Terminating`, `Terminated`",
        where=("voxrt/session/session.py",),
    ),
    LimitRow(
        key="scenario",
        what="the text of one scenario",
        number="{scenario_chars:,} characters",
        fields=("scenario_chars",),
        excess="the run does not begin: `V100`, with the file",
        where=("voxrt/scenario/source.py", "voxrt/run/runner.py"),
    ),
    LimitRow(
        key="callback",
        what="processor time of one callback",
        number="{callback_s} s",
        fields=("callback_s",),
        excess="the session ends, `JS session error`",
        where=("voxrt/session/limits.py", "voxrt/scenario/javascript.py"),
    ),
    LimitRow(
        key="memory",
        what="memory of a JavaScript scenario; a Python scenario's is not limited",
        number="{memory_bytes:,} bytes",
        fields=("memory_bytes",),
        excess="the session ends, `JS session error`",
        warned="warns once",
        where=("voxrt/scenario/javascript.py",),
    ),
    LimitRow(
        key="timers",
        what="active timers",
        number="{timers}",
        fields=("timers",),
        excess="the next one is an error at its line" + CHOSEN,
        where=("voxrt/session/timers.py",),
    ),
    LimitRow(
        key="interval",
        what="the shortest `setInterval`",
        number="{shortest_interval_ms} ms",
        fields=("shortest_interval_ms",),
        excess="a shorter one is raised to it, silently",
        warned="keeps what was asked for, 1 ms at least; so does `off`",
        source=f"{REFERENCE}/setinterval",
        where=("voxrt/session/timers.py",),
    ),
    LimitRow(
        key="custom_data",
        what="custom data of a session (200 in one page, 2000 in another, more is delivered)",
        number="{custom_data_bytes} bytes",
        fields=("custom_data_bytes",),
        excess="a warning, and all of it is kept",
        source=f"{REFERENCE}/voxengine/customdata",
        where=("voxrt/session/session.py",),
    ),
    LimitRow(
        key="log",
        what="the text of one `Logger.write`",
        number="{log_chars:,} characters",
        fields=("log_chars",),
        excess="it is cut" + CHOSEN,
        where=("voxrt/vox/globals.py",),
    ),
    # --- calls --------------------------------------------------------------------------------
    LimitRow(
        key="unanswered",
        what="an incoming call that is not answered",
        number="{unanswered_s} s",
        fields=("unanswered_s",),
        excess="`Disconnected` 408",
        where=("voxrt/vox/line.py",),
    ),
    LimitRow(
        key="early_media",
        what="early media of a call that is not answered",
        number="{early_media_s} s",
        fields=("early_media_s",),
        excess="`Disconnected` 408",
        where=("voxrt/vox/line.py",),
    ),
    LimitRow(
        key="no_answer",
        what="an outgoing call that is not answered",
        number="{no_answer_s} s",
        fields=("no_answer_s",),
        excess="`Failed` 408",
        where=("voxrt/vox/waits.py",),
    ),
    LimitRow(
        key="transfers",
        what="SIP REFERs of one call",
        number="{transfers}",
        fields=("transfers",),
        excess="`TransferFailed` with 403" + CHOSEN,
        where=("voxrt/vox/dialog.py",),
    ),
    LimitRow(
        key="endpoints",
        what="endpoints of a conference",
        number="{conference_endpoints}",
        fields=("conference_endpoints",),
        excess="`ConferenceError`" + CHOSEN,
        source=f"{REFERENCE}/conference",
        where=("voxrt/vox/conference.py",),
    ),
    LimitRow(
        key="video_rule",
        what="`Conference.add` in a session whose rule has no flag for video conferences",
        number="not allowed",
        excess="`ConferenceError` 102",
        source=f"{REFERENCE}/conference",
        where=("voxrt/vox/conference.py",),
    ),
    LimitRow(
        key="websockets",
        what="incoming WebSockets",
        number="the number of calls and {spare_websockets} more",
        fields=("spare_websockets",),
        excess="`NewWebSocketFailed`, and 503 for the client",
        where=("voxrt/vox/web_sockets.py",),
    ),
    LimitRow(
        key="ring",
        what="the header `VI-CallTimeout` of calls to users and agents",
        number="{shortest_ring_s} to {longest_ring_s} s",
        fields=("shortest_ring_s", "longest_ring_s"),
        excess="moved into the range" + CHOSEN,
        source=f"{REFERENCE}/voxengine/calluser",
        where=("voxrt/vox/call_facts.py",),
    ),
    LimitRow(
        key="push",
        what="`pushNotificationTimeout`, 20,000 ms by itself",
        number="{shortest_push_ms:,} to {longest_push_ms:,} ms",
        fields=("shortest_push_ms", "longest_push_ms"),
        excess="moved into the range" + CHOSEN,
        source=f"{REFERENCE}/calluserparameters",
        where=("voxrt/vox/voxengine.py",),
    ),
    LimitRow(
        key="attempts",
        what="call attempts of a session",
        number="{call_attempts}",
        fields=("call_attempts",),
        excess="`Failed` 403, `Call limit reached`",
        where=("voxrt/vox/voxengine.py",),
    ),
    LimitRow(
        key="progressing",
        what="outgoing calls that are not connected yet, at one time",
        number="{progressing_calls}",
        fields=("progressing_calls",),
        excess="`Failed` 403, `Call limit reached`",
        where=("voxrt/vox/voxengine.py",),
    ),
    LimitRow(
        key="message",
        what="the body of `sendMessage` and `sendInfo`",
        number="{message_bytes:,} bytes",
        fields=("message_bytes",),
        excess="an error at its line" + CHOSEN,
        where=("voxrt/vox/call_messages.py",),
    ),
    LimitRow(
        key="header",
        what="the value of one SIP header",
        number="{header_bytes} bytes",
        fields=("header_bytes",),
        excess="it is cut, with a warning" + CHOSEN,
        where=("voxrt/vox/arguments.py",),
    ),
    LimitRow(
        key="headers",
        what="all SIP headers of one message, with their names",
        number="{headers_bytes:,} bytes",
        fields=("headers_bytes",),
        excess="those that no longer fit are left out, with a warning" + CHOSEN,
        where=("voxrt/vox/arguments.py",),
    ),
    # --- sound --------------------------------------------------------------------------------
    LimitRow(
        key="players",
        what="players of a session at one time",
        number="{players}",
        fields=("players",),
        excess="`Player.Error` and `PlaybackFinished`, both with `error`" + CHOSEN,
        where=("voxrt/vox/player.py",),
    ),
    LimitRow(
        key="tts",
        what="a text to be spoken",
        number="{tts_chars:,} characters",
        fields=("tts_chars",),
        excess="`PlaybackFinished` with `error`; `Player.Error` before it",
        where=("voxrt/vox/sounds.py",),
    ),
    LimitRow(
        key="audio_file",
        what="an audio file",
        number="{audio_bytes:,} bytes",
        fields=("audio_bytes",),
        excess="`PlaybackFinished` with `error`; `Player.Error` before it",
        where=("voxrt/vox/sounds.py",),
    ),
    LimitRow(
        key="audio_fetch",
        what="fetching an audio file",
        number="{audio_fetch_s} s",
        fields=("audio_fetch_s",),
        excess="`PlaybackFinished` with the error `Timeout is reached`; `Player.Error` before it",
        warned="waits on",
        where=("voxrt/vox/sounds.py",),
    ),
    # --- the outside world --------------------------------------------------------------------
    LimitRow(
        key="http",
        what="HTTP requests of a session at one time",
        number="{http_active} under way, {http_requests} with those that wait",
        fields=("http_active", "http_requests"),
        excess="the next ones wait; then `Exceeded the HTTP connection count limit!`",
        warned="lets more of them wait",
        where=("voxrt/vox/requests.py", "voxrt/vox/context.py"),
    ),
    LimitRow(
        key="mail",
        what="mails of a session at one time",
        number="{mail_active} under way, {mails} with those that wait",
        fields=("mail_active", "mails"),
        excess="the next ones wait; then `Exceeded the SMTP connection count limit!`",
        warned="lets more of them wait",
        where=("voxrt/vox/requests.py", "voxrt/vox/context.py"),
    ),
    LimitRow(
        key="storage_key",
        what="a key of the storage",
        number="{storage_key_chars} characters",
        fields=("storage_key_chars",),
        excess="the promise is rejected" + CHOSEN,
        source=f"{REFERENCE}/applicationstorage",
        where=("voxrt/vox/storage.py",),
    ),
    LimitRow(
        key="storage_value",
        what="a value of the storage",
        number="{storage_value_chars:,} characters",
        fields=("storage_value_chars",),
        excess="the promise is rejected" + CHOSEN,
        source=f"{REFERENCE}/applicationstorage",
        where=("voxrt/vox/storage.py",),
    ),
    LimitRow(
        key="storage_ttl",
        what="how long an entry of the storage lives",
        number="{storage_ttl_s:,} s",
        fields=("storage_ttl_s",),
        excess="the promise is rejected" + CHOSEN,
        source=f"{REFERENCE}/applicationstorage",
        where=("voxrt/vox/storage.py",),
    ),
)

#: What is the outcome of a request rather than an excess: it is the same in every mode.
ALWAYS: tuple[LimitRow, ...] = (
    LimitRow(
        key="http_body",
        what="the body of an HTTP answer",
        number="2 MB",
        excess="result code -9",
        where=("voxrt/outside/exchange.py",),
    ),
    LimitRow(
        key="rtp_silence",
        what="`RtpStopped` after the last packet",
        number="7 s",
        excess="the event",
        where=("voxrt/vox/rtp.py",),
    ),
    LimitRow(
        key="media_statistics",
        what="`monitorMediaStatistics`, its interval",
        number="3 to 10 s",
        excess="moved into the range" + CHOSEN,
        where=("voxrt/vox/call_listening.py",),
    ),
    LimitRow(
        key="websocket_buffer",
        what="the media buffer of a WebSocket",
        number="10 s",
        excess="what comes then is dropped, with a warning",
        where=("voxrt/vox/socket_media.py",),
    ),
    LimitRow(
        key="amd",
        what="the time of `AMD`",
        number="0 to 20,000 ms, 6,500 by itself",
        excess="moved into the range, with a warning" + CHOSEN,
        where=("voxrt/vox/amd.py",),
    ),
    LimitRow(
        key="ending_requests",
        what="HTTP requests that a session may make in `Terminating`; mails likewise",
        number="1",
        excess="the next ones are not made, with a warning" + CHOSEN,
        source=f"{REFERENCE}/appevents",
        where=("voxrt/vox/requests.py",),
    ),
    LimitRow(
        key="priority",
        what="the priority of a request to a queue",
        number="1 to 100",
        excess="an error at its line" + CHOSEN,
        source=f"{REFERENCE}/smartqueuetaskparameters",
        where=("voxrt/vox/smart_queue.py",),
    ),
    LimitRow(
        key="skill_level",
        what="the level of a skill",
        number="1 to 5",
        excess="an error at its line" + CHOSEN,
        source=f"{REFERENCE}/smartqueueskill",
        where=("voxrt/vox/smart_queue.py",),
    ),
    LimitRow(
        key="key_value_page",
        what="the entries in one answer of the management API's key-value storage",
        number="50, 10 by itself",
        excess="error 101" + CHOSEN,
        source="https://voximplant.com/docs/references/httpapi/keyvaluestorage",
        where=("voxrt/vox/key_values.py",),
    ),
    LimitRow(
        key="http_times",
        what="connecting, and a whole HTTP request; the options can only lower them",
        number="6 s and 90 s",
        excess="result code -7",
        where=("voxrt/outside/exchange.py", "voxrt/vox/net_options.py"),
    ),
)

#: What the reference limits and nothing enforces here, with the reason in `excess`.
NOT_ENFORCED: tuple[LimitRow, ...] = (
    LimitRow(
        key="string",
        what="the length of a string in JavaScript",
        number="8,388,607 characters",
        excess="the engine's own limit is 1,073,741,823, and cannot be set; "
        "the memory limit ends the session before most such strings",
    ),
    LimitRow(
        key="packet",
        what="a SIP packet",
        number="307,200 bytes",
        excess="it cannot be reached: headers and bodies have smaller limits",
    ),
    LimitRow(
        key="video_endpoints",
        what="endpoints of a conference that send video",
        number="50",
        excess="no endpoint has a picture",
    ),
    LimitRow(
        key="next_attempt",
        what="how far away the `next_attempt_time` of a call list's row may be",
        number="9 months",
        excess="the attempts of a list follow each other, whatever time is asked for",
    ),
    LimitRow(
        key="dialogflow",
        what="the text of a Dialogflow query",
        number="256 characters",
        excess="Dialogflow is not emulated",
    ),
    LimitRow(
        key="cache",
        what="the cache of audio files and spoken texts",
        number="2 weeks",
        excess="a run's cache ends with the run",
    ),
    LimitRow(
        key="destinations",
        what="destinations that are blocked by default",
        number="dearer than $0.20 a minute, Africa",
        excess="a setting of the account, not of the engine",
    ),
    LimitRow(
        key="start_scenarios",
        what="StartScenarios requests under way",
        number="200 an account",
        excess="a limit of the account, not of the engine",
    ),
    LimitRow(
        key="users",
        what="users of an account",
        number="1,000",
        excess="a limit of the account, not of the engine",
    ),
)
