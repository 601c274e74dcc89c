"""The steps of the Dockerfile, taken in a folder of this machine instead of in images."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
FOLDERS = ("/src", "/wheels", "/opt/marinemarket", "/data", "/backups")
"""Paths of the images, each of which stands in the folder here."""
START_SECONDS, STOP_SECONDS = 120, 30
NEEDS_ROOT = ("useradd ",)


@dataclass
class Image:
    """What the instructions have made so far."""

    place: Path
    port: int
    folder: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    """The last of each instruction that says how the image is run."""

    def here(self, text: str) -> str:
        """A text with the paths of the image as they are on this machine, and with our port."""
        for path in FOLDERS:
            text = re.sub(rf"(?<![\w/.]){path}(?=[/\s\"',:]|$)", f"{self.place}{path}", text)
        return text.replace("8000", str(self.port))

    @property
    def variables(self) -> dict[str, str]:
        others = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("MARINEMARKET_")
        }
        return others | self.environment

    def listed(self, name: str) -> list[str]:
        """An instruction in exec form, such as CMD."""
        return [self.here(part) for part in json.loads(self.settings[name])]


def instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", " ", lines).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name, rest


def is_left_out(path: str, patterns: list[str]) -> bool:
    """Does .dockerignore keep a file out? The last pattern that names it, or a folder above it, decides."""
    parts = path.split("/")
    above = ["/".join(parts[: at + 1]) for at in range(len(parts))]
    left_out = False
    for pattern in patterns:
        wanted = pattern.lstrip("!")
        if any(_matches(one, wanted) for one in above):
            left_out = not pattern.startswith("!")
    return left_out


def _matches(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch(path.rpartition("/")[2], pattern[3:])
    return path.count("/") == pattern.count("/") and fnmatch(path, pattern)


def copy_context(target: Path) -> int:
    """What Docker would be sent, to where it goes; how many files."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wanted = [name for name in names.splitlines() if not is_left_out(name, patterns)]
    for name in wanted:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    return len(wanted)


def follow(image: Image, name: str, rest: str) -> None:
    """Take one instruction."""
    match name:
        case "WORKDIR":
            image.folder = rest
            Path(image.here(rest)).mkdir(parents=True, exist_ok=True)
        case "ENV":
            for setting in rest.split():
                key, _, value = setting.partition("=")
                path = image.variables.get("PATH", "")
                image.environment[key] = image.here(value).replace("$PATH", path)
        case "COPY" if "--from=" not in rest:
            print(f"COPY {rest}: {copy_context(Path(image.here(image.folder)))} files", flush=True)
        case "RUN" if rest.startswith(NEEDS_ROOT):
            print(f"RUN {rest}: left out, it would change this machine", flush=True)
        case "RUN":
            print(f"RUN {rest}", flush=True)
            command = ["/bin/sh", "-c", image.here(rest)]
            subprocess.run(
                command,
                cwd=image.here(image.folder),
                env=image.variables,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        case "ENTRYPOINT" | "CMD":
            image.settings[name] = rest
        case "HEALTHCHECK":
            image.settings[name] = rest.partition("CMD ")[2]
        case "STOPSIGNAL":
            image.settings[name] = rest


def run(image: Image) -> None:
    """Start the market as the image does, until its health check is content; then stop it."""
    command = image.listed("ENTRYPOINT") + image.listed("CMD")
    for folder in ("/data", "/backups"):
        Path(image.here(folder)).mkdir(exist_ok=True)
    # Looked for on the image's own path, as Docker does.
    command[0] = shutil.which(command[0], path=image.variables["PATH"]) or command[0]
    process = subprocess.Popen(command, cwd=image.here("/data"), env=image.variables)
    try:
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(
            image.listed("HEALTHCHECK"), env=image.variables, stderr=subprocess.DEVNULL, check=False
        ).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("try-image: the market did not become healthy")
            time.sleep(0.5)
        print("HEALTHCHECK: healthy", flush=True)
    finally:
        process.terminate()
        code = process.wait(STOP_SECONDS)
    print(f"STOPSIGNAL {image.settings['STOPSIGNAL']}: ended with {code}", flush=True)
    if code:
        sys.exit("try-image: the market did not stop well")


def main() -> None:
    with TemporaryDirectory(prefix="marinemarket-image-") as place, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        image = Image(Path(place), free.getsockname()[1])
        free.close()
        # The base image's Python: whichever made our environment.
        python = Path(place) / "bin" / "python"
        python.parent.mkdir()
        python.symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        image.environment["PATH"] = f"{python.parent}:{os.environ['PATH']}"
        for name, rest in instructions((ROOT / "Dockerfile").read_text()):
            follow(image, name, rest)
        program = Path(image.here("/opt/marinemarket"))
        size = sum(path.stat().st_size for path in program.rglob("*") if path.is_file())
        print(f"{program}: {size / 1_000_000:.0f} MB", flush=True)
        run(image)


if __name__ == "__main__":
    main()
