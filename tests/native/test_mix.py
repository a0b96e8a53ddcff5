"""The N-1 mix against ten lines of Python."""

from __future__ import annotations

import random
from array import array
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt._native import ffi, lib

EDGES = [-32768, -32767, -1, 0, 1, 32766, 32767]
MIXES = [
    lib.vx_mix_n1,
    *(partial(lib.vx_mix_n1_on, path) for path in range(lib.vx_cpu_path(lib.VX_CPU_AVX512) + 1)),
]
IDS = ["dispatched", "portable", "avx2", "avx512"][: len(MIXES)]


def limit(value: int) -> int:
    return max(-32768, min(32767, value))


def reference(rows: list[list[int]]) -> list[list[int]]:
    total = [sum(column) for column in zip(*rows, strict=True)]
    return [[limit(t - x) for t, x in zip(total, row, strict=True)] for row in rows]


def mix(function, rows: list[list[int]]) -> list[list[int]]:
    members, n = len(rows), len(rows[0])
    source = ffi.new("int16_t[]", [x for row in rows for x in row])
    out, scratch = ffi.new("int16_t[]", members * n), ffi.new("int32_t[]", n)
    assert function(source, out, scratch, members, n) == lib.VX_OK
    return [list(out[k * n : (k + 1) * n]) for k in range(members)]


def rows_of(draw_samples, max_members: int = 9, max_n: int = 150):
    return st.integers(1, max_members).flatmap(
        lambda members: st.integers(1, max_n).flatmap(
            lambda n: st.lists(
                st.lists(draw_samples, min_size=n, max_size=n),
                min_size=members,
                max_size=members,
            )
        )
    )


@pytest.mark.parametrize("function", MIXES, ids=IDS)
@given(rows=rows_of(st.sampled_from(EDGES), max_n=70))
def test_edge_samples_mix_exactly(function, rows):
    """Saturation is exact where every sum is at or near the ends of the range."""
    assert mix(function, rows) == reference(rows)


@pytest.mark.parametrize("function", MIXES, ids=IDS)
@pytest.mark.parametrize("members", [1, 2, 3, 10, 51, 200])
@pytest.mark.parametrize("n", [1, 15, 16, 63, 65, 160, 320, 479])
def test_random_samples_mix_exactly(function, members, n):
    """Any number of members and any length, also those that vectors do not divide."""
    rng = random.Random(members * 1000 + n)
    loudness = rng.choice([300, 8000, 32767])
    rows = [[rng.randint(-loudness - 1, loudness) for _ in range(n)] for _ in range(members)]
    assert mix(function, rows) == reference(rows)


def test_all_pairs_of_whole_sum_and_own_sample():
    """limit(S - x) holds for sums on both sides of each end of the range."""
    for total in (-98304, -65537, -65536, -65535, -32769, -32768, 0, 32767, 32768, 65534, 98301):
        # A row of the own samples under test, and rows that make up the rest of the sum.
        own = [*list(range(-32768, 32768, 257)), 32767, 0, 0]
        own = own[: len(own) // 64 * 64]
        rows = [own]
        rest = [total - x for x in own]
        while any(rest):
            rows.append([limit(r) for r in rest])
            rest = [r - limit(r) for r in rest]
        for function in MIXES:
            assert mix(function, rows)[0] == reference(rows)[0]


def test_mix_of_nobody_and_of_no_samples():
    """Zero members or samples are fine and write nothing."""
    one = ffi.new("int16_t[1]", [7])
    out, scratch = ffi.new("int16_t[1]", [9]), ffi.new("int32_t[1]")
    for members, n in ((0, 1), (1, 0), (0, 0)):
        assert lib.vx_mix_n1(one, out, scratch, members, n) == lib.VX_OK
        assert out[0] == 9


def test_wrong_arguments_are_a_status():
    """Null pointers and too many members are refused."""
    one, scratch = ffi.new("int16_t[1]"), ffi.new("int32_t[1]")
    for function in MIXES:
        assert function(ffi.NULL, one, scratch, 1, 1) == lib.VX_E_ARGUMENT
        assert function(one, ffi.NULL, scratch, 1, 1) == lib.VX_E_ARGUMENT
        assert function(one, one, ffi.NULL, 1, 1) == lib.VX_E_ARGUMENT
        assert function(one, one, scratch, 65536, 1) == lib.VX_E_ARGUMENT


@given(st.lists(st.integers(-(2**20), 2**20), min_size=1, max_size=100), st.randoms())
def test_parts_of_a_mix(sums, rng):
    """accumulate, saturate and saturate_minus do what their headers say."""
    n = len(sums)
    x = [rng.choice([*EDGES, rng.randint(-32768, 32767)]) for _ in range(n)]
    total, samples, out = (
        ffi.new("int32_t[]", sums),
        ffi.new("int16_t[]", x),
        ffi.new("int16_t[]", n),
    )
    lib.vx_saturate(out, total, n)
    assert list(out) == [limit(s) for s in sums]
    lib.vx_saturate_minus(out, total, samples, n)
    assert list(out) == [limit(s - v) for s, v in zip(sums, x, strict=True)]
    lib.vx_accumulate(total, samples, n)
    assert list(total) == [s + v for s, v in zip(sums, x, strict=True)]
    lib.vx_saturate_minus(samples, total, samples, n)  # in place
    assert array("h", samples) == array("h", [limit(s) for s in sums])
