"""The outside world of a run: what is declared, what is allowed, and the storage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import trio

from voxrt.clock import US_PER_MS, Clock
from voxrt.errors import UsageError
from voxrt.outside.access_server import HOST, AccessServer
from voxrt.outside.live import Live
from voxrt.outside.peers import PeerPlan, SocketClient
from voxrt.outside.rules import AccessRequest, Rules
from voxrt.outside.rules_file import load_rules
from voxrt.outside.store import Store
from voxrt.outside.world import AllowedHosts, Outside
from voxrt.run.config import RunConfig
from voxrt.session.session import Session
from voxrt.vox.context import STORAGE_FILE, Context
from voxrt.vox.peer_plan import PlannedPeer
from voxrt.vox.socket_clients import connect_peer
from voxrt.vox.socket_frames import looks_like_frame
from voxrt.vox.socket_peer import check_plan

HIGHEST_PORT = 65_535


def read_outside(config: RunConfig, clock: Clock) -> Rules:
    """What the user declares of the outside world; checks the options that go with it.

    Raises:
        InputError: The file or an option is wrong.
    """
    if config.serve is not None:
        if clock.is_virtual:
            raise UsageError(
                "--serve needs time that passes: nobody could reach a session in virtual time",
                hint="Add `--time real`, or declare the requests in the file of --http.",
            )
        if not 0 <= config.serve <= HIGHEST_PORT:
            raise UsageError(f"--serve takes a port from 0 to {HIGHEST_PORT}, not {config.serve}")
    if config.call_list is not None and config.custom_data is not None:
        raise UsageError("a row of a call list is the custom data: leave out --custom-data")
    given = Rules() if config.http is None else config.http
    rules = given if isinstance(given, Rules) else load_rules(given)
    for peer in rules.websockets:
        if isinstance(peer.reply, PeerPlan):
            check_plan(peer.reply)
    for client in rules.clients:
        check_plan(client.plan)
    return rules


def make_outside(
    config: RunConfig, rules: Rules, session: Session, spawn: Callable[[Callable[[], Any]], None]
) -> Outside:
    """The world outside of a session."""
    return Outside(
        clock=session.clock,
        write=session.journal.write,
        warn=session.warn,
        hide=session.journal.add_secrets,
        rules=rules,
        allowed=AllowedHosts(config.allow_net),
        live=Live(session.clock, spawn) if config.allow_net else None,
    )


def make_store(config: RunConfig, clock: Clock) -> Store:
    """The application's storage: the file that was named, or a new one in the run's folder.

    Raises:
        UsageError: The named file cannot be used.
    """

    def unix_s() -> int:
        return clock.unix_ms() // 1000

    if config.storage is None:
        return Store(config.out / STORAGE_FILE, unix_s)
    store = Store(config.storage, unix_s, shared=True)
    store.check()
    return store


async def serve_access(
    nursery: trio.Nursery, port: int, clock: Clock, contexts: Callable[[], Iterable[Context]]
) -> str:
    """Serves the sessions' access URLs.

    Args:
        nursery: The run's tasks.
        port: The port, 0 for a free one.
        clock: The run's.
        contexts: The platforms of the sessions that there are.

    Returns:
        The address, without a path.
    """
    server = AccessServer(clock, port, looks_like_frame)
    bound = await nursery.start(server.serve, lambda: [one.remote for one in contexts()])
    return f"http://{HOST}:{bound}"


def outside_fields(context: Context) -> dict[str, Any]:
    """What a run's result says of the outside world, when there is something to say."""
    attempt, unused = context.call_list, [*context.outside.unused(), *context.unused]
    fields: dict[str, Any] = {"unused_answers": unused} if unused else {}
    if attempt is not None:
        fields["call_list"] = attempt.outcome()
    return fields


def post_requests(rules: Rules, clock: Clock, find: Callable[[int | str], Context | None]) -> None:
    """Makes the declared requests and clients of the sessions due.

    Args:
        rules: What is declared.
        clock: The run's.
        find: The platform of a session, by its number or its conference; `None` when there is
            none (yet), of which the user has been told.
    """

    def connect(client: SocketClient) -> None:
        context = find(client.session)
        if context is not None:
            connect_peer(context, PlannedPeer(client.plan), client.path, client.headers)

    def ask(asked: AccessRequest) -> None:
        context = find(asked.session)
        if context is not None:
            context.remote.request(asked.method, asked.path, asked.content, asked.headers)

    for client in rules.clients:
        clock.call_at(client.at_ms * US_PER_MS, connect, client)
    for asked in rules.requests:
        clock.call_at(asked.at_ms * US_PER_MS, ask, asked)
