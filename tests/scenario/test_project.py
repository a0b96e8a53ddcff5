"""Projects: their layouts, their applications, and what is chosen from them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voxrt.errors import DocumentError, InputError, UsageError
from voxrt.scenario.choice import choose
from voxrt.scenario.project import open_project
from voxrt.scenario.source import global_defines, read_sources

ROOT = Path(__file__).parents[2]
DEFAULT = "18005550100"
SHOP = "shop.acme.voximplant.com"
BANK = "bank.acme.voximplant.com"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder, as the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, content=""):
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def rule(name, *scenarios, pattern=".*"):
    return {"ruleName": name, "scenarios": list(scenarios), "rulePattern": pattern}


def application(folder, *rules, name=None):
    if name is not None:
        write(f"{folder}/application.config.json", {"applicationName": name})
    write(f"{folder}/rules.config.json", list(rules))


def chosen(folder=".", app=None, defines=None, **options):
    opened = open_project(Path(folder), app, defines)
    return choose(opened, default_to=DEFAULT, defines=defines, **options)


def files(choice):
    return [path.as_posix() for path in choice.scenarios]


def refused(*arguments, **options):
    with pytest.raises(InputError) as caught:
        chosen(*arguments, **options)
    return caught.value


# --- layouts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("project", [".", "voxfiles", f"voxfiles/applications/{SHOP}"])
@pytest.mark.parametrize(
    "src", ["voxfiles/scenarios/src", f"voxfiles/applications/{SHOP}/scenarios/src"]
)
@pytest.mark.parametrize(
    "ending", [".voxengine.js", ".voxengine.ts", ".voxengine.py", ".js", ".py"]
)
def test_both_places_of_voxengine_ci(here, project, src, ending):
    application(f"voxfiles/applications/{SHOP}", rule("in", "keys", "agent"), name=SHOP)
    for name in ("keys", "agent"):
        write(f"{src}/{name}{ending}")
    choice = chosen(project)
    assert [Path(path).resolve() for path in files(choice)] == [
        here / src / f"keys{ending}",
        here / src / f"agent{ending}",
    ]
    assert (choice.application, choice.rule, choice.to) == (SHOP, "in", None)


@pytest.mark.parametrize(
    ("cwd", "project"), [("voxfiles/applications", SHOP), (f"voxfiles/applications/{SHOP}", ".")]
)
def test_an_application_from_where_one_stands(here, monkeypatch, cwd, project):
    application(f"voxfiles/applications/{SHOP}", rule("in", "agent"))
    write("voxfiles/scenarios/src/agent.voxengine.js")
    monkeypatch.chdir(here / cwd)
    (path,) = chosen(project).scenarios
    assert path.resolve() == here / "voxfiles/scenarios/src/agent.voxengine.js"
    assert chosen(project).application == SHOP


def test_the_newer_place_wins_and_the_older_fills_in(here):
    app = f"voxfiles/applications/{SHOP}"
    application(app, rule("in", "both", "old"), name=SHOP)
    for place in ("voxfiles/scenarios/src", f"{app}/scenarios/src"):
        write(f"{place}/both.voxengine.js")
    write("voxfiles/scenarios/src/old.voxengine.js")
    write(f"{app}/scenarios/dist/old.voxengine.js")
    write("voxfiles/.voxengine-ci/applications/x/rules.metadata.config.json", [])
    assert files(chosen()) == [
        f"{app}/scenarios/src/both.voxengine.js",
        "voxfiles/scenarios/src/old.voxengine.js",
    ]


def test_the_layout_of_the_public_examples(here):
    application("application", rule("in", "credentials", "handler"), name="{{APP}}.acme.com")
    write("scenarios/handler.voxengine.js")
    write("modules/credentials.voxengine.js")
    write("node_modules/x/handler.voxengine.js")
    write(".cache/handler.voxengine.js")
    write("ci/applications/x/rules.config.json", [])
    write("ci/scenarios/src/handler.voxengine.js")
    choice = chosen(defines={"APP": "shop"})
    assert files(choice) == ["modules/credentials.voxengine.js", "scenarios/handler.voxengine.js"]
    assert choice.application == "shop.acme.com"
    assert choice.defines == {}


@pytest.mark.parametrize(("cwd", "project"), [(".", "application"), ("application", ".")])
def test_the_folder_of_the_configuration_stands_for_the_project(here, monkeypatch, cwd, project):
    application("application", rule("in", "handler"))
    write("scenarios/handler.voxengine.js")
    monkeypatch.chdir(here / cwd)
    (path,) = chosen(project).scenarios
    assert path.resolve() == here / "scenarios/handler.voxengine.js"


def test_rules_beside_the_scenarios(here):
    application(".", rule("in", "a", "b", "c"))
    for name in ("a.voxengine.js", "deep/er/b.voxengine.js", "c.py"):
        write(name)
    choice = chosen()
    assert files(choice) == ["a.voxengine.js", "deep/er/b.voxengine.js", "c.py"]
    assert choice.application == here.name


def test_a_bare_file_gives_way_to_one_that_is_surely_a_scenario(here):
    application(".", rule("in", "deploy"))
    write("deploy.js")
    write("scenarios/deploy.voxengine.js")
    assert files(chosen()) == ["scenarios/deploy.voxengine.js"]


def test_a_configuration_in_yaml(here):
    write("rules.config.yml", "- ruleName: in\n  scenarios: [a]\n  rulePattern: '1.*'\n")
    write("application.config.yaml", "applicationName: shop\n")
    write("a.py")
    choice = chosen()
    assert (choice.application, choice.rule, files(choice)) == ("shop", "in", ["a.py"])


@pytest.mark.parametrize(
    ("made", "project", "message", "hint"),
    [
        ([], "none", "none: there is no such folder.", "--project takes a folder."),
        (["a.js"], "a.js", "a.js: this is a file, not a project.", "--project takes a folder."),
        (
            ["a.js"],
            ".",
            ".: this is no project: there is no rules.config.json.",
            "It belongs into the folder, into application/ or into applications/APP/.",
        ),
        (
            ["one/rules.config.json", "two/rules.config.json"],
            ".",
            ".: there are several projects here: one, two.",
            "Name one, for example `--project one`.",
        ),
        (
            ["applications/shop/application.config.json"],
            ".",
            "applications/shop: the application has no rules.config.json.",
            "",
        ),
        (["rules.config.toml"], ".", "rules.config.toml: voxrt reads JSON and YAML here", ""),
        (["rules.config.json"], ".", "rules.config.json:1:1: not valid JSON: it ends too", ""),
    ],
)
def test_what_is_no_project_is_told(here, made, project, message, hint):
    for name in made:
        write(name)
    error = refused(project)
    assert str(error).startswith(message)
    assert error.hint == hint


def test_a_folder_that_cannot_be_read_is_told(here, monkeypatch):
    write("deep/a.js")
    application(".", rule("in", "a"))
    whole = Path.iterdir

    def iterdir(path):
        if path.name == "deep":
            raise PermissionError(13, "Permission denied")
        return whole(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert str(refused()) == "deep: the folder cannot be read: Permission denied."


def test_an_application_config_without_a_name_is_told_with_its_line(here):
    application(".", rule("in", "a"))
    write("application.config.json", '\n{"name": "x"}')
    error = refused()
    assert str(error) == (
        "application.config.json:2:1: the key `applicationName` with a text is missing"
    )


# --- applications ---------------------------------------------------------------------------------


@pytest.fixture
def two(here):
    """Two applications, each with the scenario `agent`."""
    for name in (SHOP, BANK):
        application(f"voxfiles/applications/{name}", rule("in", "agent"), name=name)
        write(f"voxfiles/applications/{name}/scenarios/src/agent.voxengine.js")


@pytest.mark.parametrize("app", [SHOP, "shop"])
def test_an_application_is_chosen_by_its_name(two, app):
    choice = chosen(app=app)
    assert choice.application == SHOP
    assert files(choice) == [f"voxfiles/applications/{SHOP}/scenarios/src/agent.voxengine.js"]


def test_several_applications_need_a_choice(two):
    error = refused()
    assert error.message == "the project has 2 applications."
    assert error.hint == f"Choose one with --app: {BANK}, {SHOP}."


def test_an_application_that_is_not_there_names_a_near_one(two):
    error = refused(app="shop.acme.voximplant.org")
    assert error.message == "--app shop.acme.voximplant.org: the project has no such application."
    assert error.hint == f"Did you mean `{SHOP}`?"
    assert refused(app="x").hint == f"It has: {BANK}, {SHOP}."


def test_a_short_name_that_two_applications_have(here):
    for account in ("a", "b"):
        application(f"voxfiles/applications/{account}", rule("in", "x"), name=f"shop.{account}.com")
    assert refused(app="shop").message == "--app shop may be any of shop.a.com, shop.b.com."


def test_two_applications_of_one_name(here):
    for folder in ("one", "two"):
        application(f"applications/{folder}", rule("in", "x"), name=SHOP)
    error = refused()
    assert isinstance(error, DocumentError)
    assert str(error) == (
        f"applications/two: two applications are called `{SHOP}`: this one and that of "
        "applications/one"
    )


# --- rules ----------------------------------------------------------------------------------------


@pytest.fixture
def rules(here):
    """Four rules with one scenario each, named as they are."""
    application(
        ".",
        rule("staff", "staff", pattern=r"1800555\d{3}"),
        rule("inbound", "inbound", pattern=r"+?[1-9]\d{10,14}"),
        rule("joinconf", "joinconf", pattern="joinconf"),
        rule("outbound", "outbound", pattern="out.*"),
    )
    for name in ("staff", "inbound", "joinconf", "outbound"):
        write(f"{name}.voxengine.js")


@pytest.mark.parametrize(
    ("options", "name", "to"),
    [
        ({}, "inbound", None),
        ({"to": "1800555999"}, "staff", "1800555999"),
        ({"to": "+1800555999"}, "staff", "1800555999"),
        ({"to": "outside"}, "outbound", "outside"),
        ({"rule": "staff"}, "staff", None),
        ({"rule": "joinconf"}, "joinconf", "joinconf"),
        ({"rule": "outbound", "start": True}, "outbound", None),
        ({"rule": "joinconf", "start": True}, "joinconf", None),
        ({"rule": "staff", "to": "1800555123"}, "staff", "1800555123"),
    ],
)
def test_a_rule_is_chosen(rules, options, name, to):
    choice = chosen(**options)
    assert (choice.rule, choice.to, files(choice)) == (name, to, [f"{name}.voxengine.js"])


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (
            {"to": "5"},
            "no rule takes 5.",
            "staff: does not match; inbound: does not match; joinconf: does not match; "
            "outbound: does not match.",
        ),
        (
            {"rule": "inbuond"},
            "--rule inbuond: the application has no such rule.",
            "Did you mean `inbound`?",
        ),
        (
            {"rule": "x"},
            "--rule x: the application has no such rule.",
            "It has: staff, inbound, joinconf, outbound.",
        ),
        (
            {"start": True},
            "--start needs the name of a rule: nobody calls, so no number chooses one.",
            "Add --rule with one of: staff, inbound, joinconf, outbound.",
        ),
        (
            {"rule": "outbound", "to": "18005550100"},
            "--rule outbound does not take --to 18005550100: does not match.",
            "Leave out one of them.",
        ),
    ],
)
def test_a_rule_that_is_none_is_told(rules, options, message, hint):
    error = refused(**options)
    assert (error.message, error.hint) == (message, hint)
    assert error.file == "rules.config.json"


def test_no_rule_takes_the_number_that_is_called_without_one(here):
    application(".", rule("a", "a", pattern="1"), rule("b", "b", pattern="2"))
    error = refused()
    assert error.message == f"no rule takes {DEFAULT}, the number that is called without --to."
    assert error.hint == "Give a number with --to, or a rule with --rule: a, b."


@pytest.mark.parametrize(("pattern", "to"), [("2", "2"), ("[23]", None)])
def test_the_only_rule_is_chosen_without_a_number(here, pattern, to):
    application(".", rule("a", "a", pattern=pattern))
    write("a.py")
    assert (chosen().rule, chosen().to) == ("a", to)
    assert chosen(start=True).to is None
    assert refused(to="5").message == "no rule takes 5."


def test_an_application_without_rules_and_a_rule_without_scenarios(here):
    application(".")
    assert str(refused()) == "rules.config.json: the application has no rules."
    application(".", rule("a"))
    assert str(refused()) == "rules.config.json:1: the rule `a` has no scenarios."


# --- scenario files -------------------------------------------------------------------------------


def test_a_scenario_without_a_file_is_told_at_its_name(here):
    write(
        "application/rules.config.json",
        '[\n  {"ruleName": "in",\n   "scenarios": ["handler",\n     "credentails"]}\n]\n',
    )
    write("scenarios/handler.voxengine.js")
    write("modules/credentials.voxengine.js")
    error = refused()
    assert isinstance(error, DocumentError)
    assert error.where == "application/rules.config.json:4:6"
    assert error.message == "[0].scenarios[1]: the scenario `credentails` has no file in .."
    assert error.hint == (
        "Did you mean `credentials`? A file that is not in the folder is given by "
        "--replace credentails=FILE."
    )


def test_a_voxfiles_folder_without_scenarios_is_told(here):
    application("applications/shop", rule("in", "a"))
    assert refused().message == (
        "[0].scenarios[0]: the scenario `a` has no file: "
        "there is no applications/shop/scenarios/src."
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a/x.voxengine.js", "b/x.voxengine.js"),
        ("x.voxengine.js", "x.voxengine.ts"),
        ("x.js", "x.py"),
    ],
)
def test_two_files_of_one_name_are_told(here, one, two):
    application(".", rule("in", "x"))
    write(one)
    write(two)
    error = refused()
    assert error.message == f"[0].scenarios[0]: the scenario `x` is there twice: {one} and {two}."
    assert error.line == 1


# --- values from outside --------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["credentials", "credentials.voxengine.js", "m/credentials.js"])
def test_a_file_that_is_missing_is_given(here, key):
    application(".", rule("in", "credentials", "handler"), rule("other", "else"))
    write("handler.voxengine.py", "use(KEY)\n")
    other = write("local/keys.py", "KEY = 1\n")
    choice = chosen(replacements={key: other})
    assert choice.replacements == {"credentials": other}
    sources = read_sources(choice.scenarios, choice.defines, choice.replacements)
    assert [(source.name, source.path) for source in sources] == [
        ("credentials", other),
        ("handler", Path("handler.voxengine.py")),
    ]


def test_a_replacement_that_only_another_rule_needs_is_left_out(here):
    application(".", rule("in", "handler"), rule("other", "credentials"))
    write("handler.py")
    assert chosen(replacements={"credentials": Path("x.py")}).replacements == {}


def test_a_replacement_that_no_rule_needs_is_told(here):
    application(".", rule("in", "credentials"))
    error = refused(replacements={"credentails": Path("x.py")})
    assert isinstance(error, UsageError)
    assert error.message == "--replace credentails: no rule of the application has this scenario."
    assert error.hint == "Did you mean `credentials`?"


def test_a_define_of_the_configuration_need_not_be_one_of_the_files(here):
    application(".", rule("in", "a"), name="{{APP}}.{{ACCOUNT}}")
    write("a.js", "f('{{ACCOUNT}}', KEY)")
    defines = {"APP": "shop", "ACCOUNT": "acme", "KEY": 1}
    choice = chosen(defines=defines)
    assert choice.application == "shop.acme"
    assert choice.defines == {"ACCOUNT": "acme", "KEY": 1}
    (source,) = read_sources(choice.scenarios, choice.defines)
    assert source.text == "f('acme', KEY)"
    assert global_defines(choice.defines, [source]) == {"KEY": 1}


# --- the example ----------------------------------------------------------------------------------


def test_the_example_project_is_complete_but_for_what_is_given(monkeypatch):
    monkeypatch.chdir(ROOT)
    project = "scenarios/project"
    assert refused(project).message == (
        "[0].scenarios[0]: the scenario `credentials` has no file in "
        f"{project}/voxfiles/applications/bakery.example.voximplant.com/scenarios/src."
    )
    choice = chosen(
        project,
        defines={"SHOP_NUMBER": "18005550100"},
        replacements={"credentials": Path(project, "local/credentials.js")},
    )
    sources = read_sources(choice.scenarios, choice.defines, choice.replacements)
    assert (choice.rule, [source.name for source in sources]) == (
        "orders",
        ["credentials", "shop", "orders"],
    )
    assert 'const SHOP_NUMBER = "18005550100"' in sources[1].text
    assert chosen(project, rule="ready", start=True).rule == "ready"
