"""The formats of the files that users write, as pages made of their JSON schemas.

    python -m voxrt.testing.format_pages

writes docs/caller-format.md and docs/agent-format.md. Editors read the schemas; tests hold them
against what the readers of the files take, and the pages against the schemas.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from voxrt.testing.schema_page import table

Schema = Mapping[str, Any]

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT.parent / "docs"
_LARGEST: Final = 1_000_000  # a bound that nobody meets is not told
_MADE: Final = "<!-- Made by `python -m voxrt.testing.format_pages` of the schema; change that. -->"


@frozen(kw_only=True)
class Page:
    """A page: of which schema, and what a reader wants first.

    Attributes:
        name: The page's file, without its ending.
        schema: The schema's file, below the package.
        title: The heading.
        about: What stands below it.
    """

    name: str
    schema: str
    title: str
    about: str

    @property
    def file(self) -> Path:
        """Where it stands."""
        return DOCS / f"{self.name}.md"


PAGES: Final = (
    Page(
        name="caller-format",
        schema="legs/caller.schema.json",
        title="The format of caller scripts",
        about="Every key of the files of `--caller`; [caller-script.md](caller-script.md) explains "
        "them. A script is a mapping, or the list of the caller's [steps](#step).",
    ),
    Page(
        name="agent-format",
        schema="xai/standin/agent.schema.json",
        title="The format of agent scripts",
        about="Every key of the files of `--agent`; [agent-script.md](agent-script.md) explains "
        "them.",
    ),
)


@frozen
class Reader:
    """Goes through one schema."""

    whole: Schema

    def resolve(self, schema: Schema) -> tuple[str, Schema]:
        """What a reference refers to: its name, and itself with what stands beside it."""
        name = schema["$ref"].removeprefix("#/$defs/")
        return name, {**self.whole["$defs"][name], **schema}

    def roots(self) -> Iterator[Schema]:
        """The mappings that a whole file may be."""
        if "properties" in self.whole:
            yield self.whole
        yield from (one for one in self.whole.get("oneOf", ()) if "properties" in one)

    # --- what a value may be --------------------------------------------------------------

    def value(self, schema: Schema) -> str:
        """What a value may be, in words."""
        if "$ref" in schema:
            name, target = self.resolve(schema)
            if has_section(target):
                return f"[{name}](#{name})"
            return self.value({k: v for k, v in target.items() if k != "$ref"})
        if "const" in schema:
            return f"`{word(schema['const'])}`"
        if "enum" in schema:
            return " ".join(f"`{word(one)}`" for one in schema["enum"])
        for key in ("oneOf", "anyOf"):
            if key in schema and "properties" not in schema:
                return " or ".join(dict.fromkeys(self.value(one) for one in schema[key]))
        return self.plain(schema)

    def plain(self, schema: Schema) -> str:
        """The same, of a schema that stands for itself."""
        kind = schema.get("type")
        kinds = list(kind) if isinstance(kind, list) else [kind]
        if "string" in kinds and "integer" in kinds:
            kinds = ["string"]  # a number counts as its digits
        return " or ".join(self.one(kind, schema) for kind in kinds)

    def one(self, kind: str | None, schema: Schema) -> str:
        """The same, of one type."""
        if kind in ("integer", "number"):
            return numbers(schema, "whole number" if kind == "integer" else "number")
        if kind == "array":
            return f"list of {self.value(schema['items'])}" if "items" in schema else "list"
        if kind == "object":
            return self.mapping(schema)
        return {"string": "text", "boolean": "`true` or `false`", "null": "nothing"}.get(
            kind or "", "anything"
        )

    def mapping(self, schema: Schema) -> str:
        """A mapping that has no section of its own."""
        if "properties" in schema:
            return "mapping of " + " ".join(f"`{key}`" for key in schema["properties"])
        of = schema.get("additionalProperties")
        return f"mapping to {self.value(of)}" if isinstance(of, Mapping) else "mapping"

    def default(self, schema: Schema) -> str:
        """What holds without a key; empty when nothing does."""
        if "default" not in schema and "$ref" in schema:
            _, schema = self.resolve(schema)
        return f"`{word(schema['default'])}`" if "default" in schema else ""

    def meaning(self, schema: Schema) -> str:
        """What a key is for."""
        if "description" not in schema and "$ref" in schema:
            _, schema = self.resolve(schema)
        return str(schema.get("description", ""))

    # --- the page -------------------------------------------------------------------------

    def keys(self, schema: Schema) -> str:
        """The table of a mapping's keys."""
        needed = schema.get("required", ())
        rows = (
            (
                f"**`{key}`**" if key in needed else f"`{key}`",
                self.value(value),
                self.meaning(value),
                self.default(value),
            )
            for key, value in schema["properties"].items()
        )
        return table(("key", "value", "meaning", "without it"), rows)

    def choices(self, schema: Schema) -> str:
        """The table of several mappings, each known by its first key or its value."""
        return table(("one of", "what it is", "keys beside it"), self.choice_rows(schema))

    def choice_rows(self, schema: Schema) -> Iterable[tuple[str, str, str]]:
        """Its rows."""
        for one in schema["oneOf"]:
            if "properties" not in one:
                yield self.value(one), self.meaning(one), ""
                continue
            (first, value), *rest = one["properties"].items()
            shown = f"`{first}: {word(value['const'])}`" if "const" in value else f"`{first}`"
            needed = one.get("required", ())
            beside = (f"**`{key}`**" if key in needed else f"`{key}`" for key, _ in rest)
            what = self.meaning(one)
            if "const" not in value:
                what = f"{self.value(value)}: {what}"
            yield shown, what, ", ".join(beside)

    def options(self, schema: Schema) -> str:
        """The keys beside the first one of several mappings, each told once."""
        told: dict[str, Any] = {}
        for one in schema["oneOf"]:
            for key, value in list(one.get("properties", {}).items())[1:]:
                row = (f"`{key}`", self.value(value), self.meaning(value), self.default(value))
                told.setdefault(repr(row[:2]), row)
        return table(("key", "value", "meaning", "without it"), told.values())


