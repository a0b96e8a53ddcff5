"""Greets callers by name: a directory is asked over HTTP, and is allowed to be slow or away.

    voxrt run scenarios/lookup/lookup.py --caller scenarios/lookup/caller.yaml \\
        --http scenarios/lookup/answers.yaml --secret CRM_TOKEN=crm-token-0123
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

require(Modules.ApplicationStorage)

CRM = "https://crm.example.com/v1"
VOICE = VoiceList.Amazon.en_US_Joanna
PATIENCE_S = 2
TRIES = 2
DAY_S = 24 * 3600


def headers():
    return {"Authorization": f"Bearer {VoxEngine.getSecretValue('CRM_TOKEN')}"}


async def name_of(number):
    """The caller's name: remembered, or from the directory; none when it has none in time."""
    key = f"caller:{number}"
    known = await ApplicationStorage.get(key)
    if known is not None:
        return known.value
    for _ in range(TRIES):
        result = await Net.httpRequestAsync(
            f"{CRM}/contacts", headers=headers(), params={"phone": number}, timeout=PATIENCE_S
        )
        if result.code == 200:
            name = JSON.parse(result.text).name
            await ApplicationStorage.put(key, name, DAY_S)
            return name
        if result.code == 404:
            return None
        Logger.write(f"The directory: {result.code} {result.error or result.text}")
    return None


class Reception:
    """One call."""

    def __init__(self, e):
        self.call = e.call
        self.number = e.callerid
        self.name = None
        self.call.addEventListener(CallEvents.Connected, self.greet)
        self.call.addEventListener(CallEvents.Disconnected, self.report)
        VoxEngine.addEventListener(AppEvents.HttpRequest, self.tell)
        self.call.answer()

    async def greet(self, e):
        self.call.say("Welcome to Station Road Bicycles.", voice=VOICE)
        self.name = await name_of(self.number)
        greeting = f"Hello {self.name}, your bicycle is ready." if self.name else "How can I help?"
        self.call.removeEventListener(CallEvents.PlaybackFinished)
        self.call.addEventListener(CallEvents.PlaybackFinished, lambda e: self.call.hangup())
        self.call.say(greeting, voice=VOICE)

    def tell(self, e):
        """What the office is told when it asks the session's access URL."""
        return {"caller": self.number, "name": self.name, "state": self.call.state()}

    def report(self, e):
        Net.httpRequest(
            f"{CRM}/calls",
            VoxEngine.terminate,
            method="POST",
            headers={**headers(), "Content-Type": "application/json"},
            postData=JSON.stringify({"caller": self.number, "seconds": e.duration}),
        )


VoxEngine.addEventListener(AppEvents.CallAlerting, Reception)
