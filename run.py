"""Set-up and everyday commands, with nothing but Python."""

# This file needs no package and must be readable by Python 3.8, so that a Python
# too old for splw-eval is told so in plain words.
from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.json"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(PROGRAMS / ("python.exe" if os.name == "nt" else "python"))
# Each has its plan in analyses and gets its report in build.
EXAMPLES = ("beat_the_blues", "example_programme")
# Each in every form, unless other forms are named after `demo`.
FORMS = ["--format", "html,pdf,docx,xlsx"]

OLDEST, FIRST_UNTRIED = (3, 11), (3, 15)
LOCKS = {"core": "requirements.lock", "test": "requirements-test.lock"}
EXTRAS = {"core": ["setup"], "test": ["setup", "web", "test", "docs", "lint"]}
# One lock for every system and Python, checked by digest and free of any address.
LOCK_FORM = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
)
DOWNLOAD_MB = {"core": 200, "test": 310}
DISK_GB = {"core": 1.0, "test": 1.6}
# What builds the one dependency that comes as source, and the fast installer.
FIRST = ("setuptools", "uv")

# uv does not read pip's configuration, so it is told through its environment.
UV_NAMES = {
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "index-url": "UV_DEFAULT_INDEX",
    "no-index": "UV_OFFLINE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "trusted-host": "UV_INSECURE_HOST",
}

# What installers and Python itself print, in the order of trust in the reading.
FAULTS = {
    "disk": r"no space left|errno 28\b|os error (28|112)\b|not enough space on the disk",
    "hashes": r"do not match the hashes|hash mismatch|hashes are required",
    "venv": r"ensurepip is not available|no module named '?(venv|ensurepip)\b",
    "index": r"new connection|name resolution|resolve host|error sending request|dns error"
    r"|failed to fetch|could not fetch|no matching distribution|not found in the"
    r"|timed out|certificate|proxyerror|connection (refused|reset|aborted)",
    "folder": r"read-only file system|permission denied|access is denied"
    r"|errno (13|30)\b|os error (5|13|30)\b",
}
ADVICE = {
    "disk": f"The disk is full. Free some space (about {DISK_GB['core']:g} GB for the demo,"
    f" {DISK_GB['test']:g} GB for the tests, in {ROOT}) and run the same command again.",
    "hashes": "A package that was downloaded is not the one this version of splw-eval was"
    " tested with (its SHA-256 digest differs), so nothing was installed from it. If you use"
    " a mirror, tell those who run it. Otherwise empty pip's cache (python -m pip cache purge)"
    " and run the same command again.",
    "venv": "This Python cannot make a virtual environment. On Debian or Ubuntu, as root, run:"
    " apt-get install -y python3-venv . Then run the same command again.",
    "index": "The Python package index could not be reached, or does not offer a package"
    " that is needed. Check the network connection. Behind a proxy or on a mirror,"
    " set pip up as your organisation asks (python -m pip config list shows the settings:"
    " they are used here too). Then run the same command again.",
    "folder": f"{ROOT} cannot be written to. Copy the folder to a place of your own, or ask"
    " for the right to write there, and run the same command again.",
}


class SetUpError(Exception):
    """A reason to stop that the reader can act on."""


def say(text: str, fault: bool = False) -> None:
    """Print a paragraph at once, never broken inside a path."""
    lines = textwrap.fill(text, 88, break_long_words=False, break_on_hyphens=False)
    print(lines, file=sys.stderr if fault else sys.stdout, flush=True)


# What can be found out before anything is touched.


def refuse_python(version: tuple[int, ...], words: list[str]) -> None:
    """Stop if the project was never tried on this Python."""
    if OLDEST <= version[:2] < FIRST_UNTRIED:
        return
    here = ".".join(str(part) for part in version[:3])
    age = "too old" if version[:2] < OLDEST else "newer than any this was tried on"
    ask = " ".join(["py -3.12" if os.name == "nt" else "python3.12", "run.py", *words])
    raise SetUpError(
        f"splw-eval needs Python 3.11, 3.12, 3.13 or 3.14. This is Python {here}, which is {age}."
        f" Install one of those and name it in the command, for instance: {ask}"
    )


def refuse_small_disk(kit: str, free_bytes: int) -> None:
    """Stop if the packages would not fit."""
    free = free_bytes / 1e9
    if free < DISK_GB[kit]:
        raise SetUpError(
            f"This needs about {DISK_GB[kit]:g} GB of free disk, and {ROOT} has {free:.1f} GB."
            " Free some space and run the same command again."
        )


