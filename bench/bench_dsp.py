"""The audio core's primitives: mixing, G.711, resampling.

Everything is timed in C loops (`loops.c`, compiled here), the yardsticks included, except where
the question is what a call from Python costs.
"""

from __future__ import annotations

import shlex
import subprocess
import sysconfig
import tempfile
from pathlib import Path

import numpy as np
from cffi import FFI

from bench.rows import Row, at_least, at_most, measure
from voxrt._native import ffi as core
from voxrt._native import lib
from voxrt.media import codecs

SOURCE = Path(__file__).with_name("loops.c")
RATES = (8000, 16000, 24000, 48000)
NS, US = 1e9, 1e6

ffi = FFI()
ffi.cdef(
    """
    void loop_copy(char *out, const char *in, size_t bytes, size_t pieces, int repeats);
    void loop_mix(void *mix, const void *in, void *out, void *sum, size_t members, size_t n,
                  int repeats);
    void loop_code(void *code, void *out, const void *in, size_t n, int repeats);
    void loop_resample(void *resample, void *state, const void *in, size_t n, void *out,
                       size_t cap, int repeats);
    void loop_float_polyphase(const float *taps, const void *in, void *out, int repeats);
    """
)


def build_loops():
    """Compiles `loops.c` with this Python's compiler and loads it."""
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "loops.so"
        subprocess.run(
            [*compiler, "-O3", "-shared", "-fPIC", str(SOURCE), "-o", str(library)], check=True
        )
        return ffi.dlopen(str(library))


def ours(name: str):
    """The address of a function of the core."""
    return ffi.cast("void *", int(core.cast("uintptr_t", core.addressof(lib, name))))


def noise(count: int) -> np.ndarray:
    return np.random.default_rng(1).integers(-20000, 20000, count).astype("<i2")


def pointer(array: np.ndarray):
    return ffi.from_buffer("char[]", array)


def mixing(loops) -> list[Row]:
    """The N-1 mix of 16 kHz frames, in nanoseconds for each participant."""
    rows = []
    goals = {3: 5.0, 10: 2.5, 50: 1.5, 200: 1.25, 1000: 1.25}
    mix, sums = ours("vx_mix_n1"), np.zeros(320, "<i4")
    for members, goal in goals.items():
        x, y = noise(members * 320), np.zeros(members * 320, "<i2")
        ours_s, copy_s = measure(
            lambda n, x=x, y=y, m=members: loops.loop_mix(
                mix, pointer(x), pointer(y), pointer(sums), m, 320, n
            ),
            lambda n, x=x, y=y, m=members: loops.loop_copy(pointer(y), pointer(x), 640, m, n),
        )
        rows.append(
            at_most(
                f"N-1 mix, N={members}, per participant-frame",
                ours_s / members * NS,
                "ns",
                yardstick="memcpy of the frame",
                reference=copy_s / members * NS,
                first=8,
                goal=goal,
            )
        )
    return rows


def mixing_from_python() -> list[Row]:
    """The same, one call from Python: from a `bytes` with all frames into a buffer that is there.

    numpy's result goes into such a buffer too, so that neither pays for a new `bytes`.
    """
    rows = []
    for members in (3, 10, 50, 200, 1000):
        frames = noise(members * 320).tobytes()
        sums, out = core.new("int32_t[]", 320), bytearray(members * 640)
        sink, result = core.from_buffer("int16_t[]", out), np.frombuffer(out, "<i2")

        def one(n: int, frames=frames, sink=sink, sums=sums, members=members) -> None:
            for _ in range(n):
                lib.vx_mix_n1(core.from_buffer("int16_t[]", frames), sink, sums, members, 320)

        def other(n: int, frames=frames, result=result, members=members) -> None:
            for _ in range(n):
                x = np.frombuffer(frames, "<i2").reshape(members, 320)
                total = x.sum(axis=0, dtype=np.int32)
                result.reshape(members, 320)[:] = np.clip(total - x, -32768, 32767)

        ours_s, numpy_s = measure(one, other)
        rows.append(
            at_least(
                f"N-1 mix, N={members}, buffer to buffer from Python",
                ours_s * US,
                "us",
                yardstick="numpy",
                reference=numpy_s * US,
                first=10,
                goal=20,
            )
        )
    return rows


