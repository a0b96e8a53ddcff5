"""The platform's session log, read back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voxrt.errors import DocumentError
from voxrt.imports.log_records import log_records
from voxrt.imports.session_log import read_session_log

LOG = """\
2026-03-02 10:15:00.100 VoxEngine version: 7.35.0
2026-03-02 10:15:00.100 Loading scenario hotline
2026-03-02 10:15:00.150 Module loaded: grok
2026-03-02 10:15:00.200 Sent event to JS onPhoneEvent with params [{id = C1 ; callerid = 15551234567 ; destination = 18005550100 ; displayName = Ann ; name = Application.CallAlerting ; } ;  ]
2026-03-02 10:15:00.250 Executing JS command: AcceptCall with params [{id = C1 ; headers = {} ; parameters = {} ; } ;  ]
2026-03-02 10:15:00.300 First line of the scenario's own
and its second line
2026-03-02 10:15:00.400 Sent event from JS onPhoneEvent with params {"id":"G1","data":{"customEvent":"Unknown","payload":{"type":"ping","event_id":"e1"}},"name":"Grok.VoiceAgentAPI.Unknown"}
2026-03-02 10:15:00.500 WARNING! Something is odd
2026-03-02 10:15:00.600 Sent event to JS onPhoneEvent with params [{id = C1 ; na
2026-03-02 10:15:01 INFO: Session is stopping...
"""  # noqa: E501


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "session.log"
    path.write_text(LOG, encoding="utf-8")
    return read_session_log(path)


def test_entries_have_their_lines_and_times(log):
    assert log.began == datetime(2026, 3, 2, 10, 15, 0, 100_000, tzinfo=UTC)
    assert [(one.line, one.t_ms, one.kind, one.name) for one in log.entries] == [
        (1, 0, "other", ""),
        (2, 0, "other", ""),
        (3, 50, "other", ""),
        (4, 100, "event", "Application.CallAlerting"),
        (5, 150, "command", "AcceptCall"),
        (6, 200, "log", ""),
        (8, 300, "event", "Grok.VoiceAgentAPI.Unknown"),
        (9, 400, "other", ""),
        (10, 500, "other", ""),
        (11, 900, "other", ""),
    ]
    assert log.entries[5].text == "First line of the scenario's own\nand its second line"
    assert log.events("Application.CallAlerting")[0].data["callerid"] == "15551234567"
    assert log.entries[6].provider_message == {"type": "ping", "event_id": "e1"}


def test_what_is_not_understood_is_told_and_kept(log):
    assert log.not_understood == ["line 10 of the log: it is cut off behind 'C1 ; na'"]
    assert "id = C1" in log.entries[8].text


def test_it_becomes_records_of_a_journal(log):
    records = [(t, kind, fields.get("name") or fields.get("text") or fields.get("state"))
               for t, kind, fields in log_records(log)]  # fmt: skip
    assert records == [
        (0, "session", "loading"),
        (50, "session", "module"),
        (100, "event", "Application.CallAlerting"),
        (150, "command", "AcceptCall"),
        (200, "log", "First line of the scenario's own\nand its second line"),
        (300, "event", "Grok.VoiceAgentAPI.Unknown"),
        (400, "warning", "Something is odd"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (b"", None, "this is no session log"),
        (b"just some text\nand more\n", None, "this is no session log"),
        (b"\xff\xfe\x00\x01", None, "not UTF-8"),
        (b"2026-13-01 10:00:00 x\n", 1, "there is no such date"),
        (b"2026-03-02 10:00:01 x\n2026-03-02 10:00:00 y\n", 2, "before that of the entry above"),
    ],
)
def test_what_is_no_log_is_one_clear_message(tmp_path, content, line, told):
    path = tmp_path / "session.log"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_session_log(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert told in caught.value.message


def test_a_file_that_is_missing_says_so(tmp_path):
    with pytest.raises(DocumentError, match="there is no such file"):
        read_session_log(tmp_path / "none.log")
