"""What comes from a site, good or bad, comes within limits, or fails with a reason."""

import gzip
import resource
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from itertools import cycle
from ssl import SSLContext

import httpcore
import pytest

from ingest.fetching.connection import Network
from ingest.fetching.errors import BudgetError, BusyError, FetchError, RefusedError, WrongTypeError
from ingest.fetching.fetcher import Fetcher, Limits, basic_authorization
from ingest.fetching.urls import gate
from tests.ingest.fetching.site import HOME, PUBLIC, SHORT, FakeClock, Page, Route, Site, a_fetcher

A = HOME + "a"


def redirect(location: str, status: int = 302) -> Page:
    return Page(status=status, headers={"Location": location})


def test_a_page_comes_with_its_type_and_from_where_it_came(site: Site) -> None:
    site.routes = {"/a": redirect("/b?x=1"), "/b": Page("hello", "Text/HTML; charset=utf-8")}

    fetched = a_fetcher(site).get(A, accept=["text/html"])

    assert (fetched.url, fetched.body, fetched.content_type) == (
        f"{HOME}b?x=1",
        b"hello",
        "text/html",
    )


def test_we_say_who_we_are_and_whom_to_ask(site: Site) -> None:
    site.routes = {"/a": Page("hello")}

    a_fetcher(site, contact="office@forum.test").get(A)

    assert site.headers[-1]["user-agent"].startswith("ForumAssistant/")
    assert "office@forum.test" in site.headers[-1]["user-agent"]
    assert site.headers[-1]["host"] == "forum.test"


def test_whom_to_ask_may_have_any_letters(site: Site) -> None:
    site.routes = {"/a": Page("hello")}

    a_fetcher(site, contact="Secr\u00e9tariat <bureau@forum.test>").get(A)

    assert "Secr%C3%A9tariat <bureau@forum.test>" in site.headers[-1]["user-agent"]


def test_a_redirect_with_a_space_is_followed_as_browsers_do(site: Site) -> None:
    site.routes = {"/a": redirect("/annual report.html"), "/annual%20report.html": Page("hello")}

    assert a_fetcher(site).get(A).url == f"{HOME}annual%20report.html"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 500, 501])
def test_an_error_of_the_site_is_not_asked_for_twice(site: Site, status: int) -> None:
    site.routes = {"/a": Page(status=status)}

    with pytest.raises(FetchError) as failure:
        a_fetcher(site).get(A)

    assert failure.value.status == status
    assert site.pages_asked == ["/a"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_site_is_asked_again_ever_later(site: Site, status: int) -> None:
    site.routes = {"/a": Page(status=status)}
    clock = FakeClock()

    with pytest.raises(BusyError):
        a_fetcher(site, clock=clock, delay=0.0).get(A)

    assert site.pages_asked == ["/a", "/a", "/a"]
    assert clock.waits == [1.0, 2.0]


@pytest.mark.parametrize(("asked_for", "waited"), [("7", 7.0), ("86400", 60.0), ("soon", 1.0)])
def test_a_site_says_when_to_come_back_but_not_next_year(
    site: Site, asked_for: str, waited: float
) -> None:
    answers = iter([Page(status=429, headers={"Retry-After": asked_for}), Page("hello")])
    site.routes = {"/a": lambda _: next(answers)}
    clock = FakeClock()

    assert a_fetcher(site, clock=clock, delay=0.0).get(A).body == b"hello"
    assert clock.waits == [waited]


def test_a_date_to_come_back_at_is_understood(site: Site) -> None:
    past = {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    answers = iter([Page(status=503, headers=past), Page("hello")])
    site.routes = {"/a": lambda _: next(answers)}
    clock = FakeClock()

    assert a_fetcher(site, clock=clock, delay=0.0).get(A).body == b"hello"
    assert clock.waits == [0.0]


def test_a_site_that_is_down_is_left_alone_after_a_few_pages(site: Site) -> None:
    site.routes = {"/a": Page(status=503)}
    fetcher = a_fetcher(site)
    for _ in range(5):
        with pytest.raises(BusyError):
            fetcher.get(A)
    asked = len(site.asked)

    with pytest.raises(BudgetError, match="failed 5 times"):
        fetcher.get(A)

    assert len(site.asked) == asked


def test_requests_to_a_host_keep_their_distance(site: Site) -> None:
    site.routes = {"/a": Page("hello")}
    clock = FakeClock()
    fetcher = a_fetcher(site, clock=clock, delay=1.5)

    for _ in range(3):
        fetcher.get(A)

    assert clock.waits == [1.5, 1.5, 1.5]  # robots.txt came first


def test_a_crawl_asks_for_so_many_addresses_and_no_more(site: Site) -> None:
    site.routes = {"/a": Page("hello")}
    fetcher = a_fetcher(site, limits=Limits(urls=3))
    fetcher.get(A)
    fetcher.get(A)

    with pytest.raises(BudgetError, match="3 addresses"):
        fetcher.get(A)

    assert len(site.asked) == 3


def test_another_type_is_refused_before_it_is_read(site: Site) -> None:
    site.routes = {"/a": Page("<html>", "text/html")}

    with pytest.raises(WrongTypeError, match="application/json") as failure:
        a_fetcher(site).get(A, accept=["application/json"])

    assert failure.value.content_type == "text/html"


def test_a_password_goes_to_the_configured_site_alone(site: Site) -> None:
    site.routes = {"/a": redirect("http://media.test/b"), "/b": Page("hello")}
    fetcher = a_fetcher(
        site, hosts=["media.test"], authorization=basic_authorization("anna", "s3cret word")
    )

    fetcher.get(A)

    sent = {header["host"]: header.get("authorization") for header in site.headers}
    secret = "Basic " + b64encode(b"anna:s3cret word").decode()
    assert sent == {"forum.test": secret, "media.test": None}


# Redirects.


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "file:///etc/passwd",
        "gopher://forum.test/",
        "//evil.test/",
        "http://evil.test/",
        "http://user@forum.test/",
        "http://forum.test:22/",
        "http:\\\\evil.test",
        "\\\\evil.test",
        "http://[",
    ],
)
def test_a_redirect_leads_nowhere_that_is_not_listed(site: Site, location: str) -> None:
    site.routes = {"/a": redirect("/b"), "/b": redirect(location)}

    with pytest.raises(RefusedError, match="is redirected to"):
        a_fetcher(site).get(A)

    assert set(site.dialled) == {PUBLIC}
    assert site.pages_asked == ["/a", "/b"]