def coding(loops) -> list[Row]:
    """G.711, one frame of 160 samples."""
    rows = []
    pcm, octets, out = noise(160), np.arange(160).astype("u1"), np.zeros(160, "<i2")
    for law, letter in (("ulaw", "mu"), ("alaw", "A")):
        decode, encode = ours(f"vx_{law}_decode"), ours(f"vx_{law}_encode")
        decode_s, encode_s, copy_s = measure(
            lambda n, f=decode: loops.loop_code(f, pointer(out), pointer(octets), 160, n),
            lambda n, f=encode: loops.loop_code(f, pointer(out), pointer(pcm), 160, n),
            lambda n: loops.loop_copy(pointer(out), pointer(pcm), 320, 1, n),
        )
        for what, seconds, first, goal in (
            ("decode", decode_s, 7, 1.3),
            ("encode", encode_s, 5, 2.5),
        ):
            rows.append(
                at_most(
                    f"G.711 {letter}-law {what}, 160 samples",
                    seconds * NS,
                    "ns",
                    yardstick="memcpy of the samples",
                    reference=copy_s * NS,
                    first=first,
                    goal=goal,
                )
            )
    return rows


def resampling(loops) -> list[Row]:
    """8 to 24 kHz, one frame."""
    state = core.new("vx_resampler *")
    lib.vx_resampler_init(state, 8000, 24000)
    here = ffi.cast("void *", int(core.cast("uintptr_t", state)))
    pcm, out, taps = noise(160), np.zeros(480, "<i2"), np.full(240, 0.01, "<f4")
    run, floats = ours("vx_resampler_run"), ffi.from_buffer("float[]", taps)
    ours_s, float_s = measure(
        lambda n: loops.loop_resample(run, here, pointer(pcm), 160, pointer(out), 480, n),
        lambda n: loops.loop_float_polyphase(floats, pointer(pcm), pointer(out), n),
    )
    rows = [
        at_least(
            "resample 8 to 24 kHz, one frame",
            ours_s * US,
            "us",
            yardstick="80 float taps as in speexdsp q5",
            reference=float_s * US,
            first=2,
            goal=6,
        )
    ]
    try:
        import soxr
    except ImportError:
        return rows
    second = noise(8000)
    stream = soxr.ResampleStream(8000, 24000, 1, dtype="int16", quality="HQ")

    def other(n: int) -> None:
        for _ in range(n):
            stream.resample_chunk(second)

    ours_s, soxr_s = measure(
        lambda n: loops.loop_resample(run, here, pointer(pcm), 160, pointer(out), 480, n), other
    )
    rows.append(
        at_least(
            "resample 8 to 24 kHz, one frame",
            ours_s * US,
            "us",
            yardstick="soxr HQ, a second at a time",
            reference=soxr_s / 50 * US,
            goal=2,
        )
    )
    return rows


def snr_db(in_hz: int, out_hz: int) -> float:
    """Of a 1 kHz tone at 0.9 of full scale."""
    t = np.arange(in_hz) / in_hz
    tone = np.round(0.9 * 32767 * np.sin(2 * np.pi * 1000 * t)).astype("<i2").tobytes()
    out = np.frombuffer(codecs.resample(tone, in_hz, out_hz), "<i2")[out_hz // 10 : -out_hz // 10]
    u = np.arange(len(out)) / out_hz
    base = np.stack([np.sin(2 * np.pi * 1000 * u), np.cos(2 * np.pi * 1000 * u)], 1)
    fit, *_ = np.linalg.lstsq(base, out.astype(float), rcond=None)
    return float(10 * np.log10(np.mean((base @ fit) ** 2) / np.mean((out - base @ fit) ** 2)))


def alias_db(in_hz: int, out_hz: int) -> float:
    """The loudest that is left of tones above the new Nyquist frequency."""
    worst = -200.0
    for hz in np.linspace(out_hz / 2 * 1.001, in_hz / 2 * 0.99, 60):
        t = np.arange(in_hz // 4) / in_hz
        tone = np.round(32767 * np.sin(2 * np.pi * hz * t)).astype("<i2").tobytes()
        out = np.frombuffer(codecs.resample(tone, in_hz, out_hz), "<i2").astype(float)
        rest = np.mean(out[out_hz // 50 : -out_hz // 50] ** 2)
        worst = max(worst, float(10 * np.log10((rest + 1e-9) / (32767**2 / 2))))
    return worst


def quality() -> list[Row]:
    """The worst rate pair."""
    pairs = [(a, b) for a in RATES for b in RATES if a != b]
    delays = [codecs.Resampler(a, b).delay_samples * 1000 / b for a, b in pairs]
    return [
        at_least(
            "resample, worst SNR of a 1 kHz tone",
            min(snr_db(a, b) for a, b in pairs),
            "dB",
            first=80,
            goal=85,
        ),
        at_most(
            "resample, worst alias",
            max(alias_db(a, b) for a, b in pairs if a > b),
            "dB",
            first=-70,
            goal=-75,
        ),
        at_most("resample, longest group delay", max(delays), "ms", first=5, goal=5),
    ]


def rows() -> list[Row]:
    """All rows of this part."""
    loops = build_loops()
    return [
        *mixing(loops),
        *mixing_from_python(),
        *coding(loops),
        *resampling(loops),
        *quality(),
    ]
