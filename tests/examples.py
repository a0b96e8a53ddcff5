"""How each example of `scenarios/` is run; paths are those of the project's folder."""

from __future__ import annotations

from pathlib import Path

from voxrt.cli.scenarios import choose_scenarios
from voxrt.outside.call_list import read_call_list
from voxrt.run import RunConfig

GUEST = '{"phone": "15557654321", "name": "Ann", "time": "eight"}'
EXAMPLES = {
    "acd": {"caller": "caller.yaml", "queues": Path("scenarios", "acd", "queues.yaml")},
    "after-hours": {"caller": "callers.yaml", "http": "api.yaml"},
    "briefing": {"caller": "caller.yaml", "video_conference": True},
    "conference": {"caller": "people.yaml"},
    "call-list": {"caller": "guests.yaml", "call_list": 1},
    "forward": {"caller": "caller.yaml"},
    "hold": {"caller": "caller.yaml"},
    "intercom": {"caller": "caller.yaml"},
    "ivr": {"caller": "caller.yaml"},
    "line-check": {"caller": "caller.yaml"},
    "lookup": {
        "caller": "caller.yaml",
        "http": "answers.yaml",
        "secrets": {"CRM_TOKEN": "crm-token-0123"},
    },
    "menu": {"caller": "caller.yaml"},
    "music": {"caller": "caller.yaml"},
    "pin": {
        "caller": "caller.yaml",
        "http": "mail.yaml",
        "secrets": {"PEPPER": "salt-and-pepper", "SMTP_PASSWORD": "letmein-0123"},
    },
    "pipeline": {"caller": "caller.yaml", "http": "model.yaml"},
    "softphone": {"caller": "caller.yaml"},
    "supervisor": {"caller": "caller.yaml", "http": "office.yaml"},
    "transfer": {"caller": "caller.yaml"},
    "queue": {"caller": "caller.yaml", "queues": Path("scenarios", "queue", "queues.yaml")},
    "recorder": {"caller": "caller.yaml"},
    "referral": {"caller": "caller.yaml"},
    "reminder": {"caller": "guest.yaml", "start": True, "custom_data": GUEST},
    "voice-menu": {"caller": "caller.yaml"},
    "voicemail": {"caller": "guest.yaml", "start": True},
    "websocket": {"caller": "caller.yaml", "http": "peers.yaml"},
}

CLASSIC = Path("scenarios", "classic")

BOB = '{"phone": "15557654321", "name": "Bob", "when": "Friday at nine"}'
#: How each is run beside its caller script of the same name.
CLASSICS = {
    "business-hours": {},
    "call-list": {"call_list": CLASSIC / "call-list.csv"},
    "call-screening": {},
    "callback": {},
    "click-to-call": {"start": True, "custom_data": "15557654321:15551234567"},
    "conference": {},
    "forward": {},
    "hold-music": {},
    "http-lookup": {
        "http": CLASSIC / "http-lookup.answers.yaml",
        "secrets": {"CRM_TOKEN": "token"},
    },
    "ivr-menu": {},
    "language-choice": {},
    "outbound-reminder": {"start": True, "custom_data": BOB},
    "pin-entry": {"secrets": {"PIN": "4711"}},
    "recorder": {},
    "ring-group": {},
    "speech-menu": {},
    "voicemail-box": {},
    "voicemail-detection": {"start": True, "custom_data": "15557654321"},
}


def example_config(name, out, **changes):
    """The configuration of a run of an example, with the synthetic voice."""
    options = {**EXAMPLES[name], **changes}
    for option in ("caller", "http"):
        if options.get(option):
            options[option] = Path("scenarios", name, options[option])
    if "call_list" in options:
        rows = read_call_list(Path("scenarios", name, "guests.csv"))
        options["call_list"] = rows[options["call_list"] - 1]
    settings = {"scenarios": tuple(Path("scenarios", name).glob(f"{name}.[jp][sy]"))}
    if name == "conference":
        settings = project(Path("scenarios", name))
    return RunConfig(**settings, out=out, speech="synthetic", **options)


def classic_config(name, out, **changes):
    """The same of a classic scenario in JavaScript."""
    options = {**CLASSICS[name], "caller": CLASSIC / f"{name}.yaml", **changes}
    if "call_list" in options:
        options["call_list"] = read_call_list(options["call_list"])[0]
    return RunConfig(
        scenarios=(CLASSIC / f"{name}.voxengine.js",), out=out, speech="synthetic", **options
    )


def project(folder, **given):
    """What the command line makes of a project."""
    nothing = dict.fromkeys(("app", "rule", "to"))
    options = {"start": False, "defines": {}, "replacements": {}, **nothing, **given}
    chosen = choose_scenarios((), project=folder, **options)
    return chosen.settings


def agent_config(name, out):
    """The same of the examples with a voice agent, one scenario or project in each language."""
    if name == "project":
        folder = Path("scenarios", "project")
        settings = project(
            folder,
            defines={"SHOP_NUMBER": "18005550100"},
            replacements={"credentials": folder / "local" / "credentials.js"},
        )
    else:
        folder = Path("scenarios", "restaurant")
        settings = {"scenarios": (folder / name,)}
    return RunConfig(
        **settings,
        caller=folder / "caller.yaml",
        agent=folder / "agent.yaml",
        out=out,
        speech="synthetic",
    )


AGENTS = ("restaurant.py", "restaurant.js", "project")

#: Every example, by its kind and name.
EVERY = [
    *(f"agents/{name}" for name in AGENTS),
    *(f"examples/{name}" for name in EXAMPLES),
    *(f"classic/{name}" for name in CLASSICS),
]
MAKERS = {"agents": agent_config, "examples": example_config, "classic": classic_config}
