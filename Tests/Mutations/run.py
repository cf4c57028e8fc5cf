#!/usr/bin/env python3
"""Plants the errors of mutations.toml into a copy of the sources and lets `gauge check` look for them.

One build holds all of them: every error stands behind a choice that an environment variable makes.
Without an error every check has to pass; with each at least one has to fail. The table goes to the
section "Planted errors" of docs/results.md.

    Tests/Mutations/run.py [--only TEXT] [--no-build]
"""

import argparse, datetime, json, os, pathlib, subprocess, sys, time, tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRATCH = ROOT / ".build-mutations"
COPY = SCRATCH / "package"
GAUGE = COPY / ".build" / "release" / "gauge"
VARIABLE = "LATTICEGAUGE_MUTATION"
SEED = 1
# One after the other until one sees the error, the shortest first; together all of `gauge check`, and its
# arithmetic in single precision too.
RUNS = [
    ["plain", "observables", "smearings", "flows"],
    ["plain", "observables", "smearings", "--precision", "f32"],
    ["actions", "dynamics"],
    ["updaters"],
    ["networks"],
    ["symmetries"],
]
# The suites that users have for code of their own: always run, and named in a column of their own.
SUITES = ["suites"]
SWITCH = f"""import Foundation

/// Which error of the mutation run is planted; 0 for none.
public let plantedMutation =
  Int(ProcessInfo.processInfo.environment["{VARIABLE}"] ?? "") ?? 0
"""


def fail(message):
    sys.exit(f"mutations: {message}")


def place(text, mutation):
    """The start of the one place that is meant."""
    anchors = mutation.get("after", [])
    start = 0
    for k, anchor in enumerate([anchors] if isinstance(anchors, str) else anchors):
        if k == 0 and text.count(anchor) != 1:
            fail(f"{mutation['name']}: '{anchor}' stands {text.count(anchor)} times in {mutation['file']}")
        start = text.find(anchor, start)
        if start < 0:
            fail(f"{mutation['name']}: '{anchor}' does not follow in {mutation['file']}")
        start += len(anchor)
    original = mutation["original"]
    found = text.count(original) if not anchors else int(text.find(original, start) >= 0)
    if found != 1:
        fail(f"{mutation['name']}: '{original}' stands {found} times in {mutation['file']}")
    return text.find(original, start)


def planted(text, mutations):
    """A source with the choices of its mutations, {number: mutation}."""
    places = sorted((place(text, m), number, m) for number, m in mutations.items())
    result, end = "", 0
    for start, number, m in places:
        if start < end:
            fail(f"{m['name']}: overlaps another mutation of {m['file']}")
        result += text[end:start]
        original, mutated = m["original"], m["mutated"].strip()
        if m.get("statement"):
            result += f"if plantedMutation == {number} {{ {mutated} }} else {{ {original} }}"
        else:
            result += f"(plantedMutation == {number} ? ({mutated}) : ({original}))"
        end = start + len(original)
    result += text[end:]
    inside = next(iter(mutations.values()))["file"].startswith("Compute/")
    return result if inside or "\nimport Compute\n" in f"\n{result}" else "import Compute\n" + result


