"""A logo is checked when the server starts, and sent as what it is."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.domain.errors import SettingsError
from assistant.web import server
from assistant.web.pages.branding import Logo, load_logo
from tests.builders import a_site
from tests.fakes import FakeGeneration, FakeLibrary

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_a_picture_is_read_with_its_type(tmp_path: Path) -> None:
    path = tmp_path / "logo.SVG"
    path.write_bytes(b"\xef\xbb\xbf\n" + SVG)

    assert load_logo(path).media_type == "image/svg+xml"


@pytest.mark.parametrize("name", ["logo.jpg", "logo.jpeg", "LOGO.JPEG"])
def test_a_jpeg_may_have_either_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0")

    assert load_logo(tmp_path / name).media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("logo.png", b"<html>", "is no picture of the kinds"),
        ("logo.gif", b"GIF89a", "is no picture of the kinds"),
        ("logo.svg", b"<svg>" + b" " * 200_000, "is larger than 200 kB"),
        ("", b"", "cannot be opened"),
    ],
)
def test_what_cannot_be_shown_is_named_with_its_setting(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    if name:
        path.write_bytes(content)

    with pytest.raises(SettingsError, match=f"FORUM_LOGO=.*{reason}"):
        load_logo(path)


def test_the_picture_is_sent_and_can_run_nothing(tmp_path: Path) -> None:
    site = a_site(FakeLibrary(FakeGeneration()), tmp_path, logo=Logo(SVG, "image/svg+xml"))
    response = TestClient(server.application(site)).get("/site/logo")

    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["x-content-type-options"] == "nosniff"
    scripts = response.headers["content-security-policy"].partition("style-src")[0]
    assert "'unsafe-inline'" not in scripts
    assert response.content == SVG


def test_without_a_picture_there_is_none(tmp_path: Path) -> None:
    client = TestClient(server.application(a_site(FakeLibrary(FakeGeneration()), tmp_path)))

    assert client.get("/site/logo").status_code == 404
