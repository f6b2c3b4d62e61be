"""Run a real WordPress on this machine: Debian's files, a database and PHP of its own.

All of it lies in one temporary folder and ends with the block. The site believes to live at
`HOME`; only `RealSite.network` leads there, so the fetcher's door stays as closed as it is.
"""

import base64
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore

from ingest.fetching.connection import Network
from tests.conftest import ROOT

HOME = "http://forum.test"
PUBLIC = "93.184.215.14"  # what the name resolves to, as far as the fetcher knows
THEME = "twentytwentythree"
PHP_FILES = ROOT / "tests" / "wordpress" / "php"
PLUGINS = ROOT / "tests" / "wordpress" / "plugins"
_WORDPRESS = Path("/usr/share/wordpress")
_PROGRAMS = ("php", "mariadbd", "mariadb-install-db", "mariadb", "mariadb-dump")
_PATIENCE = 60  # seconds for a server to come up on a busy machine
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def missing() -> list[str]:
    """Return what a real WordPress needs and this machine lacks."""
    files = [_WORDPRESS / "wp-load.php", _WORDPRESS / "wp-content" / "themes" / THEME]
    return [
        *(name for name in _PROGRAMS if shutil.which(name, path=_PATH) is None),
        *(str(path) for path in files if not path.exists()),
    ]


