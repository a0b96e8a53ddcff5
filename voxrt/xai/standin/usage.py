"""The `usage` of `response.done`: tokens and seconds, as far as they can be told from outside.

Sound is 50 tokens per second. Text tokens are counted as words and punctuation marks, which is
within a few of the service's own count. Input counts only what is new since the last reply.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

from attrs import define

TOKENS_PER_SECOND: Final = 50
_TOKEN = re.compile(r"\w+(?:['\u2019]\w+)*|[^\w\s]")


def text_tokens(text: str) -> int:
    """The words and punctuation marks of a text."""
    return len(_TOKEN.findall(text))


@define
class UsageMeter:
    """Counts one session."""

    _text_in: int = 0
    _audio_in_ms: int = 0
    _billable_s: int = 0

    def heard_text(self, text: str) -> None:
        """Text that is new to the model: a message or a transcript."""
        self._text_in += text_tokens(text)

    def heard_audio(self, duration_ms: int) -> None:
        """A committed turn of speech."""
        self._audio_in_ms += max(0, duration_ms)

    def settle(
        self, *, said: str, audio_s: float, elapsed_ms: int, appended_ms: int
    ) -> dict[str, Any]:
        """The usage of a reply that ends now.

        Args:
            said: What it said.
            audio_s: The sound delivered for it, in seconds.
            elapsed_ms: The age of the session.
            appended_ms: The sound that the client appended in the session.
        """
        audio_in = _audio_tokens(self._audio_in_ms / 1000)
        audio_out = _audio_tokens(audio_s)
        text_out = text_tokens(said)
        inputs, outputs = self._text_in + audio_in, text_out + audio_out
        self._billable_s = max(self._billable_s, elapsed_ms // 1000, appended_ms // 1000)
        usage = {
            "input_tokens": inputs,
            "input_token_details": _details(self._text_in, audio_in),
            "output_tokens": outputs,
            "output_token_details": _details(text_out, audio_out),
            "total_tokens": inputs + outputs,
            "output_audio_seconds": audio_s,
            "billable_audio_seconds": self._billable_s,
        }
        self._text_in = self._audio_in_ms = 0
        return usage


def _audio_tokens(seconds: float) -> int:
    return math.ceil(round(seconds * TOKENS_PER_SECOND, 6))


def _details(text: int, audio: int) -> dict[str, int]:
    return {"text_tokens": text, "audio_tokens": audio, "grok_tokens": 0}
