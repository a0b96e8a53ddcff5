"""`Net.sendMail` and `Net.sendMailAsync`."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

SCENARIO = """
import trio
async def on_start(e):
{body}
    VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
SEND = (
    'await Net.sendMailAsync("mail.example.com", "me@example.com", {to}, "Hi", "Text", {options})'
)


@pytest.fixture
def send(play):
    """Runs a handler of `Started` with declared answers to mails."""

    def run(body, rules=None, **config):
        if rules is not None:
            Path("rules.yaml").write_text("mail:\n" + indent(dedent(rules), "  "), encoding="utf-8")
            config["http"] = Path("rules.yaml")
        text = SCENARIO.format(body=indent(dedent(body).strip(), "    "))
        return play(text, start=True, **config)

    return run


def sent(played):
    return [record for record in played.of("mail") if record["state"] == "sent"]


def test_a_mail_that_the_server_takes(send):
    played = send(
        f"seen.append({SEND.format(to=['a@x.example', 'b@x.example'], options=OPTIONS)})",
        "- {match: {to: a@*}, reply: 250, delay_ms: 300}",
    )
    assert played.seen == [{"code": 250}]
    (mail,) = sent(played)
    assert mail["server"] == "mail.example.com:587"
    assert (mail["from"], mail["to"]) == ("me@example.com", ["a@x.example", "b@x.example"])
    assert (mail["cc"], mail["bcc"]) == (["c@x.example"], ["d@x.example"])
    assert (mail["subject"], mail["text"], mail["html"]) == ("Hi", "Text", "<b>Text</b>")
    (answer,) = [record for record in played.of("mail") if record["state"] == "answered"]
    assert (answer["t"], answer["code"], answer["took_ms"]) == (300.0, 250, 300.0)


OPTIONS = (
    '{"port": 587, "login": "me", "password": "hunter22", "html": "<b>Text</b>", '
    '"cc": ["c@x.example"], "bcc": "d@x.example"}'
)


def test_the_password_is_written_nowhere(send):
    played = send(SEND.format(to="'a@x.example'", options=OPTIONS), "- reply: 250")
    for name in ("journal", "log"):
        assert "hunter22" not in played.result.files[name].read_text()


def test_a_refusal_is_a_result(send):
    played = send(
        f"seen.append({SEND.format(to='1', options=None)})",
        '- {match: {subject: "H?"}, reply: {code: 550, text: "no such mailbox"}}',
    )
    assert played.seen == [{"code": 550, "error": "no such mailbox"}]
    assert sent(played)[0]["server"] == "mail.example.com:25"


@pytest.mark.parametrize(("error", "code"), [("host-not-found", -3), (-7, -7)])
def test_a_server_that_is_not_there(send, error, code):
    played = send(f"seen.append({SEND.format(to='1', options=None)})", f"- error: {error}")
    assert played.seen[0].code == code
    assert played.seen[0].error


def test_the_closed_world_says_how_to_open_it(send):
    played = send(f"seen.append({SEND.format(to='1', options=None)})")
    assert played.seen[0].code == -4
    assert "--allow-net=mail.example.com" in played.seen[0].error


def test_a_callback(send):
    played = send(
        """
        Net.sendMail("m.example", "a", "b", "c", "d", lambda result: seen.append(result.code))
        await trio.sleep(1)
        """,
        "- reply: 250",
    )
    assert played.seen == [250]


def test_two_are_under_way_and_ten_at_all(send):
    played = send(
        """
        for number in range(10):
            Net.sendMail("m.example", "a", "b", str(number), "d", None)
        try:
            Net.sendMail("m.example", "a", "b", "c", "d", None)
        except Exception as error:
            seen.append(str(error))
        try:
            await Net.sendMailAsync("m.example", "a", "b", "c", "d")
        except Exception as error:
            seen.append(str(error))
        await trio.sleep(5)
        """,
        "- {reply: 250, delay_ms: 100}",
    )
    assert played.seen == ["Exceeded the SMTP connection count limit!"] * 2
    assert [mail["t"] for mail in sent(played)] == [100.0 * (n // 2) for n in range(10)]


def test_waiting_mails_are_dropped_at_the_end(send):
    played = send(
        'for number in range(3):\n    Net.sendMail("m.example", "a", "b", str(number), "d", None)',
        "- {reply: 250, delay_ms: 100}",
    )
    dropped = [record for record in played.of("mail") if record["state"] == "dropped"]
    assert [record["subject"] for record in dropped] == ["2"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('None, "a", "b", "c", "d"', "mailServerAddress must be a string"),
        ('"m", "a", [], "c", "d"', "there is nobody to send it to"),
        ('"m", "a", "b", "c\\nBcc: x", "d"', "title must be one line"),
        ('"m", "a", "b\\r\\nBcc: x", "c", "d"', "to must be one line"),
        ('"m", "a", "b", "c", "d", {"port": "25"}', "port must be a number"),
    ],
)
def test_arguments_of_the_wrong_type(send, arguments, text):
    played = send(f"await Net.sendMailAsync({arguments})", "- reply: 250")
    assert text in played.of("error")[0]["text"]
    assert not sent(played)