def page_text(page: Page) -> str:
    """A page."""
    schema = json.loads((ROOT / page.schema).read_text(encoding="utf-8"))
    reader = Reader(schema)
    parts = [f"# {page.title}\n", f"{_MADE}\n", page.about]
    parts.append(
        f"An editor that knows JSON schemas completes and checks with `voxrt/{page.schema}`."
    )
    parts.append("A key that is not in these tables is an error; those in bold have to be there.\n")
    for root in reader.roots():
        parts += ["## The file\n", reader.keys(root)]
    for name, schema in reader.whole["$defs"].items():
        if not has_section(schema):
            continue
        parts.append(f"## {name}\n")
        if "description" in schema:
            parts.append(f"{schema['description']}\n")
        if "properties" in schema:
            parts.append(reader.keys(schema))
        else:
            parts += [reader.choices(schema), "The keys beside them:\n", reader.options(schema)]
    return "\n".join(parts)


def has_section(schema: Schema) -> bool:
    """Whether a definition is told in a section: a mapping, or a choice among several."""
    if "properties" in schema:
        return True
    return sum("properties" in one for one in schema.get("oneOf", ())) > 1


def numbers(schema: Schema, what: str) -> str:
    """A number with its range."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None and abs(high) < _LARGEST:
        return f"{low} to {high}"
    if low is not None and low > -_LARGEST:
        return f"{low} or more"
    return what


def word(value: Any) -> str:
    """A value as YAML writes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def main() -> None:
    """Writes the pages."""
    for page in PAGES:
        page.file.write_text(page_text(page), encoding="utf-8")


if __name__ == "__main__":
    main()
