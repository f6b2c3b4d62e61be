"""A real WordPress that is closed says so in words that help, and nothing is lost."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.wordpress.server import RealSite
from tests.wordpress.small_forum import LIGHTING
from tests.wordpress.staff import Staff

VARIABLE = "READER_PASSWORD"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_rest_interface_that_is_switched_off_is_named_with_the_remedy_and_nothing_is_lost(
    published: Staff, site: RealSite, status: int
) -> None:
    site.do("option", name="forum_closed_with", value=status)
    site.plug_in("closed")

    report = published.sync(is_read=False)

    [failure] = report["failures"]
    assert "REST interface" in failure["reason"]
    assert "sitemap" in failure["reason"]
    assert ("application password" in failure["reason"]) == (status != 404)
    assert report["removed"] == 0
    assert "in 2019" in published.quotes(LIGHTING)


def test_an_application_password_opens_what_is_closed_to_others(
    published: Staff, site: RealSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.plug_in("closed")
    user, _, password = str(site.do("application password", role="administrator")).partition(":")
    monkeypatch.setenv(VARIABLE, password)
    published.list_source(user=user, password_env=VARIABLE, private_network=True)

    report = published.sync()

    assert report["failures"] == []
    assert report["unchanged"] == 5
    # The password is an administrator's, who sees drafts too; what visitors do not see stays out.
    assert report["new"] == 0

    monkeypatch.setenv(VARIABLE, "wrong wrong wrong")
    report = published.sync(is_read=False)
    assert "password" in report["failures"][0]["reason"]
    assert report["removed"] == 0


def test_the_machine_of_the_assistant_itself_is_never_read(staff: Staff, site: RealSite) -> None:
    staff.list_source(url=f"http://127.0.0.1:{site.port}", private_network=True)

    run = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), "sync", "--data", str(staff.data)],
        cwd=staff.folder,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "127.0.0.1 is not an address of a public web site" in run.stderr
    assert "Traceback" not in run.stderr
