"""The examples of docs/testing.md work as they stand there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")

#: The web shop of the example in YAML.
ORDERS = """
require(Modules.Grok);
const TOOLS = [{ type: 'function', name: 'place_order', parameters: { type: 'object' } }];

async function order() {
  for (let left = 2; left > 0; left--) {
    const reply = await Net.httpRequestAsync('https://shop.example/orders', { method: 'POST' });
    if (reply.code === 200) return JSON.parse(reply.text).id;
  }
}

VoxEngine.addEventListener(AppEvents.CallAlerting, async ({ call }) => {
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
  const client = await Grok.createVoiceAgentAPIClient({ xAIApiKey: 'key', model: 'm' });
  const events = Grok.VoiceAgentAPIEvents;
  client.addEventListener(events.ConversationCreated, () => client.sessionUpdate({
    session: { turn_detection: { type: 'server_vad' }, tools: TOOLS },
  }));
  client.addEventListener(events.SessionUpdated, () => {
    VoxEngine.sendMediaBetween(call, client);
    client.responseCreate({});
  });
  client.addEventListener(events.ResponseFunctionCallArgumentsDone, async ({ data }) => {
    const text = `Your order has the number ${(await order()) === 7 ? 'seven' : 'unknown'}.`;
    client.conversationItemCreate({ item: {
      type: 'function_call_output', call_id: data.payload.call_id, output: JSON.stringify({ text }),
    } });
    client.responseCreate({});
  });
});
"""

#: pytest as it is without plug-ins that want settings.
PLAIN = ("-p", "no:cacheprovider", "-p", "no:asyncio")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(pytester):
    """A folder with the scenarios that the page names."""
    restaurant = ROOT / "scenarios" / "restaurant"
    for file in ("restaurant.js", "agent.yaml"):
        shutil.copy(restaurant / file, pytester.path)
    shutil.copy(ROOT / "scenarios" / "menu" / "menu.py", pytester.path)
    (pytester.path / "orders.js").write_text(ORDERS, encoding="utf-8")
    pytester.makeini("[pytest]\nvoxrt_speech = synthetic\n")
    return pytester


def test_the_examples_in_python(folder):
    texts = blocks("python")
    assert len(texts) == 3
    for number, text in enumerate(texts):
        folder.makepyfile(**{f"test_{number}": text})
    folder.runpytest_inprocess(*PLAIN).assert_outcomes(passed=4)


def test_the_example_in_yaml(folder):
    _, text = blocks("yaml")
    (folder.path / "order.conversation.yaml").write_text(text, encoding="utf-8")
    folder.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)


def test_the_five_minutes(folder, capsys):
    """What `voxrt init` writes passes, reads as the page shows it, and fails when it is broken."""
    from voxrt.cli.main import main

    main(["init", "shop"])
    shop = folder.path / "shop"
    shown, _ = blocks("yaml")
    written = (shop / "tests" / "hello.conversation.yaml").read_text(encoding="utf-8")
    assert shown in written
    scenario = (shop / "hello.js").read_text(encoding="utf-8")
    (line,) = [line for line in scenario.splitlines() if "clearMediaBuffer" in line]
    (shop / "hello.js").write_text(scenario.replace(line, ""), encoding="utf-8")
    result = folder.runpytest_inprocess(*PLAIN, "shop")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*assert call.heard.stale_ms_after_barge_in < 250",
            "E*assert * (after the barge-in at * s) < 250",
        ]
    )
