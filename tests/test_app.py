"""The command line, as a person or another program uses it."""

import dataclasses
import json
import os
import socket
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant import cli, wiring
from assistant.domain.corpus import DocumentId
from assistant.domain.edits import Edit
from assistant.records.database import Database
from assistant.records.edits import EditStore
from assistant.records.history import History
from assistant.settings import load
from tests.conftest import ROOT, SAMPLE_FORUM
from vectorstore import manifest

ARTICLE = """Harbour town opens a night bus

12 March 2022 - The harbour town of Quaymouth has opened a night bus, on 4 March 2022.

The bus runs every thirty minutes. Mayor Ines Caldera says that 1,200 people use it each weekend.
"""


@pytest.fixture
def forum(tmp_path: Path) -> Path:
    folder = tmp_path / "forum"
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "night-bus.txt").write_text(ARTICLE, encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "data")


class Run:
    """What a command printed, and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *argv: str) -> None:
        capsys.readouterr()
        self.status = cli.main(list(argv))
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def json_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def test_a_bare_command_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys)

    assert run.status == 0
    for command in ("serve", "ingest", "ask", "search", "status"):
        assert command in run.out


def test_help_needs_no_heavy_library() -> None:
    code = "import sys; from assistant import cli; cli.main([]); print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    heavy = {"chromadb", "gradio", "torch", "onnxruntime", "bs4", "langchain_core"}
    assert heavy.isdisjoint(run.stdout.split())


def test_a_document_goes_in_and_comes_out_as_a_cited_answer(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    ingested = Run(capsys, "ingest", str(forum), "--data", data, "--json")
    asked = Run(capsys, "ask", "When did the night bus open?", "--data", data, "--json")

    assert ingested.status == asked.status == 0
    assert ingested.json["new"] == 1
    assert ingested.json["generation"] == asked.json["generation"] == "000001"
    answer = asked.json
    assert answer["outcome"] == "answered"
    assert answer["mode"] == "quoting"
    assert answer["language"] == "en"
    citation = answer["citations"][0]
    assert citation["document"] == "articles/night-bus.txt"
    assert "4 March 2022" in citation["quote"]
    assert citation["date"] == "2022-03-12"
    assert citation["link"].startswith(citation["url"] + "#:~:text=")
    assert citation["quote"] in citation["excerpt"]
    assert f"{citation['excerpt']} [1]" in answer["answer"]


def test_words_that_nobody_sees_are_told_and_not_answered_from(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    hidden = "<p style='color:#fff'>The night bus was opened by the great wizard Zanzibar.</p>"
    page = f"<html><body><article><h1>Bus</h1><p>It runs.</p>{hidden}</article></body></html>"
    (forum / "page.html").write_text(page, encoding="utf-8")

    run = Run(capsys, "ingest", str(forum), "--data", data)

    assert "worth a look: page.html: 10 words that its readers cannot see" in run.err
    assert "Zanzibar" not in Run(capsys, "search", "wizard", "--data", data).out


def test_the_excerpt_stands_at_its_offsets_in_the_published_document(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    answer = Run(capsys, "ask", "How often does the bus run?", "--data", data, "--json").json
    found = Run(capsys, "search", "night bus", "--data", data, "--json").json

    text = " " * max(fields["end"] for fields in found["passages"])
    for fields in found["passages"]:
        text = text[: fields["start"]] + fields["text"] + text[fields["end"] :]
    assert answer["citations"]
    for citation in answer["citations"]:
        shown = text[citation["start"] : citation["end"]]
        assert shown.split() == citation["excerpt"].split()
        marks = [text[fields["start"] : fields["end"]] for fields in citation["marks"]]
        assert " … ".join(marks) == citation["quote"]


def test_what_the_documents_do_not_hold_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)

    run = Run(capsys, "ask", "What is the capital of Australia?", "--data", data)

    assert run.status == 0
    assert "I did not find this" in run.out


def test_what_is_kept_is_for_its_account_alone(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    before = os.umask(0o022)
    try:
        Path(data, "generations").mkdir(parents=True)
        assert Run(capsys, "ingest", str(forum), "--data", data).status == 0
    finally:
        os.umask(before)

    kept = [path for path in Path(data).rglob("*") if path != Path(data, "generations")]
    open_ones = [each for each in kept if each.stat().st_mode & 0o077]
    assert kept
    assert open_ones == []
    assert Path(data).stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another account")
def test_root_is_warned_of_writing_what_the_server_cannot_read(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    ours = Run(capsys, "status", "--data", data)
    os.chown(data, 12345, 12345)

    theirs = Run(capsys, "status", "--data", data)

    assert ours.err == ""
    assert f"run commands as that account, or `chown -R 12345 {data}` after" in theirs.err


def test_what_is_published_and_hidden_by_command_stands_in_the_history_of_staff(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    (name,) = [path.relative_to(forum).as_posix() for path in forum.rglob("*.*")]
    Run(capsys, "hide", name, "--data", data)
    Run(capsys, "hide", "--undo", name, "--data", data)
    Run(capsys, "rollback", "000001", "--data", data)

    entries = History(Database(Path(data))).entries().entries
    assert {each.who for each in entries} == {"the command line"}
    told = [(each.what, each.about) for each in reversed(entries)]
    assert told == [
        ("run.publish", ""),
        ("document.hide", name),
        ("document.show", name),
        ("generation.publish", "000001"),
    ]


def test_corrections_that_are_published_by_command_stand_in_the_history_of_staff(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    name, database = DocumentId("articles/night-bus.txt"), Database(Path(data))
    said = "Harbour town opens a night bus"
    EditStore(database).keep([Edit(name, "title", "Night bus", said, "Ada", datetime.now(UTC))])

    Run(capsys, "apply-edits", "--data", data)
    run_id = Run(capsys, "runs", "--json", "--data", data).json["runs"][0]["id"]

    newest = History(database).entries().entries[0]
    assert (newest.what, newest.about) == ("run.publish", run_id)


def test_a_second_ingest_says_that_nothing_changed(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)

    run = Run(capsys, "ingest", str(forum), "--data", data)

    assert "Nothing changed" in run.out
    assert "unchanged       1" in run.out


def test_a_dry_run_lists_what_would_change_and_publishes_nothing(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    run = Run(capsys, "ingest", str(forum), "--data", data, "--dry-run")

    assert "+ articles/night-bus.txt" in run.out
    assert not Path(data).exists()


def test_a_broken_file_is_named_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    (forum / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing of it")
    (forum / "table.xyz").write_bytes(b"PK")

    run = Run(capsys, "ingest", str(forum), "--data", data)

    assert run.status == 0
    assert "broken.pdf" in run.err
    assert "damaged" in run.err
    assert "table.xyz" in run.err
    assert "failed          1" in run.out
    assert "Published generation 000001" in run.out


def test_many_questions_go_in_one_process(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str, tmp_path: Path
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    lines = tmp_path / "questions.jsonl"
    lines.write_text(
        '{"id": "a", "question": "When did the night bus open?"}\n\n'
        '{"id": "b", "text": "Who won the football cup in 2019?"}\n'
        '{"id": "c", "question": "   "}\n',
        encoding="utf-8",
    )

    answers = Run(capsys, "ask", "--questions", str(lines), "--data", data).json_lines

    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    assert [answer.get("outcome") for answer in answers] == ["answered", "refused", None]
    assert "type a question" in answers[2]["error"]
    assert set(answers[0]) == {
        "id", "question", "language", "outcome", "mode", "answer", "citations", "suggestions",
        "generation", "milliseconds",
    }  # fmt: skip


def test_many_queries_go_in_one_process(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str, tmp_path: Path
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    lines = tmp_path / "queries.jsonl"
    queries = [(7, "night bus"), ("x", "\ud800 bus"), ("b", " ")]
    lines.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in queries))

    results = Run(
        capsys, "search", "--queries", str(lines), "--data", data, "--limit", "1"
    ).json_lines

    assert [result["id"] for result in results] == [7, "x", "b"]
    assert "nothing to look for" in results[2]["error"]
    assert set(results[0]["passages"][0]) == {
        "document", "title", "url", "text", "start", "end", "score",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "line"),
    [("not json\n", 1), ('{"id": "1", "text": "ok"}\n{"id": "2"}\n', 2), ("[1, 2]\n", 1)],
)
def test_a_bad_line_is_named(
    capsys: pytest.CaptureFixture[str], sample_data: Path, tmp_path: Path, content: str, line: int
) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(content)

    run = Run(capsys, "search", "--queries", str(path), "--data", str(sample_data))

    assert run.status == 1
    assert f"queries.jsonl, line {line}" in run.err


def test_status_tells_what_is_published(
    capsys: pytest.CaptureFixture[str], sample_data: Path, data: str
) -> None:
    empty = Run(capsys, "status", "--data", data)
    full = Run(capsys, "status", "--data", str(sample_data), "--json").json

    assert "Nothing is published" in empty.out
    assert full["documents"] >= 24
    assert set(full["languages"]) == {"en", "fr", "nl", "de"}
    assert full["kinds"]["recommendation"] >= 5


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["ask", ""], "give a question in quotes"),
        (["ask", "?!"], "type a question"),
        (["ask", "why " * 25_000], "too long (99999 characters)"),
        (["search", " "], "give a query in quotes"),
        (["search", "--queries", "nowhere.jsonl"], "cannot read nowhere.jsonl"),
        (["ask", "Who?", "--questions", "q.jsonl"], "a question or --questions FILE, not both"),
        (["search", "who", "--queries", "q.jsonl"], "a query or --queries FILE, not both"),
        (["evaluate", "golden.yaml", "--answers", "a.jsonl"], "--answers and --beside are of"),
        (["ingest", "no/such/folder"], "no/such/folder"),
        (["ingest", ""], "one of the paths is empty"),
        (["ingest", "examples", " "], "one of the paths is empty"),
    ],
)
def test_wrong_input_gets_a_clear_error_and_no_trace(
    capsys: pytest.CaptureFixture[str], sample_data: Path, argv: list[str], message: str
) -> None:
    run = Run(capsys, *argv, "--data", str(sample_data))

    assert run.status == 1
    assert run.err.startswith("error: ")
    assert message in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    "argv",
    [
        ["report"],
        ["erase-questions", "--all"],
        ["ingest", "--rebuild"],
        ["rollback"],
        ["apply-edits"],
        ["staff-account", "list"],
    ],
)
def test_a_directory_that_is_not_there_is_no_forum_that_has_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, argv: list[str]
) -> None:
    run = Run(capsys, *argv, "--data", str(tmp_path / "mistyped"))

    assert run.status == 1
    assert f"there is no data directory {tmp_path / 'mistyped'}" in run.err
    assert not list(tmp_path.iterdir())


def test_what_each_command_does_is_told_in_a_whole_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for argv in ([], ["staff-account", "-h"]):
        listed = Run(capsys, *argv).out.partition("Commands:\n")[2].partition("\n\n")[0]

        assert listed
        assert all(line.endswith(".") and not line.endswith("...") for line in listed.splitlines())


def test_where_the_list_of_sources_was_looked_for_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    missing = Run(capsys, "sync", "--data", "data")
    (tmp_path / "forum.toml").touch()
    empty = Run(capsys, "sync", "--data", "data")

    assert (missing.status, empty.status) == (1, 1)
    assert f"{tmp_path / 'forum.toml'} is not there; FORUM_SOURCES may name it" in missing.err
    assert f"{tmp_path / 'forum.toml'} lists no sources" in empty.err


def test_an_empty_name_is_not_the_present_folder(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "status", "--data", "")

    assert run.status == 2
    assert "the name of the folder is empty" in run.err


@pytest.mark.parametrize("command", ["status", "serve", "ask", "staff-password", "backup"])
def test_a_file_is_no_data_directory(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    file = tmp_path / "forum.toml"
    file.touch()
    more = ["who?"] if command in {"ask", "backup"} else []

    run = Run(capsys, command, *more, "--data", str(file))

    assert run.status == 1
    assert run.err == f"error: FORUM_DATA_DIR={file}: is a file; name a folder, such as data\n"


def test_an_empty_folder_says_what_to_put_there(
    capsys: pytest.CaptureFixture[str], data: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()

    run = Run(capsys, "ingest", str(tmp_path / "empty"), "--data", data)

    assert run.status == 1
    assert ".html" in run.err
    assert not Path(data).exists()


def test_asking_before_anything_is_published_says_how_to_begin(
    capsys: pytest.CaptureFixture[str], data: str
) -> None:
    run = Run(capsys, "ask", "Who pays?", "--data", data)

    assert run.status == 1
    assert "python app.py ingest" in run.err


def test_ingest_without_a_path_says_so(capsys: pytest.CaptureFixture[str], data: str) -> None:
    run = Run(capsys, "ingest", "--data", data)

    assert run.status == 1
    assert "give a folder or a file" in run.err


def test_nothing_is_replaced_by_nothing(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)

    run = Run(capsys, "ingest", "--rebuild", "--replace", "--data", data)

    assert run.status == 1
    assert "name the paths that are to stay" in run.err
    assert Run(capsys, "status", "--json", "--data", data).json["documents"] == 1


def test_a_port_in_use_is_named_with_the_remedy(
    capsys: pytest.CaptureFixture[str], sample_data: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        run = Run(capsys, "serve", "--data", str(sample_data), "--port", str(port))

    assert run.status == 1
    assert f"127.0.0.1:{port}" in run.err
    assert "--port" in run.err


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "assistant example"])
def test_a_host_that_is_not_this_machine_is_named_with_the_remedy(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    sample_data: Path,
    host: str,
) -> None:
    monkeypatch.setenv("FORUM_HOST", host)

    run = Run(capsys, "serve", "--data", str(sample_data))

    assert run.status == 1
    assert f"cannot listen on {host}:7860" in run.err
    assert "FORUM_HOST an address of this machine" in run.err
    assert "other program" not in run.err


def test_an_unknown_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_PROT", "8000")

    run = Run(capsys, "status")

    assert run.status == 1
    assert "FORUM_PROT" in run.err
    assert "FORUM_PORT" in run.err


def test_a_store_of_another_model_says_what_to_do(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    generation = Path(data) / "generations" / "000001"
    built = manifest.read(generation)
    other = manifest.Embedding("another/model", 384, built.embedding.probe[::-1])
    dataclasses.replace(built, embedding=other).write(generation)

    for argv in (["ask", "When did it open?"], ["ingest", str(forum)]):
        run = Run(capsys, *argv, "--data", data)
        assert run.status == 1
        assert "another/model" in run.err
        assert "--rebuild" in run.err

    assert Run(capsys, "ingest", "--rebuild", "--data", data).status == 0
    assert Run(capsys, "ask", "When did the night bus open?", "--data", data).status == 0


def test_a_full_disk_leaves_what_was_published(
    capsys: pytest.CaptureFixture[str],
    forum: Path,
    data: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    (forum / "new.txt").write_text("A new tram line opened in Quaymouth last week.")

    monkeypatch.setattr("vectorstore.publishing.disk.free_space", lambda _: 3 * 2**20)
    run = Run(capsys, "ingest", str(forum), "--data", data)

    assert run.status == 1
    assert "3 MB free" in run.err
    assert "night bus" in Run(capsys, "ask", "What did Quaymouth open?", "--data", data).out


def test_filters_narrow_a_search_and_an_answer(
    capsys: pytest.CaptureFixture[str], sample_data: Path
) -> None:
    common = ["--data", str(sample_data), "--json"]
    found = Run(capsys, "search", "camera", "--language", "FR", "--since", "2019-01-01", *common)
    asked = Run(capsys, "ask", "What is recommended?", "--kind", "recommendation", *common)

    languages = {fields["document"][:3] for fields in found.json["passages"]}
    assert languages == {"fr/"}
    assert {fields["kind"] for fields in asked.json["citations"]} <= {"recommendation"}


@pytest.mark.parametrize(
    "argv",
    [
        ["--kind", "poem"],
        ["--language", "klingon"],
        ["--since", "yesterday"],
        ["--limit", "0"],
        ["--nonsense"],
    ],
)
def test_a_senseless_option_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    assert cli.main(["search", "bus", *argv]) == 2
    assert argv[0] in capsys.readouterr().err


def test_a_limit_that_is_no_number_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["search", "bus", "--limit", "many"]) == 2
    said = capsys.readouterr().err
    assert "--limit" in said
    assert "must be a whole number" in said


def test_output_that_nobody_reads_on_ends_in_silence(sample_data: Path, tmp_path: Path) -> None:
    lines = tmp_path / "queries.jsonl"
    lines.write_text("".join(f'{{"id": {at}, "text": "camera"}}\n' for at in range(400)))
    command = f"{sys.executable} app.py search --queries {lines} --data {sample_data} | head -1"

    run = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert json.loads(run.stdout)["id"] == 0
    assert "Traceback" not in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_signs_that_a_terminal_does_not_have_are_escaped(tmp_path: Path, flags: list[str]) -> None:
    data = tmp_path / "d – 😀"
    command = [sys.executable, "app.py", "status", "--data", str(data), *flags]
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}

    run = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert "d \\u2013" in run.stdout
    assert not flags or json.loads(run.stdout)["data"] == str(data)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_command_whose_streams_are_closed_does_what_it_should(
    tmp_path: Path, closed: str
) -> None:
    command = f"{sys.executable} app.py status --data {tmp_path} {closed}"

    run = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("program", [["app.py"], ["-m", "assistant"]])
def test_who_interrupts_a_command_that_is_still_loading_sees_no_trace(
    tmp_path: Path, program: list[str]
) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt")  # while this one is loaded
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    run = subprocess.run(
        [sys.executable, *program, "status"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )

    assert (run.returncode, run.stdout, run.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize("arguments", [["status"], ["--help"], ["sync", "--help"], []])
def test_output_that_finds_no_room_is_an_error_in_words(
    sample_data: Path, arguments: list[str]
) -> None:
    command = [sys.executable, "app.py", *arguments]
    environment = {**os.environ, "FORUM_DATA_DIR": str(sample_data)}

    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
            env=environment,
        )

    assert run.returncode == 1
    assert run.stderr == "error: the disk is full; nothing more could be written\n"


def test_nothing_leaves_the_machine(tmp_path: Path) -> None:
    """Every look-up and connection of a whole run is recorded: there is none."""
    code = (
        "import sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, its: seen.append((event, its)) if event in\n"
        "    ('socket.getaddrinfo', 'socket.connect') else None)\n"
        "from assistant import cli\n"
        f"assert cli.main(['ingest', {str(SAMPLE_FORUM / 'en' / 'pages')!r}, "
        f"'--data', {str(tmp_path / 'd')!r}]) == 0\n"
        f"assert cli.main(['ask', 'How do I become a member?', '--data', "
        f"{str(tmp_path / 'd')!r}]) == 0\n"
        "assert not seen, seen\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
    )

    assert run.returncode == 0, run.stderr


def test_evaluate_measures_a_set_and_the_golden_questions(
    capsys: pytest.CaptureFixture[str], sample_data: Path, tmp_path: Path
) -> None:
    squad = tmp_path / "tiny.json"
    qas = [
        {"id": "1", "question": "When did the bus open?", "answers": [{"text": "in May 2019"}]},
        {"id": "2", "question": "Who painted it?", "answers": [], "is_impossible": True},
    ]
    paragraph = {"context": "The night bus opened in May 2019. It is green.", "qas": qas}
    squad.write_text(json.dumps({"data": [{"title": "Bus", "paragraphs": [paragraph]}]}))
    golden = str(ROOT / "examples" / "golden-questions.yaml")

    run = Run(
        capsys,
        "evaluate",
        str(squad),
        golden,
        "--data",
        str(sample_data),
        "--sample",
        "5",
        "--json",
    )

    assert run.status == 0
    tiny, forum = run.json["sets"]
    assert tiny["nDCG@10"] == 1.0
    assert tiny["in excerpt 1"] == 1.0
    assert forum["questions"] == 5
    assert "Traceback" not in run.err


def test_a_golden_question_that_can_never_be_asked_is_told_with_its_file(
    capsys: pytest.CaptureFixture[str],
    sample_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    golden = tmp_path / "golden.yaml"
    golden.write_text("- {question: '???', language: en, refuse: true}\n", encoding="utf-8")
    monkeypatch.setenv("FORUM_GOLDEN_QUESTIONS", str(golden))

    run = Run(capsys, "evaluate", str(golden), "--data", str(sample_data), "--json")

    assert run.status == 0
    assert "golden.yaml: “???” can never be asked" in run.err

    wiring.make_question_finder(load(data_dir=sample_data))

    assert f"{golden}: “???” can never be asked" in capsys.readouterr().err


@pytest.fixture
def tiny_panel(tmp_path: Path) -> Path:
    """A panel of three questions over two corpora of one file each."""
    folder = tmp_path / "panel"
    folder.mkdir()
    texts = {"A": "The night bus opened in May 2019. It is green.", "B": "Dogs must be on a lead."}
    with tarfile.open(folder / "corpus.tar.gz", "w:gz") as packed:
        for corpus, text in texts.items():
            (tmp_path / "page.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
            packed.add(tmp_path / "page.md", f"{corpus}/page.md")
    common = {"language": "en", "kind": "fact", "answerable": True}
    rows: list[dict[str, Any]] = [
        {"id": "1", "text": "When did the bus open?", "corpus": "A", "must": [["May 2019"]]},
        {"id": "2", "text": "Must my dog be on a lead?", "corpus": "B", "must": [["on a lead"]]},
        {"id": "3", "text": "Who won the cup?", "corpus": "B", "answerable": False},
    ]
    lines = [json.dumps({**common, **row}) for row in rows]
    (folder / "open.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_evaluate_scores_a_panel_beside_an_earlier_run(
    capsys: pytest.CaptureFixture[str], tiny_panel: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "earlier.jsonl"

    first = Run(capsys, "evaluate", str(tiny_panel), "--json", "--answers", str(kept))
    second = Run(capsys, "evaluate", str(tiny_panel), "--beside", str(kept))

    assert first.status == second.status == 0
    assert first.json["all"]["score"] == 1.0
    assert first.json["corpus B"]["answered"] == 0.0
    head, row = second.out.splitlines()[1], second.out.splitlines()[3]
    assert "earlier.jsonl" in head
    assert row.count("1.000") >= 4


def test_answers_of_a_panel_that_could_not_be_written_are_not_asked_for(
    capsys: pytest.CaptureFixture[str], tiny_panel: Path, tmp_path: Path
) -> None:
    (tiny_panel / "corpus.tar.gz").write_bytes(b"is looked at when something is asked")
    kept = tmp_path / "nowhere" / "answers.jsonl"

    run = Run(capsys, "evaluate", str(tiny_panel), "--answers", str(kept))

    assert run.status == 1
    assert run.err == f"error: no such file or directory ({kept})\n"


def test_a_panel_whose_questions_lack_their_nuggets_is_told_with_the_line(
    capsys: pytest.CaptureFixture[str], tiny_panel: Path
) -> None:
    (tiny_panel / "open.jsonl").write_text('{"id": "1", "text": "Why?"}\n', encoding="utf-8")

    run = Run(capsys, "evaluate", str(tiny_panel))

    assert run.status == 1
    assert "line 1" in run.err


def test_evaluate_says_what_it_can_measure_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run = Run(capsys, "evaluate", str(tmp_path / "nowhere"))

    assert run.status == 1
    assert "BEIR" in run.err


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "forum.toml"
    path.write_text('[[source]]\nname = "quaymouth"\ntype = "folder"\npath = "forum"\n')
    monkeypatch.setenv("FORUM_SOURCES", str(path))
    return path


@pytest.mark.usefixtures("sources")
def test_what_a_dry_run_showed_is_published_exactly(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    planned = Run(capsys, "sync", "--dry-run", "--data", data)
    (forum / "articles" / "later.txt").write_text("This came after the plan was made.\n\nYes.")

    assert "+ articles/night-bus.txt  (Harbour town opens a night bus)" in planned.out
    (run_id,) = (
        fields["id"] for fields in Run(capsys, "runs", "--json", "--data", data).json["runs"]
    )
    assert f"python app.py publish {run_id}" in planned.out
    published = Run(capsys, "publish", run_id, "--data", data)

    assert "Published generation 000001" in published.out
    asked = Run(capsys, "search", "after the plan", "--data", data, "--json").json
    assert {fields["document"] for fields in asked["passages"]} == {"articles/night-bus.txt"}


def test_an_upload_that_is_removed_is_gone_though_the_data_directory_was_moved(
    capsys: pytest.CaptureFixture[str], data: str, tmp_path: Path
) -> None:
    uploads = Path(data) / "uploads"
    uploads.mkdir(parents=True)
    for name in ("lamps", "trams"):
        (uploads / f"{name}.md").write_text(f"# {name}\n\nThe city has many {name}.")
    Run(capsys, "sync", "uploads", "--data", data)
    moved = Path(data).rename(tmp_path / "moved")
    (moved / "uploads" / "lamps.md").unlink()

    Run(capsys, "sync", "uploads", "--data", str(moved))

    assert Run(capsys, "status", "--json", "--data", str(moved)).json["documents"] == 1


@pytest.mark.usefixtures("sources")
def test_a_run_that_loses_many_documents_waits_for_somebody(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    for number in range(4):
        (forum / f"{number}.md").write_text(f"# Street {number}\n\nIt has {number} lamps.")
    Run(capsys, "sync", "--data", data)
    for number in range(4):
        (forum / f"{number}.md").unlink()

    held = Run(capsys, "sync", "--data", data)

    assert held.status == 1
    assert "4 of 5 documents of" in held.err
    assert "python app.py publish " in held.err
    assert Run(capsys, "status", "--json", "--data", data).json["documents"] == 5
    assert Run(capsys, "sync", "--yes", "--data", data).status == 0
    assert Run(capsys, "status", "--json", "--data", data).json["documents"] == 1


def test_a_golden_question_that_would_be_lost_is_told_before_anything_is_published(
    capsys: pytest.CaptureFixture[str],
    forum: Path,
    data: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    golden = tmp_path / "golden.yaml"
    golden.write_text(
        "- question: When did the night bus open?\n  language: en\n"
        "  document: articles/night-bus.txt\n"
    )
    monkeypatch.setenv("FORUM_GOLDEN_QUESTIONS", str(golden))
    Run(capsys, "ingest", str(forum), "--data", data)
    (forum / "articles" / "night-bus.txt").write_text("Harbour town\n\nIt has a lighthouse.\n")

    held = Run(capsys, "ingest", str(forum), "--data", data)

    assert held.status == 1
    assert "“When did the night bus open?” was answered from articles/night-bus.txt" in held.err
    answer = Run(capsys, "ask", "When did the night bus open?", "--data", data, "--json").json
    assert answer["outcome"] == "answered"


@pytest.mark.usefixtures("sources")
def test_a_plan_that_would_lose_golden_questions_says_how_to_publish_it_all_the_same(
    capsys: pytest.CaptureFixture[str],
    forum: Path,
    data: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    golden = tmp_path / "golden.yaml"
    golden.write_text(
        "- question: When did the night bus open?\n  language: en\n"
        "  document: articles/night-bus.txt\n"
    )
    monkeypatch.setenv("FORUM_GOLDEN_QUESTIONS", str(golden))
    Run(capsys, "sync", "--data", data)
    (forum / "articles" / "night-bus.txt").write_text("Harbour town\n\nIt has a lighthouse.\n")
    Run(capsys, "sync", "--dry-run", "--data", data)
    planned = Run(capsys, "runs", "--json", "--data", data).json["runs"][0]["id"]

    held = Run(capsys, "publish", planned, "--data", data)

    assert held.status == 1
    waiting = Run(capsys, "runs", "--json", "--data", data).json["runs"][0]
    assert waiting["state"] == "waiting"
    assert f"publish it with `python app.py publish {waiting['id']}`" in held.err
    told = [(each.what, each.about) for each in History(Database(Path(data))).entries().entries]
    assert ("run.publish", planned) not in told
    assert Run(capsys, "publish", waiting["id"], "--data", data).status == 0


def test_going_back_finds_what_may_be_offered_unless_the_file_of_questions_is_faulty(
    capsys: pytest.CaptureFixture[str],
    forum: Path,
    data: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    kept = Path(data) / "generations" / "000001" / "offered.json"
    before = kept.read_bytes()
    kept.unlink()
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("- nonsense\n")

    with monkeypatch.context() as patch:
        patch.setenv("FORUM_GOLDEN_QUESTIONS", str(faulty))
        gone_back = Run(capsys, "rollback", "000001", "--data", data)
    assert gone_back.status == 0
    assert "entry 1 needs a `question`" in gone_back.err
    assert not kept.exists()

    assert Run(capsys, "rollback", "000001", "--data", data).status == 0
    assert kept.read_bytes() == before


def test_a_document_is_hidden_by_its_id(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)

    assert Run(capsys, "hide", "no-such-document", "--data", data).status == 1
    assert Run(capsys, "hide", "articles/night-bus.txt", "--data", data).status == 0

    answer = Run(capsys, "ask", "When did the night bus open?", "--data", data, "--json").json
    assert answer["outcome"] == "refused"


def test_a_document_that_is_shown_again_is_said_to_be_back_when_it_is(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    name = "articles/night-bus.txt"
    Run(capsys, "hide", name, "--data", data)

    at_once = Run(capsys, "hide", "--undo", name, "--data", data)
    Run(capsys, "hide", name, "--data", data)
    Run(capsys, "ingest", str(forum), "--data", data)
    later = Run(capsys, "hide", "--undo", name, "--data", data)

    assert at_once.out == "They are in the answers again.\n"
    assert "comes back with the next run that reads it" in later.out


def test_of_several_documents_all_are_hidden_or_none(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)

    run = Run(capsys, "hide", "articles/night-bus.txt", "no-such", "nor-this", "--data", data)

    assert run.status == 1
    assert "there is no document 'no-such', 'nor-this'" in run.err
    assert "nothing was changed" in run.err
    assert not (Path(data) / "hidden.json").exists()


def test_a_document_is_hidden_though_the_history_cannot_be_written(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    (forum / "more.md").write_text("# More\n\nThe harbour has two cranes.")
    Run(capsys, "ingest", str(forum), "--data", data)
    for path in Path(data).glob("records.sqlite*"):
        path.unlink()
    (Path(data) / "records.sqlite").write_text("no database " * 100)

    run = Run(capsys, "hide", "articles/night-bus.txt", "more.md", "--data", data)

    assert run.status == 0
    assert "They are out of the answers now" in run.out
    assert "warning: it was done, but is missing in the history" in run.err
    assert json.loads((Path(data) / "hidden.json").read_text()) == [
        "articles/night-bus.txt",
        "more.md",
    ]


def test_sources_that_are_not_listed_say_where_to_write_them(
    capsys: pytest.CaptureFixture[str], data: str
) -> None:
    run = Run(capsys, "sync", "--data", data)
    named = Run(capsys, "sync", "towns", "--data", data)

    assert run.status == 1
    assert "forum.toml is not there" in run.err
    assert named.err == (
        "error: no source is named 'towns'; none is listed yet, see docs/staff.md\n"
    )


def test_a_source_that_cannot_be_read_at_all_ends_in_an_error_and_a_single_document_does_not(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    forum: Path,
    data: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = tmp_path / "forum.toml"
    monkeypatch.setenv("FORUM_SOURCES", str(sources))
    sources.write_text('[[source]]\nname = "towns"\ntype = "folder"\npath = "forum"\n')
    (forum / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")

    one_fails = Run(capsys, "sync", "--data", data)
    forum.rename(tmp_path / "not mounted")
    all_fail = Run(capsys, "sync", "--data", data, "--json")

    assert one_fails.status == 0
    assert "not read: broken.pdf" in one_fails.err
    assert all_fail.status == 1
    assert [failure["document"] for failure in all_fail.json["failures"]] == ["towns"]
    assert all_fail.json["partial"]
    assert "error: a source could not be read at all" in all_fail.err


def test_a_damaged_generation_is_told_and_the_one_before_serves(
    capsys: pytest.CaptureFixture[str], forum: Path, data: str
) -> None:
    Run(capsys, "ingest", str(forum), "--data", data)
    (forum / "more.md").write_text("# More\n\nThe harbour has two cranes.")
    Run(capsys, "ingest", str(forum), "--data", data)
    (Path(data) / "generations" / "000002" / "catalogue.sqlite").write_bytes(b"broken")

    status = Run(capsys, "status", "--data", data)

    assert status.status == 0
    assert "Generation 000001 serves instead" in status.err
    assert "generation       000001" in status.out
    told = Run(capsys, "status", "--json", "--data", data).json
    assert (told["generation"], told["documents"]) == ("000001", 1)
    assert "Generation 000001 serves instead" in told["faults"][0]
