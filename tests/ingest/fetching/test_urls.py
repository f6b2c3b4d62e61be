"""Only what the configuration lists may be fetched."""

import pytest

from ingest.fetching.errors import RefusedError
from ingest.fetching.urls import Gate, gate, vet

FORUM = gate("https://forum.example/", ["media.forum.example", "bücher.example"])
PLAIN = gate("http://old.example/")
PORT = gate("https://forum.example:8443/news")
INTRANET = gate("http://10.1.2.3:8080/", private_network=True)

ALLOWED = [
    (FORUM, "https://forum.example", "https://forum.example/"),
    (FORUM, "https://forum.example/", "https://forum.example/"),
    (FORUM, "HTTPS://FORUM.Example/A", "https://forum.example/A"),
    (FORUM, "https://forum.example:443/a", "https://forum.example/a"),
    (FORUM, "https://forum.example:/a", "https://forum.example/a"),
    (FORUM, "https://forum.example./a", "https://forum.example/a"),
    (FORUM, "https://forum。example/a", "https://forum.example/a"),
    (FORUM, "https://ｆｏｒｕｍ.example/a", "https://forum.example/a"),
    (FORUM, "https://forum.example/a#@evil.test/", "https://forum.example/a"),
    (FORUM, "https://forum.example/a?x=1&y=[2]", "https://forum.example/a?x=1&y=[2]"),
    (FORUM, "https://forum.example?x=1", "https://forum.example/?x=1"),
    (FORUM, "https://forum.example/été", "https://forum.example/%C3%A9t%C3%A9"),
    (FORUM, "https://forum.example/a%20b", "https://forum.example/a%20b"),
    (FORUM, "https://forum.example//evil.test", "https://forum.example//evil.test"),
    (FORUM, "https://media.forum.example/a.pdf", "https://media.forum.example/a.pdf"),
    (FORUM, "https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    (FORUM, "https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
    (PLAIN, "http://old.example/a", "http://old.example/a"),
    (PLAIN, "http://old.example:80/a", "http://old.example/a"),
    (PLAIN, "https://old.example/a", "https://old.example/a"),
    (PORT, "https://forum.example:8443/a", "https://forum.example:8443/a"),
    (PORT, "https://forum.example/a", "https://forum.example/a"),
    (INTRANET, "http://10.1.2.3:8080/a", "http://10.1.2.3:8080/a"),
]
REFUSED = [
    # Other schemes, or none.
    "file:///etc/passwd",
    "gopher://forum.example/",
    "ftp://forum.example/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "ws://forum.example/",
    "jar:https://forum.example!/",
    "//forum.example/a",
    "/a",
    "forum.example/a",
    "https:forum.example",
    "https:/forum.example",
    "https:///forum.example",
    "",
    # Less than is configured.
    "http://forum.example/",
    "http://media.forum.example/",
    # Other hosts.
    "https://evil.test/",
    "https://www.forum.example/",
    "https://forum.example.evil.test/",
    "https://evilforum.example/",
    "https://evil.test/#https://forum.example/",
    "https://evil.test/?forum.example",
    "https://evil.test?@forum.example/",
    "https://evil.test/@forum.example",
    "https://evil.test#@forum.example/",
    "https://bucher.example/",
    "https://fοrum.example/",
    "https://localhost/",
    "https://localhost./",
    "https://forum/",
    "https://",
    "https://./",
    "https://forum..example/",
    "https://.forum.example/",
    "https://forum.example../",
    "https://-forum.example/",
    # User names.
    "https://user@forum.example/",
    "https://user:password@forum.example/",
    "https://@forum.example/",
    "https://forum.example@evil.test/",
    "https://ok@127.0.0.1/",
    "https://ok%2f@127.0.0.1/",
    "https://forum.example:443@evil.test/",
    # Ports.
    "https://forum.example:22/",
    "https://forum.example:80/",
    "https://forum.example:8443/",
    "https://forum.example:0/",
    "https://forum.example:99999/",
    "https://forum.example:-1/",
    "https://forum.example:a/",
    "https://media.forum.example:8443/",
    # IP addresses, in every spelling.
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://127.0.0.1./",
    "https://１２７.0.0.1/",
    "https://①②⑦.0.0.1/",
    "https://127。0。0。1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://93.184.215.14/",
    "https://1.2.3.4.5/",
    "https://forum.example.1/",
    "https://[::1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1/",
    "https://[forum.example]/",
    # Characters that programs read differently.
    "https://forum.example\\@evil.test/",
    "https://forum.example\\.evil.test/",
    "https:\\\\forum.example/",
    "https://forum.example/a b",
    " https://forum.example/",
    "https://forum.example/\t",
    "https://forum.\texample/",
    "https://forum.example/\r\nHost: evil.test",
    "https://forum.example/\x00",
    "https://forum.example/\x85",
    "https://forum.example/ ",
    "https://forum.example/<a>",
    'https://forum.example/"',
    "https://forum.example/\ud800",
    "https://forum%2eexample/",
    "https://forum.example%00.evil.test/",
    "https://forum.example%2f.evil.test/",
    "https://forum.ex ample/",
    "https://forum.example/" + "a" * 2000,
]


@pytest.mark.parametrize(("allowed", "url", "target"), ALLOWED)
def test_what_is_listed_passes_in_its_one_spelling(allowed: Gate, url: str, target: str) -> None:
    assert vet(url, allowed).url == target


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_not_listed_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(RefusedError) as failure:
        vet(url, FORUM)

    assert failure.value.reason


@pytest.mark.parametrize(("allowed", "target"), [(each[0], each[2]) for each in ALLOWED])
def test_the_one_spelling_passes_again_unchanged(allowed: Gate, target: str) -> None:
    assert vet(target, allowed).url == target


def test_a_port_goes_with_the_configured_host_only() -> None:
    allowed = gate("https://forum.example:8443/", ["media.forum.example"])

    with pytest.raises(RefusedError, match="port 8443"):
        vet("https://media.forum.example:8443/", allowed)


@pytest.mark.parametrize(
    "url", ["https://10.1.2.3/", "https://127.0.0.1/", "https://0x7f.1/", "file:///a", "forum"]
)
def test_a_source_cannot_be_configured_with_what_is_no_site(url: str) -> None:
    with pytest.raises(RefusedError):
        gate(url)


def test_a_host_cannot_be_listed_as_an_ip_address() -> None:
    with pytest.raises(RefusedError, match="list hosts by name"):
        gate("https://forum.example/", ["169.254.169.254"])
