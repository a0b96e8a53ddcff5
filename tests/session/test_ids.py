"""Identifiers in the platform's shapes, from the seed."""

from __future__ import annotations

import re
import uuid
from random import Random

from voxrt.session.ids import Ids
from voxrt.xai.ids import random_uuid


def test_the_shapes():
    ids = Ids(Random(1))
    for _ in range(200):
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", ids.object_id())
        assert re.fullmatch(r"[0-9a-f]{16}", ids.hex(16))
        assert re.fullmatch(r"[1-9][0-9]{9}", str(ids.session_id()))
        text = ids.uuid()
        assert str(uuid.UUID(text)) == text
        assert (uuid.UUID(text).version, uuid.UUID(text).variant) == (4, uuid.RFC_4122)
    assert re.fullmatch(r"[0-9A-F]{16}\.1767603600\.1", ids.call_id(1_767_603_600))
    assert ids.call_id(5).endswith(".5.2")


def test_a_uuid_is_the_one_that_the_library_makes_of_the_same_bits():
    for seed in range(200):
        bits = Random(seed).getrandbits(128)
        assert random_uuid(Random(seed)) == str(uuid.UUID(int=bits, version=4))


def test_the_same_seed_gives_the_same_ids_and_another_one_others():
    def made(seed):
        ids = Ids(Random(seed))
        return [ids.object_id(), ids.call_id(1), ids.session_id(), ids.hex(32), ids.uuid()]

    assert made(1) == made(1)
    assert not set(made(1)) & set(made(2))
