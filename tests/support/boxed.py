"""A world as the Containerfile's: nobody's user without any capability, everything read-only but DATA_DIR and /tmp.

Containers are not to be had where tests run, mount namespaces mostly are: the product is copied, compiled and bound into
one where every file system is read-only. Root makes it as it is; anybody else in a user namespace, and stays themselves.
Where neither is allowed (some hardened kernels, macOS), what remains is that the copy's files cannot be written.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = 65534
_ROOMS = ("bot", "handlers", "storage", "prompts")
_INSIDE = r"""
set -eu
box=$1 keep=$2; shift 2
mount --make-rprivate /
mount --bind "$BASE" "$box/python"; mount --bind "$SITE" "$box/site"
mount --bind "$box/data" "$box/data"; mount --bind "$box/tmp" "$box/tmp"
while read -r _ _ _ _ at _; do
  case "$at" in /proc|/proc/*|/sys|/sys/*|/dev|/dev/pts|"$box/data"|"$box/tmp") ;;
  *) mount -o remount,bind,ro "$at" 2>/dev/null || [ "$keep" = user ] ;; esac
done < /proc/self/mountinfo
cd "$box/app"
if [ "$keep" = root ]; then set -- --reuid 65534 --regid 65534 --clear-groups "$@"; fi
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
"""


@dataclass(frozen=True, slots=True)
class Box:
    """The folder with `app` (read-only), `data` and `tmp`, and how to start something in it."""

    folder: Path
    walls: tuple[str, ...]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self, **settings: str) -> Mapping[str, str]:
        """The Containerfile's, without anything of whoever runs the tests."""
        python = self.folder / "python" if self.walls else Path(sys.base_prefix)
        site = self.folder / "site" if self.walls else Path(sysconfig.get_paths()["purelib"])
        return {
            "PATH": os.environ["PATH"],
            "BASE": sys.base_prefix,
            "SITE": sysconfig.get_paths()["purelib"],
            "LD_LIBRARY_PATH": str(python / "lib"),
            "PYTHONPATH": f"{self.folder / 'app'}:{site}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "HOME": str(self.folder / "tmp"),
            "TMPDIR": str(self.folder / "tmp"),
            "DATA_DIR": str(self.data),
            **settings,
        }

    def python(self, *words: str) -> list[str]:
        """The command line of Python in the box."""
        name = f"bin/python{sys.version_info.major}.{sys.version_info.minor}"
        if not self.walls:
            return [str(Path(sys.base_prefix, name)), *words]
        return [*self.walls, str(self.folder / "python" / name), *words]


def build_box(folder: Path) -> Box:
    """A box in `folder`, which must be empty and reachable for everybody."""
    app = folder / "app"
    for room in _ROOMS:
        shutil.copytree(ROOT / room, app / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data", "tmp", "python", "site"):
        (folder / name).mkdir()
    compiled = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(app)]
    subprocess.run(compiled, check=True)
    for path in (app, *app.rglob("*")):
        path.chmod(path.stat().st_mode & 0o555 | 0o444)
    folder.chmod(0o755)
    if os.geteuid() == 0:
        for name in ("data", "tmp"):
            os.chown(folder / name, NOBODY, NOBODY)
    return Box(folder, _walls(folder))


def _walls(folder: Path) -> tuple[str, ...]:
    """The words before a command; none where no namespace can be made."""
    kind, flags = ("root", ("--mount",)) if os.geteuid() == 0 else ("user", ("-Ur", "--mount"))
    try:
        tried = subprocess.run(["unshare", *flags, "true"], capture_output=True, timeout=10)
    except OSError:
        return ()
    inside = ("unshare", *flags, "sh", "-c", _INSIDE, "box", str(folder), kind)
    return inside if tried.returncode == 0 else ()
