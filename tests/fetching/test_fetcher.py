"""Case 28 and 51: what somebody names is fetched from public hosts only, within limits."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from ipaddress import ip_address

import pytest

from marinemarket.fetching.fetcher import Fetcher, Unfetched
from marinemarket.fetching.public_addresses import (
    Forbidden,
    checked_addresses,
    checked_url,
    is_public,
)

from .hosts import World, a_world, response

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::", "::1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
        "2002:7f00:1::", "2001:0:7f00:1::", "fec0::1", "100::1",
    ],
)  # fmt: skip
def test_no_private_address_is_public_in_whatever_dress(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "boats.example", "//boats.example/1.jpg", "ftp://boats.example/1", "file:///etc/passwd",
        "gopher://boats.example/", "javascript:alert(1)", "data:image/png;base64,x", "http://",
        "http:///1.jpg", "http://user@boats.example/", "http://a:b@boats.example/", "http://boats.example:22/",
        "https://boats.example:80/", "http://boats.example:443/", "http://boats.example:99999/",
        "http://boats.example/a b", "http://boats.example\\@evil.example/", "http://boats.example/\r\nX: y",
        "http://boats.example/" + "x" * 2000, "http://[::1", "http://boats.example/\u202e",
    ],
)  # fmt: skip
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(Forbidden):
        checked_url(url)


def test_one_private_address_among_public_ones_forbids_all() -> None:
    assert len(checked_addresses(["8.8.8.8", "2606:4700::1111"])) == 2
    for found in (["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "::ffff:10.0.0.1"], []):
        with pytest.raises(Forbidden):
            checked_addresses(found)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://2130706433/", "http://0x7f.1/",
        "http://0177.0.0.1/", "http://127.1/", "http://[::ffff:169.254.169.254]/", "http://0/",
    ],
)  # fmt: skip
async def test_this_machine_is_never_asked(url: str) -> None:
    with pytest.raises(Unfetched) as refused:
        await Fetcher(most=1000).fetch(url)
    assert refused.value.is_final or "cannot be reached" in str(refused.value)


async def test_a_file_is_fetched_with_its_name_and_without_a_cookie(world: World) -> None:
    world.answers["/1.jpg?size=2"] = response(body=b"a boat", ETag='"7"', Content_Type="image/jpeg")
    fetched = await world.fetcher(contact="https://market.example").fetch(
        "http://boats.example/1.jpg?size=2#top", accept="image/*"
    )
    assert (fetched.content, fetched.etag, fetched.media_type) == (b"a boat", '"7"', "image/jpeg")
    [head] = world.asked
    lines = head.lower().split("\r\n")
    assert "host: boats.example" in lines
    assert "accept: image/*" in lines
    assert any("marinemarket/" in line and "+https://market.example" in line for line in lines)
    assert not [line for line in lines if line.startswith(("cookie", "authorization", "referer"))]


async def test_what_has_not_changed_is_not_sent_again(world: World) -> None:
    world.answers["/feed"] = response("304 Not Modified", ETag='"7"')
    fetched = await world.fetcher().fetch("http://boats.example/feed", etag='"7"', modified="then")
    assert fetched.content is None
    assert 'if-none-match: "7"' in world.asked[0].lower()
    assert "if-modified-since: then" in world.asked[0].lower()


async def test_each_hop_is_checked_again(world: World) -> None:
    world.names = {"inside.example": ["127.0.0.2"], "mixed.example": ["127.0.0.1", "127.0.0.2"]}
    world.answers = {
        "/ok": response("302 Found", Location="//other.example/end"),
        "/end": response(body=b"here"),
        "/inside": response("302 Found", Location="http://inside.example/end"),
        "/mixed": response("302 Found", Location="http://mixed.example/end"),
        "/file": response("302 Found", Location="file:///etc/passwd"),
        "/port": response("302 Found", Location="http://other.example:22/end"),
        "/user": response("302 Found", Location="http://a:b@other.example/end"),
        "/round": response("302 Found", Location="/round"),
        "/nowhere": response("302 Found"),
    }
    fetched = await world.fetcher().fetch("http://boats.example/ok")
    assert (fetched.url, fetched.content) == ("http://other.example/end", b"here")
    for path, why in (
        ("/inside", "leads to a private network"),
        ("/mixed", "leads to a private network"),
        ("/file", "must start with"),
        ("/port", "must not name a port"),
        ("/user", "must not hold a name"),
        ("/round", "redirects too often"),
        ("/nowhere", "redirects too often"),
    ):
        world.asked.clear()
        with pytest.raises(Unfetched, match=why) as refused:
            await world.fetcher().fetch(f"http://boats.example{path}")
        assert refused.value.is_final
        assert [head for head in world.asked if "/end" in head] == []


async def test_a_name_is_resolved_once_for_each_hop_and_that_address_is_asked(world: World) -> None:
    """A name that is public when it is checked and private when it is asked (DNS rebinding)."""
    meanings = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def changing(host: str, port: int) -> list[str]:
        return next(meanings)

    world.answers["/1"] = response(body=b"here")
    fetcher = world.fetcher(resolve=changing)
    assert (await fetcher.fetch("http://boats.example/1")).content == b"here"
    with pytest.raises(Unfetched, match="private network"):
        await fetcher.fetch("http://boats.example/1")


async def test_too_much_is_not_read_to_the_end(world: World) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + bytes(0x1000) + b"\r\n")
            await writer.drain()

    async def long_head(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X: " + b"y" * 1000 + b"\r\n")
            await writer.drain()

    bomb = gzip.compress(bytes(50_000_000))
    world.answers = {
        "/announced": response(body=b"x", Content_Length="100001"),
        "/large": response(body=bytes(100_001)),
        "/endless": endless,
        "/head": long_head,
        "/bomb": response(body=bomb, Content_Encoding="gzip"),
        "/packed": response(body=gzip.compress(bytes(100_000)), Content_Encoding="gzip"),
        "/brotli": response(body=b"x", Content_Encoding="br"),
        "/cut": response(body=b"x", Content_Length="9"),
        "/half": response(body=gzip.compress(b"whole" * 99)[:20], Content_Encoding="gzip"),
        "/broken": response(body=b"no gzip", Content_Encoding="gzip"),
        "/rubbish": b"SSH-2.0-OpenSSH\r\n\r\n",
    }
    fetcher = world.fetcher()
    for path, why in (
        ("/announced", "too large"),
        ("/large", "too large"),
        ("/endless", "too large"),
        ("/head", "cannot be reached"),
        ("/bomb", "too large"),
        ("/brotli", "encoding"),
        ("/cut", "cannot be reached"),
        ("/half", "cannot be reached"),
        ("/broken", "cannot be reached"),
        ("/rubbish", "cannot be reached"),
        ("/missing", "answers 404"),
    ):
        with pytest.raises(Unfetched, match=why):
            await fetcher.fetch(f"http://boats.example{path}")
    assert (await fetcher.fetch("http://boats.example/packed")).content == bytes(100_000)


async def test_a_host_that_says_nothing_is_given_up(world: World) -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async def dripping(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x")
            await asyncio.sleep(0.05)

    world.answers = {"/silent": silent, "/dripping": dripping}
    for path in world.answers:
        with pytest.raises(Unfetched, match="took too long") as refused:
            await world.fetcher(seconds=0.3).fetch(f"http://boats.example{path}")
        assert not refused.value.is_final


async def test_a_certificate_that_is_not_the_hosts_is_refused(world: World) -> None:
    with pytest.raises(Unfetched):
        await world.fetcher().fetch("https://boats.example/1")
    assert world.asked == []
