"""The conversation's items, in order, as the service keeps them."""

from __future__ import annotations

from typing import Any

from attrs import define, field

Item = dict[str, Any]


@define
class Items:
    """What was said and done, by item id."""

    _all: dict[str, Item] = field(factory=dict)

    def add(self, item: Item, after: str | None = None) -> str | None:
        """Adds an item at the end, or after another one.

        Returns:
            The `previous_item_id` that its frame carries: the item before it; null for the first
            and for function calls and their outputs.
        """
        before = self.last_id
        if after is not None and after in self._all and after != before:
            kept = list(self._all.items())
            place = list(self._all).index(after) + 1
            self._all = dict([*kept[:place], (item["id"], item), *kept[place:]])
            before = after
        else:
            self._all[item["id"]] = item
        return before if item["type"] == "message" else None

    def remove(self, item_id: str) -> bool:
        """Takes an item out; whether there was one."""
        return self._all.pop(item_id, None) is not None

    def get(self, item_id: str) -> Item | None:
        """The item with this id."""
        return self._all.get(item_id)

    def call_named(self, call_id: str) -> Item | None:
        """The function call with this call id."""
        for item in self._all.values():
            if item["type"] == "function_call" and item.get("call_id") == call_id:
                return item
        return None

    @property
    def last_id(self) -> str | None:
        """The id of the newest item."""
        return next(reversed(self._all), None)

    def all(self) -> list[Item]:
        """Every item, oldest first."""
        return list(self._all.values())

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._all
