"""`Crypto`: digests, as hexadecimal text.

Source: https://voximplant.com/docs/references/voxengine/crypto
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from voxrt.vox import api
from voxrt.vox.arguments import demand_text
from voxrt.vox.helpers import as_bytes
from voxrt.vox.names import Surface


class Crypto(Surface):
    """Digests of text, which is taken as UTF-8."""

    _platform_name = "Crypto"
    _underscored = ("hmac_sha256",)

    @classmethod
    def _platform_members(cls) -> set[str]:
        return api.namespace_functions("Crypto")

    def hmac_sha256(self, key: Any, data: Any, *_: Any) -> str:
        """HMAC by SHA-256 of a text with a key."""
        return hmac.new(_text("hmac_sha256", key), _text("hmac_sha256", data), "sha256").hexdigest()

    def md5(self, data: Any, *_: Any) -> str:
        """MD5 of a text, or of the texts of a list one after another."""
        return md5(data)

    def sha1(self, data: Any, *_: Any) -> str:
        """SHA-1 of a text."""
        return sha1(data)

    def sha256(self, data: Any, *_: Any) -> str:
        """SHA-256 of a text."""
        return sha256(data)


def md5(data: Any, *_: Any) -> str:
    """MD5 of a text, or of the texts of a list one after another."""
    parts = data if isinstance(data, list | tuple) else [data]
    return hashlib.md5(b"".join(_text("md5", part) for part in parts)).hexdigest()


def sha1(data: Any, *_: Any) -> str:
    """SHA-1 of a text."""
    return hashlib.sha1(_text("sha1", data)).hexdigest()


def sha256(data: Any, *_: Any) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(_text("sha256", data)).hexdigest()


def _text(function: str, value: Any) -> bytes:
    return as_bytes(demand_text(function, "data", value))


#: The same as global functions, which older scenarios call.
DIGESTS: dict[str, Any] = {"md5": md5, "sha1": sha1, "sha256": sha256}
