"""The state machine of an exploration: what may happen in a conversation, and when.

Hypothesis draws the moves of one conversation from here, and drops and lessens moves of one that
went wrong. A conversation is run when its moves are complete, since a run in virtual time is short
and the moments at which moves are made (`400 ms after the agent begins to speak`) are the caller
script's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxrt.errors import UsageError
from voxrt.outside.exchange import FAILURE_NAMES
from voxrt.testing.explore_plan import PATIENCE_MS, Plan

try:
    from hypothesis import HealthCheck, Phase, Verbosity, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st
    from hypothesis.stateful import (
        RuleBasedStateMachine,
        initialize,
        precondition,
        rule,
        run_state_machine_as_test,
    )
except ImportError:
    raise UsageError(
        "explorations need Hypothesis, which is not installed",
        hint="pip install 'voxrt[explore]'",
    ) from None

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxrt.testing.explore import Explorer, Failure

#: Server events after which the provider may fail.
EVENTS = (
    "conversation.created", "session.updated", "response.created", "response.output_audio.delta",
    "response.done", "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped",
)  # fmt: skip
#: SIP codes with which a phone fails.
CODES = (403, 404, 480, 500, 503, 603)
_TIMEOUT = {"timeout_ms": PATIENCE_MS, "on_timeout": "continue"}

#: Times in which people and machines are late, in steps that read well.
SHORT_MS = st.integers(0, 30).map(lambda n: 100 * n)
LONG_MS = st.integers(1, 60).map(lambda n: 500 * n)
#: When a move is made.
MOMENTS: st.SearchStrategy[list[Any]] = st.one_of(
    st.just([]),
    LONG_MS.map(lambda ms: [{"wait": ms}]),
    SHORT_MS.map(lambda ms: [{"wait_for": "agent_speech", "after_ms": ms, **_TIMEOUT}]),
    st.just([{"wait_for": "agent_turn", **_TIMEOUT}]),
)
COUNTS = st.integers(1, 4)


class ConversationFailed(Exception):
    """A conversation went wrong; each place where one can has a class of its own.

    Hypothesis tells failures apart by their class, so that it does not make one shorter by
    stumbling into another.
    """


def search(explorer: Explorer, *, examples: int, seed: int, most_moves: int) -> None:
    """Looks for a conversation that goes wrong, and leaves the shortest in `explorer.found`."""
    classes: dict[tuple[str, str], type[ConversationFailed]] = {}

    def class_of(failure: Failure) -> type[ConversationFailed]:
        fresh = type("ConversationFailed", (ConversationFailed,), {})
        return classes.setdefault(failure.key, fresh)

    machine = seeded(seed)(machine_for(explorer, class_of))
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=most_moves,
                database=None,
                deadline=None,
                report_multiple_bugs=False,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
                verbosity=Verbosity.quiet,
                print_blob=False,
            ),
        )
    except ConversationFailed:
        return


def machine_for(
    explorer: Explorer, class_of: Callable[[Failure], type[ConversationFailed]]
) -> type[RuleBasedStateMachine]:
    """The machine that makes conversations up for the explorer's ground.

    Args:
        explorer: Judges them.
        class_of: The exception that stands for a failure.
    """
    ground = explorer.ground
    said, pressed = st.sampled_from(ground.said), st.sampled_from(ground.pressed)

    def connected(machine: Any) -> bool:
        return not machine.plan.over

    class Exploration(RuleBasedStateMachine):
        """One conversation; what is drawn is only noted, and run at its end."""

        def __init__(self) -> None:
            super().__init__()
            self.plan = Plan(ground)

        # --- what the person does ---------------------------------------------------------------

        @precondition(connected)
        @rule(moment=MOMENTS, text=said)
        def say(self, moment: list[Any], text: str) -> None:
            self.plan.step(*moment, {"say": text})

        @precondition(connected)
        @rule(moment=MOMENTS, keys=pressed, kind=st.sampled_from(["rfc2833", "info", "inband"]))
        def press(self, moment: list[Any], keys: str, kind: str) -> None:
            about = {} if kind == "rfc2833" else {"kind": kind}
            self.plan.step(*moment, {"press": keys, **about})

        @precondition(connected)
        @rule(ms=LONG_MS)
        def be_silent(self, ms: int) -> None:
            self.plan.step({"wait": ms})

        @precondition(connected)
        @rule(moment=MOMENTS)
        def hang_up(self, moment: list[Any]) -> None:
            self.plan.step(*moment, "hang_up")
            self.plan.over = True

        @precondition(connected)
        @rule(moment=MOMENTS)
        def hold(self, moment: list[Any]) -> None:
            self.plan.step(*moment, "unhold" if self.plan.on_hold else "hold")
            self.plan.on_hold = not self.plan.on_hold

        @precondition(connected)
        @rule(moment=MOMENTS)
        def mute(self, moment: list[Any]) -> None:
            self.plan.step(*moment, "unmute" if self.plan.muted else "mute")
            self.plan.muted = not self.plan.muted

        @precondition(connected)
        @rule(moment=MOMENTS)
        def stop_rtp(self, moment: list[Any]) -> None:
            self.plan.step(*moment, "resume_rtp" if self.plan.silent else "stop_rtp")
            self.plan.silent = not self.plan.silent

        @precondition(connected)
        @rule(moment=MOMENTS, text=said)
        def message(self, moment: list[Any], text: str) -> None:
            self.plan.step(*moment, {"message": text})

        # --- what goes wrong at the provider ----------------------------------------------------

        @rule(occurrence=COUNTS, ms=LONG_MS)
        def slow_reply(self, occurrence: int, ms: int) -> None:
            self.plan.fault("delay", at="response.created", ms=ms, occurrence=occurrence)

        @rule(occurrence=COUNTS)
        def no_reply(self, occurrence: int) -> None:
            self.plan.fault("drop_response", occurrence=occurrence)

        @rule(at=st.sampled_from(EVENTS), occurrence=COUNTS)
        def drop(self, at: str, occurrence: int) -> None:
            self.plan.fault("close", at=at, occurrence=occurrence)

        @rule(at=st.sampled_from(EVENTS), occurrence=COUNTS)
        def error(self, at: str, occurrence: int) -> None:
            self.plan.fault("error", at=at, occurrence=occurrence)

        @rule(status=st.sampled_from([401, 429, 503]))
        def refuse(self, status: int) -> None:
            self.plan.fault("refuse", status=status)

        @rule(ms=LONG_MS)
        def end_session(self, ms: int) -> None:
            self.plan.fault("end_session", ms=ms)

        # --- what goes wrong elsewhere ----------------------------------------------------------

        if ground.parties:

            @rule(
                number=st.integers(0, len(ground.parties) - 1),
                otherwise=st.one_of(
                    st.just({"busy": True}),
                    st.just({"no_answer": True}),
                    st.sampled_from(CODES).map(lambda code: {"fail": code}),
                    LONG_MS.map(lambda ms: {"answer_after_ms": ms}),
                ),
            )
            def party(self, number: int, otherwise: dict[str, Any]) -> None:
                self.plan.party(number, **otherwise)

        if ground.http:

            @rule(
                number=st.integers(0, len(ground.http) - 1),
                otherwise=st.one_of(
                    LONG_MS.map(lambda ms: {"delay_ms": ms}),
                    st.sampled_from(sorted(FAILURE_NAMES)).map(lambda name: {"error": name}),
                ),
            )
            def answer(self, number: int, otherwise: dict[str, Any]) -> None:
                self.plan.answer(number, **otherwise)

        if not ground.calls_out:

            @initialize(patience_ms=st.none() | SHORT_MS.filter(bool))
            def dial(self, patience_ms: int | None) -> None:
                if patience_ms is not None:
                    self.plan.give_up_early(patience_ms)

        def teardown(self) -> None:
            failure = explorer.judge(self.plan)
            if failure is not None:
                raise class_of(failure)(failure.told)

    return Exploration