def test_redirects_come_to_an_end(site: Site) -> None:
    site.routes = {"/a": redirect("/b"), "/b": redirect("/a")}

    with pytest.raises(FetchError, match="redirects more than 3 times"):
        a_fetcher(site).get(A)

    assert len(site.pages_asked) == 4


def test_an_encrypted_page_does_not_redirect_to_one_that_is_not() -> None:
    fetcher = Fetcher(gate("http://forum.test/"))
    secure = gate("https://forum.test/").start

    with pytest.raises(RefusedError, match="not encrypted"):
        fetcher._redirected(secure, "http://forum.test/b")


# Addresses.


def test_one_address_that_is_not_allowed_makes_all_suspect(site: Site) -> None:
    site.addresses = (PUBLIC, "10.0.0.1")

    with pytest.raises(FetchError, match=r"10\.0\.0\.1 is of a private network"):
        a_fetcher(site).get(A)

    assert site.dialled == []


def test_a_name_that_changes_its_address_between_two_looks_gains_nothing(site: Site) -> None:
    site.routes = {"/a": Page("hello")}
    answers = cycle([[PUBLIC], ["127.0.0.1"]])
    looked_up: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return next(answers)

    network = Network(resolve=resolve, dial=site.network.dial)
    fetcher = Fetcher(
        gate(HOME), network=network, limits=SHORT, clock=FakeClock().clock
    )  # robots.txt gets the public address, the page the other

    with pytest.raises(RefusedError, match=r"127\.0\.0\.1"):
        fetcher.get(A)

    assert site.dialled == [PUBLIC]
    assert len(looked_up) == 2


