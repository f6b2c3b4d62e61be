"""A real nginx before what is served: where it is, and what stands around a site of its file."""

import os
import shutil
from pathlib import Path

import pytest

_AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    add_header X-Answered-By $upstream_addr always;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


def nginx_or_skip() -> str:
    """Return the program; where it is promised, its absence is a failure."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        reason = "nginx is not installed"
        if os.environ.get("REQUIRE_NGINX"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def nginx_file(folder: Path, site: str) -> str:
    """Return a whole file that keeps to a folder, with the lines of a site in it."""
    return _AROUND.format(folder=folder, site=site)
