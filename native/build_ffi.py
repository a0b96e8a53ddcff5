"""Builds `voxrt._native`: every `native/*.c`, declared to Python by `native/*.cdef`.

`VOXRT_SANITIZE=1` builds with the address and undefined-behaviour sanitizers (`make sanitize`).
"""

import os
import sys
from pathlib import Path

from cffi import FFI

HERE = Path(__file__).parent
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-unused-function"]
if os.environ.get("VOXRT_SANITIZE"):
    FLAGS = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    LINK = ["-fsanitize=address,undefined"]
else:
    FLAGS, LINK = ["-O3"], []

ffibuilder = FFI()
for cdef in sorted(HERE.glob("*.cdef")):
    ffibuilder.cdef(cdef.read_text())
ffibuilder.set_source(
    "voxrt._native",
    "".join(f'#include "{header.name}"\n' for header in sorted(HERE.glob("vx_*.h"))),
    sources=[str(source.relative_to(HERE.parent)) for source in sorted(HERE.glob("vx_*.c"))],
    include_dirs=["native"],
    depends=[str(p.relative_to(HERE.parent)) for p in sorted(HERE.glob("vx_*.h"))],
    extra_compile_args=["-std=gnu11", "-fno-strict-aliasing", *FLAGS, *WARNINGS],
    extra_link_args=[*LINK, *([] if sys.platform == "darwin" else ["-lpthread", "-ldl"])],
    py_limited_api=True,
)

if __name__ == "__main__":
    ffibuilder.compile(verbose=True)
