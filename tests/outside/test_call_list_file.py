"""Call lists as CSV files."""

from __future__ import annotations

import json

import pytest

from voxrt.errors import DocumentError
from voxrt.outside.call_list import read_call_list


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "list.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_call_list(path)

    return read_text


def test_rows_are_objects_of_text(read):
    rows = read('phone;name\n1555;Ann\n\n1556;"Bob; ""B"""\r\n')
    assert [(row.number, row.data) for row in rows] == [
        (1, {"phone": "1555", "name": "Ann"}),
        (2, {"phone": "1556", "name": 'Bob; "B"'}),
    ]
    assert rows[0].custom_data == '{"phone":"1555","name":"Ann"}'
    assert json.loads(rows[1].custom_data) == rows[1].data


def test_the_mark_that_spreadsheets_write_is_no_part_of_a_name(read):
    (row,) = read("phone;name\n1;é\n".encode("utf-8-sig"))
    assert row.data == {"phone": "1", "name": "é"}


def test_a_list_without_rows(read):
    assert read("phone;name\n") == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the first line must name the columns"),
        ("\n1;2\n", 1, "the first line must name the columns"),
        ("a;b\n1;2\n1\n", 3, "this row has 1 columns, the first line names 2"),
        ("a;b\n1;2;3\n", 2, "this row has 3 columns"),
        ('a;b\n1;"2\n', 2, "not CSV"),
        (b"a\n\xff\n", None, "the call list is not UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(read, text, line, message):
    with pytest.raises(DocumentError, match=message) as told:
        read(text)
    assert told.value.line == line


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DocumentError, match="the call list cannot be read"):
        read_call_list(tmp_path / "none.csv")
