"""A menu of states: a choice, a code of four keys, and an amount that ends with a key.

voxrt run scenarios/ivr/ivr.py --caller scenarios/ivr/caller.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

require(Modules.IVR)

CODE = "1234"
TRIES = 3


class Bank:
    """One caller's way through the menu."""

    def __init__(self, call):
        self.call = call
        self.tries = 0
        self.goodbye = IVRState(
            "goodbye",
            {"type": "noinput", "prompt": {"say": "Thank you for calling. Goodbye."}},
            lambda _: call.hangup(),
        )
        self.transfer = self.state(
            "transfer",
            "How much do you want to transfer? Press the hash key at the end.",
            self.on_amount,
            type="inputunknown",
            terminateOn="#",
        )
        self.main = self.state(
            "main",
            "Press one for your balance, two for a transfer, nine to end the call.",
            self.on_choice,
            type="select",
            nextStates={"2": self.transfer, "9": self.goodbye},
        )
        self.balance = IVRState(
            "balance",
            {
                "type": "noinput",
                "prompt": {"say": "You have ninety dollars."},
                "nextState": self.main,
            },
        )
        self.main.settings.nextStates["1"] = self.balance
        self.code = self.state(
            "code",
            "Welcome to the bank. Please press the four keys of your code.",
            self.on_code,
            type="inputfixed",
            inputLength=len(CODE),
        )
        self.code.enter(call)

    def state(self, name, text, on_complete, **settings):
        settings |= {"prompt": {"say": text}, "timeout": 4000}
        return IVRState(name, settings, on_complete, self.on_silence)

    def on_code(self, keys):
        if keys == CODE:
            self.main.enter(self.call)
        else:
            self.again(self.code, f"code {keys}")

    def on_choice(self, key):
        self.again(self.main, f"choice {key}")

    def on_amount(self, keys):
        Logger.write(f"a transfer of {keys}")
        self.goodbye.enter(self.call)

    def on_silence(self, keys):
        self.again(self.code, f"silence after {keys!r}")

    def again(self, state, why):
        self.tries += 1
        Logger.write(f"once more, {self.tries} of {TRIES}: {why}")
        if self.tries == TRIES:
            self.goodbye.enter(self.call)
        else:
            state.enter(self.call)


def on_call(e):
    e.call.addEventListener(CallEvents.Connected, lambda: Bank(e.call))
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.answer()


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