def test_the_next_address_serves_where_the_first_does_not(site: Site) -> None:
    site.routes = {"/a": Page("hello")}
    dialled: list[str] = []

    def dial(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        dialled.append(address)
        if address == PUBLIC:
            raise httpcore.ConnectError
        return site.network.dial(address, port, timeout)

    network = Network(resolve=lambda *_: [PUBLIC, "8.8.8.8"], dial=dial)

    fetched = Fetcher(gate(HOME), network=network, clock=FakeClock().clock).get(A)

    assert fetched.body == b"hello"
    assert dialled == [PUBLIC, "8.8.8.8"] * 2


def test_a_name_that_nobody_knows_is_said_so(site: Site) -> None:
    def resolve(*_: object) -> list[str]:
        raise OSError

    with pytest.raises(FetchError, match=r"the host forum\.test cannot be found"):
        Fetcher(gate(HOME), network=Network(resolve=resolve)).get(A)
    assert site.asked == []


class _Handshake(httpcore.NetworkStream):
    """A stream that remembers for which name a certificate was asked."""

    def __init__(self) -> None:
        self.names: list[str | None] = []

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        assert ssl_context.check_hostname
        assert timeout
        self.names.append(server_hostname)
        raise httpcore.ConnectError("CERTIFICATE_VERIFY_FAILED")  # noqa: EM101 - OpenSSL's words

    def close(self) -> None:
        pass


def test_a_certificate_is_asked_for_by_name_though_the_address_is_dialled() -> None:
    stream = _Handshake()
    dialled: list[tuple[str, int]] = []

    def dial(address: str, port: int, _timeout: float) -> httpcore.NetworkStream:
        dialled.append((address, port))
        return stream

    network = Network(resolve=lambda *_: [PUBLIC], dial=dial)

    with pytest.raises(FetchError, match="certificate is not valid"):
        Fetcher(gate("https://forum.test/"), network=network).get("https://forum.test/a")

    assert stream.names == ["forum.test"]
    assert dialled == [(PUBLIC, 443)]


def test_the_ways_of_this_machine_work_on_an_address_of_its_own(site: Site) -> None:
    # The usual resolver and dialler, with the one thing that a test cannot have: a public address.
    usual = Network()
    network = Network(
        resolve=lambda *_: [PUBLIC],
        dial=lambda _, port, timeout: usual.dial(
            usual.resolve("localhost", port)[-1], port, timeout
        ),
    )
    site.routes = {"/a": Page("hello")}
    url = f"http://forum.test:{site.port}/"

    fetched = Fetcher(gate(url), network=network, clock=FakeClock().clock).get(f"{url}a")

    assert fetched.body == b"hello"
    assert site.headers[-1]["host"] == f"forum.test:{site.port}"


def test_a_site_that_refuses_connections_is_tried_again_then_given_up() -> None:
    def dial(*_: object) -> httpcore.NetworkStream:
        raise httpcore.ConnectError

    clock = FakeClock()
    network = Network(resolve=lambda *_: [PUBLIC], dial=dial)
    fetcher = Fetcher(gate(HOME), network=network, clock=clock.clock, delay=0.0, limits=SHORT)

    with pytest.raises(FetchError, match="cannot be reached"):
        fetcher.get(A)

    assert clock.waits == [1.0, 2.0]


# Bad servers.


def drip(handler: BaseHTTPRequestHandler, seconds: float = 0.05) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(seconds)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    for byte in cycle(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1000):
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"x" * 10_000)


def silent(_: BaseHTTPRequestHandler) -> None:
    time.sleep(1.0)


@pytest.mark.parametrize("slow", [drip, drip_headers, silent])
def test_a_slow_site_is_not_waited_for_longer_than_the_limit(site: Site, slow: Route) -> None:
    site.routes = {"/a": slow}
    limits = Limits(times=SHORT.times, attempts=1)

    with pytest.raises(BusyError, match="took too long"):
        a_fetcher(site, limits=limits).get(A)


