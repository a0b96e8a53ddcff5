"""Files that cannot be written any more: lines stay whole, and one is told."""

from __future__ import annotations

import pytest
from small_disk import room_for

from voxrt.disk import LineFile, write_all, write_whole
from voxrt.errors import AudioFileError, OutputError
from voxrt.media.wav import WavWriter, read_wav

LINES = [b"%d: %s\n" % (number, b"x" * (7 * number)) for number in range(9)]
ALL = b"".join(LINES)


def whole_lines(most):
    """As many of the lines as fit."""
    text = b""
    for line in LINES:
        if len(text) + len(line) > most:
            break
        text += line
    return text


@pytest.mark.parametrize("most", [*range(0, len(ALL) + 20, 7), len(ALL) - 1, len(ALL)])
def test_the_last_whole_line_is_the_end(tmp_path, most):
    """A line that does not fit is not begun, and none follows it."""
    told = []
    file = LineFile(tmp_path / "a.jsonl", told.append)
    with room_for(most):
        for line in LINES:
            file.write(line)
    assert (tmp_path / "a.jsonl").read_bytes() == whole_lines(most)
    assert len(told) == (most < len(ALL))
    for error in told:
        assert error.code == "V510"
        assert str(error) == (
            f"{tmp_path / 'a.jsonl'}: this file of the run cannot be written: File too large "
            "What was written before is whole."
        )
    file.write(b"more\n")
    file.close()
    file.close()
    assert len(told) == (most < len(ALL))


def test_several_lines_at_once_are_all_there_or_none(tmp_path):
    told = []
    file = LineFile(tmp_path / "a.log", told.append)
    with room_for(20):
        file.write(b"one\n")
        file.write(b"two\n" * 5)
    assert (tmp_path / "a.log").read_bytes() == b"one\n"
    assert len(told) == 1


def test_its_folder_is_made_and_a_file_in_the_way_is_told(tmp_path):
    LineFile(tmp_path / "links" / "1.jsonl").close()
    assert (tmp_path / "links" / "1.jsonl").read_bytes() == b""
    (tmp_path / "sockets").write_text("in the way")
    told = []
    file = LineFile(tmp_path / "sockets" / "1.jsonl", told.append)
    file.write(b"dropped\n")
    file.close()
    assert [error.file for error in told] == [str(tmp_path / "sockets" / "1.jsonl")]


def test_without_somebody_to_tell_it_is_raised(tmp_path):
    with pytest.raises(OutputError, match="cannot be written: Is a directory"):
        LineFile(tmp_path)


def test_a_file_at_once_is_the_new_one_or_the_old_one(tmp_path):
    path = tmp_path / "made" / "result.json"
    write_whole(path, (b"old", b"\n"))
    with room_for(3), pytest.raises(OutputError, match=r"result\.json: .* File too large"):
        write_whole(path, (b"newer\n",))
    assert path.read_bytes() == b"old\n"
    assert [file.name for file in path.parent.iterdir()] == ["result.json"]


def test_a_file_that_takes_a_byte_at_a_time():
    taken = []

    class Slow:
        def write(self, data):
            taken.append(data[:1])
            return 1

    write_all(Slow(), b"abc")
    assert taken == [b"a", b"b", b"c"]


@pytest.mark.parametrize("most", [0, 20, 44, 45, 100, 1_000, 1_643, 1_644, 4_000])
def test_a_sound_file_that_is_cut_off_can_be_read(tmp_path, most):
    """The sound that was written before is there, sample by sample."""
    path, piece = tmp_path / "a.wav", bytes(range(200)) * 8
    written, told = 0, []
    with room_for(most):
        try:
            with WavWriter(path, 8_000) as writer:
                for _ in range(5):
                    writer.append(piece)
                    written += 1
        except AudioFileError as error:
            told.append(error.message)
    assert told in ([], ["the recording cannot be written: File too large"])
    assert written == min(max(most - 44, 0) // len(piece), 5)
    if most >= 44:
        assert read_wav(path).pcm[: written * len(piece)] == piece * written
        assert len(read_wav(path).pcm) <= most
