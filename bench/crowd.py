"""Many sessions at the same time in one process: `python -m bench.crowd SESSIONS SCENARIO [MS]`.

The sessions share what a run has one of: the clock, the audio graph and its driver, the voice, the
register of utterances. Each has its own scenario, call, agent, journal and log, and records its
call, as `voxrt run` does. They begin at one instant, or so many ms apart, and last for four
seconds. The agent does what the file `SCENARIO.yaml` beside the scenario says.

The files are in memory where the system has a disk for that: three thousand new ones cost ext4 a
tenth of the whole time when as many were deleted shortly before, as by the run before this one.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random

import trio
from attrs import define, evolve, field

from voxrt.clock import US_PER_MS
from voxrt.clocks import VirtualClock
from voxrt.connectors.grok import GrokModule, GrokSettings
from voxrt.disk import refuse
from voxrt.legs.builder import caller
from voxrt.legs.switchboard import Switchboard
from voxrt.media.graph import Graph
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.run.agents import make_link_factory
from voxrt.run.config import RunConfig
from voxrt.run.garbage import rarely_collected
from voxrt.run.observer import Observer
from voxrt.run.summary import Summary
from voxrt.scenario.loading import load_script
from voxrt.scenario.source import read_source
from voxrt.session.journal import Journal
from voxrt.session.limits import Limits
from voxrt.session.log import SessionLog
from voxrt.session.media import MediaDriver
from voxrt.session.session import Script, Session, State
from voxrt.vox.call import Call
from voxrt.vox.context import Context
from voxrt.vox.globals import Globals
from voxrt.vox.voxengine import incoming_call
from voxrt.xai.standin import AgentScript, read_agent_script

SCENARIOS = Path(__file__).with_name("scenarios")
IN_MEMORY = Path("/dev/shm")
SECRETS = {"XAI_API_KEY": "stand-in-key"}
STARTED = {"sessionId": 1, "domainName": "voxrt.local.voximplant.com"}
CALLER = caller().wait(600_000).script()


def _nobody_waits() -> None:
    """What a long computation of a script asks: whether it has to stop."""


@define(eq=False)
class Crowd:
    """What all sessions share."""

    folder: Path
    scenario: Path
    agent_file: Path = SCENARIOS / "tool.yaml"
    apart_ms: int = 0
    clock: VirtualClock = field(factory=VirtualClock, init=False)
    graph: Graph = field(factory=Graph, init=False)
    media: MediaDriver = field(init=False)
    speaker: Speaker = field(factory=lambda: Speaker("synthetic"), init=False)
    utterances: Utterances = field(factory=Utterances, init=False)
    members: list[Member] = field(factory=list, init=False)
    script: Script = field(init=False)
    agent: AgentScript = field(init=False)
    tasks: trio.Nursery = field(init=False)
    _ended: int = field(default=0, init=False)
    _awaited: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.media = MediaDriver(self.clock, self.graph)
        self.agent = read_agent_script(self.agent_file)
        self.script = load_script([read_source(self.scenario)], seed=0, look=_nobody_waits)

    async def run(self, sessions: int) -> None:
        """Starts the sessions one after the other, and waits until all have ended."""
        async with trio.open_nursery() as self.tasks:
            for number in range(sessions):
                self.clock.call_at(number * self.apart_ms * US_PER_MS, self._begin, number)
            self._awaited = sessions
            await self.clock.drive(self.media, self._is_over)

    def spawn(self, task) -> None:
        """Starts a task of a session."""
        self.tasks.start_soon(task)

    def _begin(self, number: int) -> None:
        self.members.append(Member(self, self.folder / str(number), number))

    def _is_over(self) -> bool:
        # Asked after everything that happens: it looks at one session, the oldest.
        members = self.members
        while self._ended < len(members):
            session = members[self._ended].session
            if session.state is not State.TERMINATED:
                return False
            session.script.close()
            self._ended += 1
        return self._ended == self._awaited


@define(eq=False)
class Member:
    """One session, as a run builds it."""

    crowd: Crowd
    folder: Path
    seed: int
    summary: Summary = field(factory=Summary, init=False)
    journal: Journal = field(init=False)
    log: SessionLog = field(init=False)
    session: Session = field(init=False)
    call: Call = field(init=False)

    def __attrs_post_init__(self) -> None:
        crowd, config = self.crowd, RunConfig(scenarios=(), seed=self.seed)
        self.folder.mkdir()
        self.journal = Journal(crowd.clock, self.folder / "journal.jsonl")
        self.log = SessionLog(self.folder / "session.log", crowd.clock.unix_ms())
        self.journal.listeners += [self.summary.take, self.log.write]
        self.journal.add_secrets(SECRETS.values())
        self.session = Session(
            clock=crowd.clock,
            journal=self.journal,
            script=evolve(crowd.script),
            rng=Random(self.seed),
            limits=Limits(),
            secrets=SECRETS,
            started=STARTED,
            spawn=crowd.spawn,
        )
        links = make_link_factory(
            config,
            crowd.agent,
            uses=Counter(),
            clock=crowd.clock,
            speaker=crowd.speaker,
            utterances=crowd.utterances,
            spawn=crowd.spawn,
            approximated=str,
            warn=self.session.warn,
        )
        switchboard = Switchboard(CALLER)
        context = Context(
            session=self.session,
            media=crowd.media,
            speaker=crowd.speaker,
            utterances=crowd.utterances,
            switchboard=switchboard,
            folder=self.folder,
            broken=refuse,
            connect={"Grok": GrokSettings(make_link=links)},
            approximated=str,
        )
        Observer(context)
        self.session.namespace.update(Globals(context, {"Grok": GrokModule}).scope())
        self.session.start()
        call = partial(incoming_call, context, switchboard.incoming())
        self.call = call(to="18005550100", from_="15550123456", display_name="", headers={})

    def close(self) -> None:
        """Writes the end of its files."""
        self.journal.close()
        self.log.close()


def peak_mb() -> float:
    """The most memory that this process had at any time."""
    status = Path("/proc/self/status")
    if status.exists():  # what `getrusage` says there begins with the parent's memory
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert found is not None
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def main(sessions: int, scenario: str, apart_ms: int = 0) -> dict[str, float]:
    """Runs the sessions; CPU seconds, peak memory in MB, simulated seconds and calls answered."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        begin = time.process_time()
        file = SCENARIOS / scenario
        crowd = Crowd(Path(folder), file, file.with_suffix(".yaml"), apart_ms)
        with rarely_collected():
            trio.run(crowd.run, sessions, clock=crowd.clock.trio_clock)
            for member in crowd.members:
                member.close()
            used_s = time.process_time() - begin
    calls = [call for member in crowd.members for call in member.summary.calls.values()]
    return {
        "cpu_s": used_s,
        "peak_mb": peak_mb(),
        "simulated_s": crowd.clock.now_us() / 1e6,
        "hung_up": sum(1 for call in calls if call.get("ended") == "Disconnected"),
        "errors": sum(member.summary.errors for member in crowd.members),
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:]))))
