"""What came of a series of tests, for people's tools: JUnit XML and JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from attrs import frozen

#: What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@frozen(kw_only=True)
class TestResult:
    """What came of one test.

    Attributes:
        file: The conversation file, as the user named it.
        name: What the test is called.
        outcome: `passed`, `failed`, `interrupted`, or `error` when it could not be run.
        failures: Why; each begins with its place when it has one.
        virtual_ms: How long the run was in virtual time.
        wall_ms: How long that took.
        run: The folder of the run; empty when there is none.
    """

    __test__ = False  # pytest takes classes of this name for tests

    file: str
    name: str
    outcome: str
    failures: Sequence[str] = ()
    virtual_ms: float = 0.0
    wall_ms: float = 0.0
    run: str = ""


def json_line(result: TestResult) -> str:
    """A result as a line of JSON."""
    return json.dumps(
        {
            "file": result.file,
            "name": result.name,
            "outcome": result.outcome,
            "failures": list(result.failures),
            "virtual_ms": result.virtual_ms,
            "wall_ms": round(result.wall_ms, 3),
            "run": result.run,
        },
        ensure_ascii=False,
    )


def junit_xml(results: Sequence[TestResult]) -> str:
    """The results as JUnit XML, as CI systems read it."""
    counts = {kind: sum(r.outcome == kind for r in results) for kind in ("failed", "error")}
    suite = ElementTree.Element(
        "testsuite",
        name="voxrt",
        tests=str(len(results)),
        failures=str(counts["failed"]),
        errors=str(counts["error"]),
        time=_seconds(sum(result.wall_ms for result in results)),
    )
    for result in results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=Path(result.file).parent.as_posix().replace("/", ".").strip("."),
            name=_text(result.name),
            file=_text(result.file),
            time=_seconds(result.wall_ms),
        )
        if result.outcome != "passed":
            tag = "error" if result.outcome == "error" else "failure"
            text = "\n\n".join(result.failures)
            failure = ElementTree.SubElement(case, tag, message=_text(text.partition("\n")[0]))
            failure.text = _text(text)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _text(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.3f}"
