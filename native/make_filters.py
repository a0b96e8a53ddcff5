"""Writes the constant tables of the audio core: `vx_resample_taps.h` and `vx_sine_table.h`.

Run it from anywhere (`python native/make_filters.py`); the tables are committed, and a test
holds that they are what this script writes. Only the standard library is used.

The low-pass of a rate pair is designed at the least common multiple of both rates, with 64 taps
for each period of the lower rate, as a Kaiser-windowed sinc (J. F. Kaiser, R. W. Schafer, 1980)
whose stop band begins at the Nyquist frequency of the lower rate. It is cut into L * M
sub-filters, one for each output phase p and input phase m, so that the C loop runs over
consecutive groups of samples for each of them:

    y[g * L + p] = sum over m, i of h[p * M - m * L + L * M * i] * x[(g - i) * M + m]
"""

from __future__ import annotations

import math
from pathlib import Path

HERE = Path(__file__).parent
TAPS_PER_PERIOD = 64
PAIRS = [
    # L, M (out:in, reduced), taps of a sub-filter, attenuation of the window in dB.
    # The last is where, between 79 and 92 dB, rounding to 16 bits happens to leave the
    # lowest stop band: -78 dB or better everywhere, images of 1 kHz below -94 dB.
    (2, 1, 64, 85.74),
    (3, 1, 64, 91.04),
    (6, 1, 64, 89.10),
    (1, 2, 64, 91.18),
    (1, 3, 64, 89.30),
    (1, 6, 64, 85.36),
    (3, 2, 32, 86.90),
    (2, 3, 32, 91.76),
]
RATES = (8000, 16000, 24000, 48000)
DTMF_HZ = (697, 770, 852, 941, 1209, 1336, 1477, 1633)


def bessel_i0(x: float) -> float:
    """The modified Bessel function of order 0, by its power series."""
    total, term, k = 1.0, 1.0, 0
    while term > 1e-18 * total:
        k += 1
        term *= (x / (2 * k)) ** 2
        total += term
    return total


def prototype(up: int, down: int, attenuation_db: float) -> list[float]:
    """The low-pass at `up` times the input rate; its taps sum to `up`, index 0 is zero."""
    steps = max(up, down)  # samples of the common rate in one of the lower rate
    length = TAPS_PER_PERIOD * steps
    beta = 0.1102 * (attenuation_db - 8.7)
    transition = (attenuation_db - 7.95) / (14.36 * TAPS_PER_PERIOD)  # of the lower rate
    cutoff = (0.5 - transition / 2) / steps  # of the common rate
    centre = length // 2
    taps = [0.0]
    for t in range(1, length):
        x = t - centre
        sinc = 2 * cutoff if x == 0 else math.sin(2 * math.pi * cutoff * x) / (math.pi * x)
        window = bessel_i0(beta * math.sqrt(1 - (x / centre) ** 2)) / bessel_i0(beta)
        taps.append(sinc * window)
    scale = up / math.fsum(taps)
    return [tap * scale for tap in taps]


def split(
    up: int, down: int, length: int, attenuation_db: float
) -> tuple[int, list[list[list[int]]]]:
    """The number of fraction bits, and the sub-filters as [p][m][oldest sample first]."""
    taps = prototype(up, down, attenuation_db)
    bits = 15
    while max(taps) * 2 ** (bits + 1) < 32767.5:
        bits += 1
    phases = []
    for p in range(up):
        row = []
        for m in range(down):
            first = p * down - m * up
            first += up * down if first < 0 else 0
            filter_ = [round(taps[first + up * down * i] * 2**bits) for i in range(length)]
            filter_.reverse()
            for half in (filter_[: length // 2], filter_[length // 2 :]):
                # What makes 32-bit sums of a half exact, whatever the samples are.
                assert sum(map(abs, half)) <= 65535
            row.append(filter_)
        phases.append(row)
    return bits, phases


def table(values: list[int], indent: str = "    ") -> str:
    """Numbers as lines of C."""
    lines, line = [], indent
    for value in values:
        text = f"{value},"
        if len(line) + len(text) + 1 > 98:
            lines.append(line.rstrip())
            line = indent
        line += text + " "
    return "\n".join([*lines, line.rstrip()])


def resample_taps() -> str:
    """The text of `vx_resample_taps.h`."""
    out = [
        "/* Written by make_filters.py: do not edit. See there for what the numbers mean. */",
        "#ifndef VX_RESAMPLE_TAPS_H",
        "#define VX_RESAMPLE_TAPS_H",
        "",
        "#include <stdint.h>",
        "",
    ]
    for up, down, length, attenuation_db in PAIRS:
        bits, phases = split(up, down, length, attenuation_db)
        out.append(f"enum {{ VX_TAPS_{up}_{down}_BITS = {bits} }};")
        out.append(f"static const int16_t vx_taps_{up}_{down}[{up * down * length}] = {{")
        for p, row in enumerate(phases):
            for m, filter_ in enumerate(row):
                out.append(f"    /* output phase {p}, input phase {m} */")
                out.append(table(filter_))
        out += ["};", ""]
    return "\n".join([*out, "#endif", ""])


def sine_table() -> str:
    """The text of `vx_sine_table.h`."""
    quarter = [round(math.sin(math.pi / 2 * i / 256) * 2**30) for i in range(257)]
    cosines = [
        [round(2 * math.cos(2 * math.pi * hz / rate) * 2**28) for hz in DTMF_HZ] for rate in RATES
    ]
    return "\n".join(
        [
            "/* Written by make_filters.py: do not edit. */",
            "#ifndef VX_SINE_TABLE_H",
            "#define VX_SINE_TABLE_H",
            "",
            "#include <stdint.h>",
            "",
            "/* sin(pi / 2 * i / 256) in Q30 */",
            "static const int32_t vx_quarter_sine[257] = {",
            table(quarter),
            "};",
            "",
            "/* 2 cos(2 pi f / rate) in Q28: 8, 16, 24, 48 kHz by the DTMF frequencies */",
            "static const int32_t vx_dtmf_cosines[4][8] = {",
            *(f"    {{\n{table(row, ' ' * 8)}\n    }}," for row in cosines),
            "};",
            "",
            "#endif",
            "",
        ]
    )


FILES = {"vx_resample_taps.h": resample_taps, "vx_sine_table.h": sine_table}

if __name__ == "__main__":
    for name, write in FILES.items():
        (HERE / name).write_text(write())
