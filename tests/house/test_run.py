"""What run.py says and decides, without installing anything."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIRROR = "https://mirror.example/simple"

LOCK = """\
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
uv==0.13.9 \\
    --hash=sha256:cc
uvicorn==0.54.0 \\
    --hash=sha256:dd
"""


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(run, tmp_path, monkeypatch):
    """A copy of run.py's world in an empty folder, where nothing is really run."""
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    for name in run.LOCKS.values():
        (tmp_path / name).write_text(LOCK, encoding="utf-8")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv" / "set-up.json")
    monkeypatch.setattr(run, "refuse_small_disk", lambda *_: None)
    run.steps = []

    def make_venv():
        run.VENV.mkdir(exist_ok=True)
        run.STAMP.unlink(missing_ok=True)
        run.steps.append("venv")

    monkeypatch.setattr(run, "make_venv", make_venv)
    monkeypatch.setattr(run, "install", run.steps.append)
    return run


# The Python it is run with.


def test_the_file_can_be_read_by_python_3_8():
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 14, 9)])
def test_a_python_that_was_planned_for_is_taken(run, version):
    assert run.refuse_python(version, ["demo"]) is None


@pytest.mark.parametrize(
    ("version", "age"), [((3, 8, 18), "too old"), ((3, 10, 13), "too old"), ((3, 15, 0), "newer")]
)
def test_any_other_python_is_told_which_would_do(run, version, age):
    with pytest.raises(run.SetUpError, match=age) as refusal:
        run.refuse_python(version, ["test", "-k", "x"])
    assert "3.11, 3.12, 3.13 or 3.14" in str(refusal.value)
    assert str(refusal.value).endswith("run.py test -k x")


def test_a_python_too_old_gets_a_paragraph_and_exit_code_1(run, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    assert run.main(["demo"]) == 1
    assert "This is Python 3.9.18, which is too" in capsys.readouterr().err


def test_the_versions_named_are_those_of_pyproject(run):
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    oldest, newest = (".".join(map(str, v)) for v in (run.OLDEST, run.FIRST_UNTRIED))
    assert f'requires-python = ">={oldest},<{newest}"' in text


# What it lists.


def test_a_bare_call_lists_every_command_on_a_line(run, capsys):
    assert run.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["demo", "test", "check", "lock", "bench"]
    assert all(len(line.split()) > 3 for line in lines[2:])


def test_a_benchmark_is_asked_for_by_name(run, monkeypatch, capsys):
    asked = []

    def pytest_of(*command):
        asked.append(command)
        return 0

    monkeypatch.setattr(run, "set_up", lambda _: None)
    monkeypatch.setattr(run, "run", pytest_of)
    assert run.main(["bench", "load", "--benchmark-columns=min"]) == 0
    assert asked[0][-2:] == (
        str(run.ROOT / "tests" / "benchmarks" / "bench_load.py"),
        "--benchmark-columns=min",
    )
    assert run.main(["bench", "lod"]) == 1
    assert "no benchmark lod" in capsys.readouterr().out


def test_an_unknown_command_lists_them_and_fails(run, capsys):
    assert run.main(["tset"]) == 1
    assert "  test " in capsys.readouterr().out


# What the demo makes.


@pytest.fixture
def shown(run, tmp_path, monkeypatch):
    """The demo in an empty folder; a report named as failing is not made."""
    shown, run.failing, run.asked = run, "", []

    def make(*commands):
        run.asked = [command[1:] for command in commands]
        return [make_one(*command[2:]) for command in commands]

    def make_one(plan, option, folder, *words):
        if run.failing in plan.split("/"):
            return 1
        (tmp_path / folder).mkdir(parents=True)
        for name in ("report.html", "report.pdf"):
            (tmp_path / folder / name).write_text("", encoding="utf-8")
        return 0

    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "set_up", lambda _: None)
    monkeypatch.setattr(run, "run_together", make)
    return shown


def test_the_demo_makes_both_examples_and_says_where_they_are(shown, capsys):
    assert shown.main(["demo"]) == 0
    assert [command[3] for command in shown.asked] == [
        "build/beat_the_blues",
        "build/example_programme",
    ]
    lines = capsys.readouterr().out.splitlines()
    said = [line for line in lines if line.startswith("The report is ")]
    for name, line in zip(shown.EXAMPLES, said, strict=True):
        assert str(shown.ROOT / "build" / name / "report.html") in line
    # Each command names what stands beside its own page; once is enough.
    assert not [line for line in lines if line.startswith("Beside it")]


def test_words_after_demo_go_to_both_reports(shown):
    assert shown.main(["demo", "--format", "html"]) == 0
    assert [command[4:] for command in shown.asked] == [["--format", "html"]] * 2