def flow(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(18):
        handler.wfile.write(b"x" * 10_000)
        handler.wfile.flush()
        time.sleep(0.05)


def test_a_large_file_that_keeps_coming_is_read_to_its_end(site: Site) -> None:
    site.routes = {"/a": flow}
    limits = Limits(times=replace(SHORT.times, steady=50_000), attempts=1)

    assert len(a_fetcher(site, limits=limits).get(A).body) == 180_000


def test_an_endless_page_is_read_no_further_than_the_limit(site: Site) -> None:
    site.routes = {"/a": endless}

    with pytest.raises(FetchError, match="is larger than"):
        a_fetcher(site).get(A)


def test_a_bomb_is_noticed_while_it_unpacks(site: Site) -> None:
    bomb = gzip.compress(gzip.compress(bytes(200_000_000)))
    inner = gzip.decompress(bomb)
    site.routes = {"/a": Page(inner, headers={"Content-Encoding": "gzip"})}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(FetchError, match="is larger than"):
        a_fetcher(site).get(A)

    assert len(inner) <= SHORT.packed
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB


def test_a_compressed_page_is_unpacked(site: Site) -> None:
    packed = gzip.compress(b"hello " * 1000)
    site.routes = {"/a": Page(packed, headers={"Content-Encoding": "gzip"})}

    assert a_fetcher(site).get(A).body == b"hello " * 1000


@pytest.mark.parametrize(
    "page",
    [
        Page("too short", headers={"Content-Length": "1000"}),
        Page(gzip.compress(b"hello " * 1000)[:-20], headers={"Content-Encoding": "gzip"}),
        Page("no gzip", headers={"Content-Encoding": "gzip"}),
        Page("br", headers={"Content-Encoding": "br"}),
    ],
)
def test_a_page_that_is_not_what_its_headers_say_fails(site: Site, page: Page) -> None:
    site.routes = {"/a": page}

    with pytest.raises(FetchError):
        a_fetcher(site).get(A)


def test_a_page_longer_than_it_says_is_cut_where_it_said(site: Site) -> None:
    site.routes = {"/a": Page("hello and more", headers={"Content-Length": "5"})}

    assert a_fetcher(site).get(A).body == b"hello"


def nonsense(handler: BaseHTTPRequestHandler) -> Iterator[None]:
    handler.wfile.write(b"\x00\xff what is HTTP?\r\n\r\n")
    yield


def test_what_does_not_speak_http_fails(site: Site) -> None:
    site.routes = {"/a": lambda handler: next(nonsense(handler))}

    with pytest.raises(FetchError, match="does not speak HTTP"):
        a_fetcher(site).get(A)


def test_a_page_is_not_unchanged_where_nothing_was_kept(site: Site) -> None:
    site.routes = {"/a": Page(status=304)}

    with pytest.raises(FetchError, match="did not change"):
        a_fetcher(site).get(A)


# robots.txt


def robots(text: str, status: int = 200) -> Page:
    return Page(text, "text/plain", status)


def test_what_robots_txt_forbids_is_not_fetched(site: Site) -> None:
    site.routes = {
        "/robots.txt": robots("User-agent: *\nDisallow: /private\n"),
        "/a": Page("hello"),
        "/private": Page("secret"),
    }
    fetcher = a_fetcher(site)

    assert fetcher.get(A).body == b"hello"
    with pytest.raises(FetchError, match="allow the user agent ForumAssistant"):
        fetcher.get(f"{HOME}private/b")
    assert site.asked == ["/robots.txt", "/a"]


def test_rules_for_us_go_before_rules_for_all(site: Site) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: ForumAssistant\nAllow: /\n"
    site.routes = {"/robots.txt": robots(rules), "/a": Page("hello")}

    assert a_fetcher(site).get(A).body == b"hello"


def test_a_redirect_is_held_to_robots_txt_too(site: Site) -> None:
    site.routes = {
        "/robots.txt": robots("User-agent: *\nDisallow: /private\n"),
        "/a": redirect("/private"),
        "/private": Page("secret"),
    }

    with pytest.raises(FetchError, match=r"robots\.txt does not allow it"):
        a_fetcher(site).get(A)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_robots_txt_allows_everything(site: Site, status: int) -> None:
    site.routes = {"/robots.txt": robots("", status), "/a": Page("hello")}

    assert a_fetcher(site).get(A).body == b"hello"


@pytest.mark.parametrize("status", [500, 503])
def test_a_site_whose_robots_txt_is_broken_is_not_fetched_from(site: Site, status: int) -> None:
    site.routes = {"/robots.txt": robots("", status), "/a": Page("hello")}
    fetcher = a_fetcher(site)

    for _ in range(3):
        with pytest.raises(FetchError, match=r"its robots\.txt cannot be read"):
            fetcher.get(A)

    assert site.pages_asked == []
    assert len(site.asked) <= 3  # what was found out is not asked for page after page


@pytest.mark.parametrize(("rule", "pause"), [("4", 4.0), ("3600", 60.0)])
def test_the_distance_that_robots_txt_asks_for_is_kept(site: Site, rule: str, pause: float) -> None:
    site.routes = {
        "/robots.txt": robots(f"User-agent: *\nCrawl-delay: {rule}\n"),
        "/a": Page("hello"),
    }
    clock = FakeClock()
    fetcher = a_fetcher(site, clock=clock, delay=1.0)

    fetcher.get(A)
    fetcher.get(A)

    assert clock.waits == [1.0, pause]


def test_a_web_page_in_place_of_robots_txt_has_no_rules(site: Site) -> None:
    site.routes = {"/robots.txt": Page("<html>Disallow: /</html>" * 100), "/a": Page("hello")}

    assert a_fetcher(site).get(A).body == b"hello"