def write(path, content):
    """Keeps the time of a file that is the same, so that a second build is short."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def copy_sources(mutations):
    by_file = {}
    for number, m in enumerate(mutations, 1):
        if not (ROOT / "Sources" / m["file"]).exists():
            fail(f"{m['name']}: there is no {m['file']}")
        by_file.setdefault(m["file"], {})[number] = m
    wanted = {COPY / "Sources/Compute/PlantedMutation.swift"}
    write(COPY / "Sources/Compute/PlantedMutation.swift", SWITCH.encode())
    for source in sorted((ROOT / "Sources").rglob("*")):
        if not source.is_file():
            continue
        name = source.relative_to(ROOT / "Sources")
        content = source.read_bytes()
        if str(name) in by_file:
            content = planted(content.decode(), by_file[str(name)]).encode()
        write(COPY / "Sources" / name, content)
        wanted.add(COPY / "Sources" / name)
    for old in (COPY / "Sources").rglob("*"):
        if old.is_file() and old not in wanted:
            old.unlink()
    for name in ["Package.swift", "Package.resolved", "native.toolset.json"]:
        if (ROOT / name).exists():
            write(COPY / name, (ROOT / name).read_bytes())
    for name in ["Tests", "Examples"]:
        if not (COPY / name).exists():
            (COPY / name).symlink_to(ROOT / name)


def build():
    flags = ["-c", "release", "--toolset", "native.toolset.json", "--product", "gauge"]
    log = SCRATCH / "build.log"
    with open(log, "w") as out:
        r = subprocess.run(["swift", "build", *flags], cwd=COPY, stdout=out, stderr=subprocess.STDOUT)
    if r.returncode:
        errors = [line for line in log.read_text().splitlines() if "error:" in line]
        fail("the build failed:\n" + "\n".join(errors[:20]))


def failures_of(number, arguments):
    """The checks of a part that fail with an error planted, a crash or a hang among them, and how many ran."""
    label = "f32 " if "f32" in arguments else ""
    environment = dict(os.environ, **{VARIABLE: str(number)})
    try:
        r = subprocess.run(
            ["nice", "-n", "2", str(GAUGE), "check", *arguments, "--json", "--seed", str(SEED), "--threads", "1"],
            env=environment, timeout=1200, capture_output=True, text=True)
    except subprocess.TimeoutExpired:
        return [{"subject": label + "run", "check": "hangs", "deviation": None, "tolerance": None}], 0
    if r.returncode not in (0, 1):
        why = f"ends with status {r.returncode}"
        return [{"subject": label + "run", "check": why, "deviation": None, "tolerance": None}], 0
    checks = json.loads(r.stdout)["checks"]
    return [dict(c, subject=label + c["subject"]) for c in checks if not c["passes"]], len(checks)


def failures(number):
    """The checks that fail with an error planted, those of the suites apart, and how many ran."""
    suites, count = failures_of(number, SUITES)
    result = []
    for arguments in RUNS:
        if result:
            break
        result, more = failures_of(number, arguments)
        count += more
    return result, suites, count


def figure(check):
    if check["deviation"] is None:
        return check.get("verdict", "-")
    return f"{check['deviation']:.2g} ({check['tolerance']:.2g})"


def row(number, m, caught, suites):
    def strength(c):
        # Broken beyond doubt first; what cannot be told counts least.
        if c["deviation"] is None or not c["tolerance"]:
            return 0
        return c["deviation"] / c["tolerance"]
    subjects = sorted({c["subject"].split("/")[-1] for c in suites})
    seen = ", ".join(subjects[:3]) + (f" and {len(subjects) - 3} more" if len(subjects) > 3 else "") or "-"
    if not caught:
        where = "suites" if suites else "**not caught**"
        return f"| {number} | {m['name']} | {m['models']} | `{m['file']}` | {where} | | 0 | {seen} |"
    best = max(caught, key=strength)
    others = []
    for c in caught:
        part = c["subject"].split(":")[0]
        if part != best["subject"].split(":")[0] and part not in others:
            others.append(part)
    names = f"{best['subject']}, {best['check']}"
    if others:
        names += "; " + ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    return (f"| {number} | {m['name']} | {m['models']} | `{m['file']}` | {names} | {figure(best)} "
            f"| {len(caught)} | {seen} |")


TITLE = "## Planted errors"


def stored_rows():
    """The rows of the table in docs/results.md by number."""
    text = (ROOT / "docs" / "results.md").read_text()
    start = text.find(TITLE)
    section = text[start:].split("\n## ")[0] if start >= 0 else ""
    rows = [line for line in section.splitlines() if line.startswith("| ") and line.split("|")[1].strip().isdigit()]
    return {int(line.split("|")[1]): line for line in rows}


def report(rows, checks):
    caught = sum("**not caught**" not in r for r in rows)
    section = [
        TITLE, "",
        f"`make mutations` (seed {SEED}; {datetime.date.today()}). One build of a copy of the sources holds {len(rows)} errors, each behind "
        "a choice at run time (`Tests/Mutations/mutations.toml`). `gauge check` in double precision and its arithmetic in single "
        "precision look for them, part by part until one sees the error.", "",
        f"Without an error all {checks} checks pass. Caught: {caught} of {len(rows)}. The column of the deviation has, in brackets, "
        "what it may be; of statistical checks both are in standard deviations. The last column counts the checks of that part that "
        "fail. The suites that `GaugeTesting` offers for other code are run on plaquettes, loops, smearing, charge, action and force by "
        "themselves: what they see stands behind.", "", "| | error | what it models | in | caught by | deviation | fail | suites |",
        "|---|---|---|---|---|---|---|---|", *rows, ""]
    path = ROOT / "docs" / "results.md"
    text = path.read_text()
    start = text.find(TITLE)
    if start >= 0:
        end = text.find("\n## ", start + 1)
        text = text[:start] + "\n".join(section) + ("" if end < 0 else text[end:])
    else:
        text = text.rstrip() + "\n\n" + "\n".join(section)
    path.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="mutations whose name has this text; the table keeps the rows of the others")
    parser.add_argument("--no-build", action="store_true", help="use the last build")
    options = parser.parse_args()
    mutations = tomllib.loads((pathlib.Path(__file__).parent / "mutations.toml").read_text())["mutation"]
    names = [m["name"] for m in mutations]
    if len(set(names)) != len(names):
        fail("two mutations bear one name")
    if not options.no_build:
        copy_sources(mutations)
        build()
    start = time.time()
    wrong, suites, checks = failures(0)
    wrong += suites
    if wrong:
        for c in wrong:
            print(f"  {c['subject']}, {c['check']}: {figure(c)}  {c.get('detail', '')}")
        fail("checks fail without any error")
    print(f"without an error: {checks} checks pass, {time.time() - start:.0f} seconds", flush=True)
    rows, caught, tried = stored_rows() if options.only else {}, 0, 0
    for number, m in enumerate(mutations, 1):
        if options.only and options.only not in m["name"]:
            continue
        found, suites, _ = failures(number)
        rows[number] = row(number, m, found, suites)
        tried, caught = tried + 1, caught + bool(found or suites)
        print(rows[number], flush=True)
    print(f"{caught} of {tried} caught, {(time.time() - start) / 60:.0f} minutes")
    if set(rows) == set(range(1, len(mutations) + 1)):
        report([rows[number] for number in sorted(rows)], checks)
    sys.exit(0 if caught == tried else 1)


if __name__ == "__main__":
    main()