@pytest.mark.parametrize("words", [["--out", "mine"], ["--out=mine"]])
def test_a_folder_after_demo_holds_both_reports_each_in_its_own(
    shown, capsys, tmp_path, monkeypatch, words
):
    monkeypatch.chdir(tmp_path)
    assert shown.main(["demo", "--quiet", *words]) == 0
    assert [command[3] for command in shown.asked] == [
        str(tmp_path / "mine" / name) for name in shown.EXAMPLES
    ]
    forms = ["--format", "html,pdf,docx,xlsx"]
    assert [command[4:] for command in shown.asked] == [[*forms, "--quiet"]] * 2
    said = capsys.readouterr().out
    for name in shown.EXAMPLES:
        assert str(tmp_path / "mine" / name / "report.html") in said


@pytest.mark.parametrize("failing", ["beat_the_blues", "example_programme"])
def test_a_report_that_cannot_be_made_fails_the_demo_and_keeps_the_other(shown, capsys, failing):
    shown.failing = failing
    assert shown.main(["demo"]) == 1
    said = capsys.readouterr().out
    assert said.count("The report is ") == 1
    assert failing not in said


def test_programs_run_together_are_heard_one_after_the_other(run, capfd):
    talk = "import sys, time; print(sys.argv[1]); time.sleep({0}); print(sys.argv[1]); exit({1})"
    slow = [sys.executable, "-c", talk.format(0.5, 0), "slow"]
    quick = [sys.executable, "-c", talk.format(0, 3), "quick"]
    assert run.run_together(slow, quick) == [0, 3]
    assert capfd.readouterr().out.split() == ["slow", "slow", "quick", "quick"]


def test_what_the_later_program_says_of_its_faults_is_heard_too(run, capfd):
    fails = [sys.executable, "-c", "import sys; print('a fault', file=sys.stderr); exit(1)"]
    assert run.run_together([sys.executable, "-c", ""], fails) == [0, 1]
    assert "a fault" in capfd.readouterr().out


def test_every_example_has_its_plan(run):
    for name in run.EXAMPLES:
        assert (ROOT / "analyses" / name / "study.toml").is_file()


# What it makes of a failure.


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        ("OSError: [Errno 28] No space left on device: '/x'", "disk"),
        ("failed to write: There is not enough space on the disk. (os error 112)", "disk"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "hashes"),
        ("  x Hash mismatch for `seaborn==0.13.2`", "hashes"),
        ("The virtual environment was not created because ensurepip is not available.", "venv"),
        ("/usr/bin/python3: No module named venv", "venv"),
        ("NewConnectionError: Failed to establish a new connection: [Errno 111]", "index"),
        ("  cause: error sending request for url", "index"),
        ("ERROR: No matching distribution found for uv==0.13.9", "index"),
        ("[Errno 30] Read-only file system: '/srv/x/.venv'", "folder"),
        ("PermissionError: [Errno 13] Permission denied: '/srv/x/.venv'", "folder"),
        ("Segmentation fault", None),
    ],
)
def test_a_fault_is_known_by_what_was_printed(run, output, fault):
    assert run.find_fault("Collecting things\n" + output + "\n") == fault


def test_every_fault_has_advice_in_one_paragraph(run):
    assert set(run.ADVICE) == set(run.FAULTS)
    assert not any("\n" in advice for advice in run.ADVICE.values())
    assert "apt-get install -y python3-venv" in run.ADVICE["venv"]


def test_an_unknown_fault_shows_the_last_words(run):
    assert "something odd / at the end" in run.explain("a\n" * 9 + "something odd\nat the end\n")


def test_a_full_disk_while_writing_is_no_traceback(run, monkeypatch, capsys):
    def demo(words):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(run.COMMANDS, "demo", demo)
    assert run.main(["demo"]) == 1
    assert capsys.readouterr().err.startswith("The disk is full.")


def test_an_interruption_is_no_traceback(run, monkeypatch, capsys):
    def demo(words):
        raise KeyboardInterrupt

    monkeypatch.setitem(run.COMMANDS, "demo", demo)
    assert run.main(["demo"]) == 1
    assert capsys.readouterr().err.startswith("Stopped.")


def test_too_little_disk_is_said_beforehand(run):
    with pytest.raises(run.SetUpError, match=r"about 1\.6 GB of free disk"):
        run.refuse_small_disk("test", 1_200_000_000)
    assert run.refuse_small_disk("core", 1_200_000_000) is None


def test_a_python_without_venv_is_told_the_package_to_install(run, monkeypatch):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(run.SetUpError, match="apt-get install -y python3-venv"):
        run.make_venv()


@pytest.mark.parametrize("output", ["No space left on device", "Hash mismatch for x"])
def test_pip_is_not_tried_where_it_would_fail_alike(run, monkeypatch, output):
    monkeypatch.setattr(run, "listen", lambda args, env: (1, output))
    with pytest.raises(run.SetUpError):
        run.call(["uv"], or_else=True)


def test_pip_is_tried_where_uv_alone_may_fail(run, monkeypatch):
    monkeypatch.setattr(run, "listen", lambda args, env: (1, "error sending request"))
    assert run.call(["uv"], or_else=True) is False


