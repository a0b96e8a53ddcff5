"""`Crypto`, and the digests as global functions."""

from __future__ import annotations

import hashlib
import hmac

import pytest


def test_digests_are_hexadecimal_text_of_utf_8(play):
    played = play(
        """
        seen += [Crypto.md5("é"), Crypto.sha1("é"), Crypto.sha256("é")]
        seen.append(Crypto.hmac_sha256("k", "é"))
        VoxEngine.terminate()
        """,
        start=True,
    )
    data = "é".encode()
    assert played.seen == [
        *(hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256")),
        hmac.new(b"k", data, "sha256").hexdigest(),
    ]


def test_known_values(play):
    """RFC 1321 and RFC 4231, test case 2."""
    played = play(
        """
        seen += [Crypto.md5("abc"), Crypto.hmac_sha256("Jefe", "what do ya want for nothing?")]
        VoxEngine.terminate()
        """,
        start=True,
    )
    assert played.seen == [
        "900150983cd24fb0d6963f7d28e17f72",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ]


def test_md5_of_a_list_is_that_of_its_texts_together(play):
    played = play(
        'seen.append(Crypto.md5(["a", "b", "c"]) == Crypto.md5("abc")); VoxEngine.terminate()',
        start=True,
    )
    assert played.seen == [True]


def test_the_global_functions_of_old_scenarios(play):
    played = play(
        """
        seen += [md5("a") == Crypto.md5("a"), md5(["a", "b"]) == Crypto.md5("ab"),
                 sha1("a") == Crypto.sha1("a"), sha256("a") == Crypto.sha256("a")]
        VoxEngine.terminate()
        """,
        start=True,
    )
    assert played.seen == [True] * 4


@pytest.mark.parametrize(
    ("call", "text"),
    [("md5({})", "md5: data must be a string"), ("sha1(None)", "sha1: data must be a string"),
     ("md5(['a', None])", "md5: data must be a string"),
     ("hmac_sha256('k', [])", "hmac_sha256: data must be a string")],
)  # fmt: skip
def test_what_is_no_text(play, call, text):
    played = play(f"Crypto.{call}", start=True)
    assert text in played.of("error")[0]["text"]


def test_a_member_that_does_not_exist_names_a_near_one(play):
    played = play("Crypto.sha265('a')", start=True)
    assert "Did you mean sha256?" in str(played.of("error")[0])
