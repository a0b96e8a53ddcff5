"""The tests' own way to run a scenario."""

from __future__ import annotations


def test_a_played_scenario_shows_its_records_and_its_result(play):
    played = play(
        """
        VoxEngine.addEventListener(AppEvents.Started, lambda e: Logger.write("here"))
        VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)
        """,
        start=True,
    )
    assert played.logs == ["here"]
    assert played.events == [
        "Application.Started",
        "Application.Terminating",
        "Application.Terminated",
    ]
    assert played.result.exit_code == 0
    assert played.log_lines[-1].endswith("Session terminated")