# When it installs.


def test_a_second_run_installs_nothing(project):
    project.set_up("core")
    project.set_up("core")
    assert project.steps == ["venv", "core"]


def test_the_tests_are_added_to_the_core_and_hold_it(project):
    for kit in ("core", "test", "core", "test"):
        project.set_up(kit)
    assert project.steps == ["venv", "core", "test"]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_change_of_what_is_locked_is_installed(project, name):
    project.set_up("core")
    with (project.ROOT / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    project.set_up("core")
    assert project.steps == ["venv", "core", "core"]


@pytest.mark.parametrize("key", ["python", "place"])
def test_another_python_or_a_moved_folder_starts_afresh(project, key):
    project.set_up("core")
    stamp = json.loads(project.STAMP.read_text(encoding="utf-8"))
    project.STAMP.write_text(json.dumps({**stamp, key: "other"}), encoding="utf-8")
    project.set_up("core")
    assert project.steps == ["venv", "core", "venv", "core"]


@pytest.mark.parametrize("kit", ["core", "test"])
def test_a_set_up_cut_short_is_done_again(project, monkeypatch, kit):
    project.set_up("core")
    (project.ROOT / "pyproject.toml").write_text("[changed]\n", encoding="utf-8")

    def cut_short(kit):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(project, "install", cut_short)
        with pytest.raises(KeyboardInterrupt):
            project.set_up(kit)
    assert project.read_stamp() == {}
    project.set_up(kit)
    assert project.steps == ["venv", "core", "venv", kit]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kit": "test"}'])
def test_a_broken_stamp_counts_as_none(project, text):
    project.VENV.mkdir()
    project.STAMP.write_text(text, encoding="utf-8")
    project.set_up("core")
    assert project.steps == ["venv", "core"]


# What it installs.


def test_an_entry_is_taken_whole_and_no_other_of_like_name(run):
    assert run.pick(LOCK, ("uv",)) == "uv==0.13.9 \\\n    --hash=sha256:cc\n"


def test_leaving_an_entry_out_keeps_all_others(run):
    assert run.pick(LOCK, ("numpy",)).count("--hash") == 2
    assert run.pick(LOCK, ("uv",), leave=True) == run.pick(LOCK, ("numpy", "uvicorn"))


@pytest.mark.parametrize("kit", ["core", "test"])
def test_each_lock_holds_what_the_set_up_itself_needs(run, kit):
    lock = (ROOT / run.LOCKS[kit]).read_text(encoding="utf-8")
    for name in (*run.FIRST, "hatchling", "editables"):
        assert run.pick(lock, (name,)).count("--hash=sha256:") > 0, name


def test_the_test_lock_holds_the_core_lock(run):
    core, test = (
        {line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for name in run.LOCKS.values()
    )
    assert core <= test
    assert len(core) > 40


# How pip's settings reach uv.


def test_pips_settings_are_put_in_uvs_words(run):
    listed = (
        f"global.index-url='{MIRROR}'\n"
        "global.find-links='/srv/a /srv/b'\n"
        "global.disable-pip-version-check='1'\n"
        "install.trusted-host='\\nmirror.example\\nother.example'\n"
        ":env:.default-timeout='60'\n"
    )
    assert run.translate_pip_settings(listed) == {
        "UV_DEFAULT_INDEX": MIRROR,
        "UV_FIND_LINKS": "/srv/a,/srv/b",
        "UV_INSECURE_HOST": "mirror.example other.example",
        "UV_HTTP_TIMEOUT": "60",
    }


def test_the_environment_overrides_pips_files(run):
    listed = f":env:.index-url='{MIRROR}'\nglobal.index-url='https://old.example'\n"
    assert run.translate_pip_settings(listed) == {"UV_DEFAULT_INDEX": MIRROR}


def test_no_settings_are_no_settings(run):
    assert run.translate_pip_settings("") == {}


def test_what_the_user_told_uv_stands(run, monkeypatch):
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    monkeypatch.setenv("PIP_INDEX_URL", MIRROR)
    assert run.uv_env()["UV_DEFAULT_INDEX"] == MIRROR
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example")
    assert run.uv_env()["UV_DEFAULT_INDEX"] == "https://own.example"


def test_no_address_reaches_a_file_or_a_command(run, monkeypatch):
    seen = []

    def listen(args, env=None):
        files = [Path(word) for word in args if word.endswith((".txt", ".lock"))]
        seen.extend([*args, *(file.read_text(encoding="utf-8") for file in files)])
        return 0, ""

    monkeypatch.setenv("PIP_INDEX_URL", MIRROR)
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    monkeypatch.setattr(run, "listen", listen)
    monkeypatch.setattr(run, "write_bytecode", lambda folder: None)
    run.install("test")
    assert any("numpy==" in text for text in seen)
    assert not any("://" in text for text in seen)