def find_fault(output: str) -> str | None:
    """Name the fault that a program's output speaks of, if it is a known one."""
    for fault, pattern in FAULTS.items():
        if re.search(pattern, output, re.IGNORECASE):
            return fault
    return None


def explain(output: str) -> str:
    """One paragraph for the reader: known advice, or the end of the output."""
    fault = find_fault(output)
    if fault:
        return ADVICE[fault]
    tail = " / ".join(line.strip() for line in output.splitlines()[-6:] if line.strip())
    return f"Setting up did not work, for a reason not foreseen here. The last words were: {tail}"


# The stamp says what .venv holds. It is written last, so a set-up that was cut short
# leaves none and is done again from the start.


def describe_set_up(kit: str) -> dict[str, str]:
    """Everything that, when changed, makes the present set-up stale."""
    digest = hashlib.sha256()
    for name in (LOCKS[kit], "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    # A virtual environment that has been moved no longer works.
    home = {"python": platform.python_version(), "place": str(VENV)}
    return {**home, "kit": kit, "digest": digest.hexdigest()}


def read_stamp() -> dict[str, str]:
    """Read what was written after the last complete set-up; empty if there is none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(kit: str, stamp: dict[str, str]) -> bool:
    """Whether .venv holds the kit already; the test kit holds the core."""
    enough = stamp.get("kit") in ({"core", "test"} if kit == "core" else {"test"})
    return enough and stamp == describe_set_up(stamp["kit"])


def set_up(kit: str) -> None:
    """Make .venv hold the kit, doing nothing if it does."""
    stamp = read_stamp()
    if is_ready(kit, stamp):
        return
    refuse_small_disk(kit, shutil.disk_usage(ROOT).free)
    wanted = describe_set_up(kit)
    if any(stamp.get(key) != wanted[key] for key in ("python", "place")):
        say(
            f"First run: this downloads about {DOWNLOAD_MB[kit]} MB of packages into {VENV}"
            " and takes a few minutes. Later runs start at once."
        )
        make_venv()
    else:
        STAMP.unlink()
        say(f"Bringing {VENV} up to date; this may take a minute or two.")
    install(kit)
    STAMP.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
    say("Set-up is complete.")


def make_venv() -> None:
    """Make an empty virtual environment, in place of any that is there."""
    if not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        raise SetUpError(ADVICE["venv"])
    if Path(sys.prefix) == VENV:
        raise SetUpError(
            "This is the Python inside .venv, which has to be made again. Leave it (deactivate)"
            " and run the same command with the Python of your system."
        )
    say("Making the virtual environment.")
    call([sys.executable, "-m", "venv", "--clear", str(VENV)])


def install(kit: str) -> None:
    """Install the locked packages and the project, by uv or else by pip."""
    with tempfile.TemporaryDirectory() as folder:
        say("Fetching the installer.")
        lock = (ROOT / LOCKS[kit]).read_text(encoding="utf-8")
        pip = [PYTHON, "-m", "pip", "install", "--no-input", "--retries", "2"]
        first, rest = Path(folder, "first.txt"), Path(folder, "rest.txt")
        first.write_text(pick(lock, FIRST), encoding="utf-8")
        rest.write_text(pick(lock, ("uv",), leave=True), encoding="utf-8")
        by_lock = ["--require-hashes", "--no-build-isolation", "--no-deps", "-r"]
        fast = call([*pip, *by_lock, str(first)], or_else=True)
        say("Installing the packages.")
        tool = [PYTHON, "-m", "uv", "pip", "install", "--compile-bytecode", "--python", PYTHON]
        if not (fast and call([*tool, *by_lock, str(rest)], uv_env(), or_else=True)):
            say("The fast installer (uv) could not be used here. Trying pip, which is slower.")
            tool = pip
            call([*pip, *by_lock, str(rest)])
            write_bytecode(VENV)
        call([*tool, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], uv_env())
        write_bytecode(ROOT / "splw_eval")


def pick(lock: str, names: tuple[str, ...], leave: bool = False) -> str:
    """Take the entries of these packages, hashes and all, out of a lock (or leave them out)."""
    entries = re.findall(r"^\S.*(?:\n[ \t]+.*)*", lock, re.MULTILINE)
    chosen = [e for e in entries if (re.split(r"[=\s]", e, maxsplit=1)[0] in names) is not leave]
    return "\n".join(chosen) + "\n"


def write_bytecode(folder: Path) -> None:
    """Compile beforehand, or every start would compile where Python may not write."""
    args = [PYTHON, "-m", "compileall", "-q", "-j", "0", str(folder)]
    # A package may carry a file for another Python: that one alone stays uncompiled.
    subprocess.run(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def uv_env() -> dict[str, str]:
    """Everything in the environment, and pip's settings in uv's words."""
    args = [PYTHON, "-m", "pip", "config", "list"]
    listed = subprocess.run(args, stdout=subprocess.PIPE, check=False).stdout
    settings = translate_pip_settings(listed.decode("utf-8", "replace"))
    # As pip does: every index is asked (the hashes decide), the system's certificates hold.
    settings.update(UV_INDEX_STRATEGY="unsafe-best-match", UV_SYSTEM_CERTS="true")
    return {**settings, "UV_PYTHON_DOWNLOADS": "never", **os.environ}


def translate_pip_settings(listed: str) -> dict[str, str]:
    """Turn the lines of `pip config list` into uv's environment variables."""
    found: dict[str, str] = {}
    # pip lets the environment override [install], and that override [global].
    for section in ("global.", "install.", ":env:."):
        for line in listed.splitlines():
            key, _, value = line.partition("=")
            name = UV_NAMES.get(key[len(section) :])
            if name and key.startswith(section):
                words = str(ast.literal_eval(value)).split()
                found[name] = ("," if name == "UV_FIND_LINKS" else " ").join(words)
    return found


def call(args: list[str], env: dict[str, str] | None = None, or_else: bool = False) -> bool:
    """Run a step of the set-up. A failure stops, unless there is another way worth trying."""
    code, output = listen(args, env)
    if code and not (or_else and find_fault(output) in (None, "index")):
        raise SetUpError(explain(output))
    return code == 0


def listen(args: list[str], env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a program, pass on its news of downloads, and keep all it says."""
    env = dict(os.environ if env is None else env, PIP_USER="0", PYTHONIOENCODING="utf-8")
    heard = []
    with subprocess.Popen(
        args, env=env, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as program:
        assert program.stdout is not None
        for raw in program.stdout:
            heard.append(raw.decode("utf-8", "replace"))
            if heard[-1].lstrip().startswith("Downloading "):
                # The file alone: the address before it is nobody's news.
                print("  Downloading " + heard[-1].split()[1].split("/")[-1], flush=True)
    return program.returncode, "".join(heard)


# The commands. Each takes the words after its name and gives an exit code; the first
# line of its docstring is its entry in the list.


def run(*args: str, env: dict[str, str] | None = None) -> int:
    """Run a program in the project's folder, its output going straight to the terminal."""
    sys.stdout.flush()
    return subprocess.call(args, cwd=str(ROOT), env={**os.environ, **(env or {})})


def run_together(*commands: list[str]) -> list[int]:
    """Run programs at the same time and give their exit codes.

    The first speaks at once; what the others say is kept until it is their turn.
    """
    sys.stdout.flush()
    kept = dict(os.environ, PYTHONIOENCODING="utf-8")
    programs = [
        subprocess.Popen(
            args,
            cwd=str(ROOT),
            env=kept if later else None,
            stdout=subprocess.PIPE if later else None,
            stderr=subprocess.STDOUT if later else None,
        )
        for later, args in enumerate(commands)
    ]
    try:
        for program in programs:
            said = program.communicate()[0] or b""
            print(said.decode("utf-8", "replace").replace("\r", ""), end="", flush=True)
    finally:
        for program in programs:
            if program.poll() is None:
                program.terminate()
                program.wait()
    return [program.returncode for program in programs]


def demo(words: list[str]) -> int:
    """Make two example reports: the published Beat the Blues trial, and a synthetic programme."""
    out, words = take_folder(words)
    set_up("core")
    if not any(word.startswith("--format") for word in words):
        words = [*FORMS, *words]
    say("Making two reports.")
    report = [str(PROGRAMS / "splw-eval"), "report"]
    codes = run_together(
        *(
            [*report, f"analyses/{name}/study.toml", "--out", str(Path(out, name)), *words]
            for name in EXAMPLES
        )
    )
    for name, code in zip(EXAMPLES, codes):
        if code == 0:
            place = ROOT / out / name
            pages = sorted(place.glob("*.html"))
            page = pages[0] if pages else place
            opener = {"win32": "explorer", "darwin": "open"}.get(sys.platform, "xdg-open")
            print(f'The report is {page} (to read it: {opener} "{page}").', flush=True)
    return max(codes, key=abs)


def take_folder(words: list[str]) -> tuple[str, list[str]]:
    """Folder for all reports, in which each has its own, and the words without it."""
    out, rest = "build", list(words)
    for place, word in enumerate(words):
        if word == "--out" and place + 1 < len(words):
            out, rest = words[place + 1], words[:place] + words[place + 2 :]
        elif word.startswith("--out="):
            out, rest = word[len("--out=") :], words[:place] + words[place + 1 :]
    return str(Path(out).resolve()) if rest != words else out, rest


def test(words: list[str]) -> int:
    """Run every test; words after it go to pytest, such as: test tests/unit -k pooling."""
    set_up("test")
    # One process a core, so the linear algebra inside each keeps to a single thread.
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    words = words or ["-n", "auto", "--dist", "loadfile"]
    return run(PYTHON, "-m", "pytest", *words, env=single)


def check(words: list[str]) -> int:
    """Check format, style, types, the rules on imports, and that the docs build."""
    set_up("test")
    steps = {
        "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "style": [PYTHON, "-m", "ruff", "check", "."],
        "types": [PYTHON, "-m", "mypy"],
        "imports": [str(PROGRAMS / "lint-imports"), "--no-logo"],
        "docs": [PYTHON, "-m", "sphinx", "-q", "-W", "--keep-going", "docs", "build/docs"],
    }
    failed = []
    for name, args in steps.items():
        if name in (words or steps):
            print(f"== {name}", flush=True)
            failed += [name] if run(*args) else []
    print(f"Failed: {', '.join(failed)}." if failed else "All is well.", flush=True)
    return int(bool(failed))


def lock(words: list[str]) -> int:
    """Write both lock files anew from pyproject.toml; `lock --upgrade` takes newer versions."""
    set_up("test")
    for kit, name in LOCKS.items():
        extras = [f"--extra={extra}" for extra in EXTRAS[kit]]
        # The test kit is added to the core in one environment, so it must agree with it.
        agree = ["-c", LOCKS["core"]] if kit == "test" else []
        uv = [PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", "-q", "-o", name]
        code = run(*uv, *LOCK_FORM, *extras, *agree, *words, env=uv_env())
        if code:
            return code
        if "://" in (ROOT / name).read_text(encoding="utf-8"):
            raise SetUpError(
                f"{name} now holds an address. Take it out: a lock must suit every mirror."
            )
        print(f"Wrote {name}.", flush=True)
    return 0


def bench(words: list[str]) -> int:
    """Run the benchmarks in tests/benchmarks, or those named: run.py bench load."""
    modules = sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py"))
    names = [module.stem.removeprefix("bench_") for module in modules]
    unknown = [word for word in words if not word.startswith("-") and word not in names]
    if unknown:
        print(f"There is no benchmark {unknown[0]}. There are: {', '.join(names)}.", flush=True)
        return 1
    set_up("test")
    chosen = [str(m) for m, name in zip(modules, names, strict=True) if name in words]
    print("Benchmarks: " + ", ".join(names), flush=True)
    how = ["-p", "benchmark", "--benchmark-only", "-o", "python_files=bench_*.py"]
    options = [word for word in words if word.startswith("-")]
    return run(PYTHON, "-m", "pytest", *how, *(chosen or ["tests/benchmarks"]), *options)


COMMANDS = {command.__name__: command for command in (demo, test, check, lock, bench)}


def list_commands() -> str:
    """Say how to use this file: one line a command."""
    lines = ["Usage: python3 run.py COMMAND", ""]
    for name, command in COMMANDS.items():
        lines.append(f"  {name:6} {(command.__doc__ or '').splitlines()[0]}")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Run one command; every foreseen fault ends in one paragraph and exit code 1."""
    if not words or words[0] not in COMMANDS:
        print(list_commands())
        return 0 if not words or words[0] in ("-h", "--help") else 1
    try:
        refuse_python(tuple(sys.version_info[:3]), words)
        return COMMANDS[words[0]](words[1:])
    except (SetUpError, OSError) as fault:
        say(str(fault) if isinstance(fault, SetUpError) else explain(str(fault)), fault=True)
    except KeyboardInterrupt:
        say("Stopped. To go on, run the same command again.", fault=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