@dataclass
class RealSite:
    """The site, with what its administrator can do."""

    folder: Path
    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def network(self) -> Network:
        """The way to this site for whoever asks by name; counts the connections."""

        def resolve(host: str, _port: int) -> Sequence[str]:
            if host != HOME.partition("://")[2]:
                msg = f"{host} is not known here"
                raise socket.gaierror(msg)
            return [PUBLIC]

        def dial(address: str, _port: int, timeout: float) -> httpcore.NetworkStream:
            self.asked.append(address)
            return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout=timeout)

        return Network(resolve, dial)

    def do(self, task: str, **given: object) -> Any:  # noqa: ANN401 - whatever PHP answers
        """Have the administrator do a task of administer.php; return its result."""
        command = _php(self.folder, str(PHP_FILES / "administer.php"), self.tree, task)
        run = subprocess.run(
            command,
            input=json.dumps(given),
            env=_environment(self.folder),
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"{task}: {run.stdout[-2000:]}{run.stderr[-2000:]}{self.log}"
        return json.loads(run.stdout.rpartition("\n")[2])

    @property
    def tree(self) -> str:
        """Where the site's files are."""
        return str(self.folder / "site")

    @property
    def log(self) -> str:
        """What PHP complained of, its end."""
        path = self.folder / "php.log"
        return path.read_text(encoding="utf-8")[-2000:] if path.exists() else ""

    def insert(self, *posts: Mapping[str, object]) -> list[int]:
        """Publish posts, or make what they say, in names of wp_insert_post; return their ids."""
        numbers: list[int] = self.do("insert", posts=posts)
        return numbers

    def update(self, number: int, **given: object) -> None:
        """Change a post, in names of wp_update_post."""
        self.do("update", ID=number, **given)

    def ask(
        self, path: str, *, credentials: str = "", body: Mapping[str, object] | None = None
    ) -> str:
        """Return what the site answers to a visitor, or to a user who sends something."""
        headers = {"Host": HOME.partition("://")[2], "Content-Type": "application/json"}
        if credentials:
            encoded = base64.b64encode(credentials.encode()).decode()
            headers["Authorization"] = f"Basic {encoded}"
        data = json.dumps(body).encode() if body else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        with contextlib.closing(connection):
            connection.request("POST" if data else "GET", path, data, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        assert answer.status < 400, f"{path}: {answer.status} {text[:500]}{self.log}"
        return text

    def upload(self, name: str, content: bytes) -> str:
        """Put a file into the media library; return its address."""
        return str(self.do("media", name=name, content=base64.b64encode(content).decode()))

    def plug_in(self, name: str, code: str | None = None) -> None:
        """Switch a must-use plug-in on: one of ours by its name, or the code given."""
        folder = self.folder / "site" / "wp-content" / "mu-plugins"
        folder.mkdir(exist_ok=True)
        text = (PLUGINS / f"{name}.php").read_text(encoding="utf-8") if code is None else code
        (folder / f"{name}.php").write_text(text, encoding="utf-8")

    def keep(self) -> None:
        """Remember the site as it is now."""
        with (self.folder / "kept.sql").open("wb") as file:
            self._database("mariadb-dump", "--single-transaction", "wordpress", stdout=file)

    def go_back(self) -> None:
        """Make the site what it was when it was kept, without files and plug-ins."""
        with (self.folder / "kept.sql").open("rb") as file:
            self._database("mariadb", "wordpress", stdin=file)
        for name in ("mu-plugins", "uploads"):
            shutil.rmtree(self.folder / "site" / "wp-content" / name, ignore_errors=True)
        self.asked.clear()

    def _database(self, program: str, *arguments: str, **streams: Any) -> None:  # noqa: ANN401
        command = [_program(program), "--no-defaults", f"--socket={self.folder}/db.sock", "-uroot"]
        subprocess.run([*command, *arguments], check=True, **streams)


@contextmanager
def running(folder: Path) -> Iterator[RealSite]:
    """Run a new, empty WordPress while the block lasts; `folder` must have a short path."""
    _copy_files(folder)
    _make_database(folder)
    site = RealSite(folder, _free_port())
    router = str(PHP_FILES / "router.php")
    with (
        _process(_database_server(folder), folder, (folder / "db.sock").exists),
        _process(
            _php(folder, "-S", f"127.0.0.1:{site.port}", "-t", site.tree, router),
            folder,
            lambda: _listens(site.port),
        ),
    ):
        site._database("mariadb", "-e", "CREATE DATABASE wordpress CHARACTER SET utf8mb4")
        site.do("install", title="The forum")
        site.do("flush")
        yield site


def _copy_files(folder: Path) -> None:
    """Copy the tree: where files are only linked to, PHP finds Debian's configuration."""
    shutil.copytree(_WORDPRESS, folder / "site", ignore_dangling_symlinks=True)
    shutil.copyfile(PHP_FILES / "wp-config.php", folder / "site" / "wp-config.php")


def _make_database(folder: Path) -> None:
    command = [
        _program("mariadb-install-db"),
        "--no-defaults",
        f"--datadir={folder}/db",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        *_as_root(),
    ]
    (folder / "tmp").mkdir()
    run = subprocess.run(
        command, env=_environment(folder), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def _database_server(folder: Path) -> list[str]:
    return [
        _program("mariadbd"),
        "--no-defaults",
        f"--datadir={folder}/db",
        f"--socket={folder}/db.sock",
        f"--pid-file={folder}/db.pid",
        "--skip-networking",
        "--innodb-flush-log-at-trx-commit=0",  # a crash may lose what a test wrote
        *_as_root(),
    ]


def _as_root() -> list[str]:
    return ["--user=root"] if os.geteuid() == 0 else []


def _php(folder: Path, *arguments: str) -> list[str]:
    return [
        _program("php"),
        "-d",
        f"error_log={folder}/php.log",
        "-d",
        "display_errors=stderr",
        "-d",
        "memory_limit=256M",
        "-d",
        "opcache.revalidate_freq=0",  # a plug-in counts from its first moment
        *arguments,
    ]


def _program(name: str) -> str:
    return shutil.which(name, path=_PATH) or name


def _environment(folder: Path) -> Mapping[str, str]:
    return {
        "PATH": _PATH,
        "PHP_CLI_SERVER_WORKERS": "2",
        "TEST_WORDPRESS_HOME": HOME,
        "TMPDIR": str(folder / "tmp"),  # two databases that begin at once must not share one
        "TEST_WORDPRESS_SOCKET": f"{folder}/db.sock",
    }


@contextmanager
def _process(command: Sequence[str], folder: Path, is_up: Callable[[], bool]) -> Iterator[None]:
    """Run a server and all that it starts, as a group of its own that ends as one."""
    log = folder / f"{Path(command[0]).name}.out"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _PATIENCE
        while not is_up():
            text = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            assert server.poll() is None, f"{command[0]} ended: {text}"
            assert time.monotonic() < deadline, f"{command[0]} does not come up: {text}"
            time.sleep(0.05)
        yield
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # nothing in the folder is worth an orderly end
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
