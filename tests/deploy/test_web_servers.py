"""The samples for nginx and Caddy, in front of a running market: TLS, links, and a photo of some MB."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import numpy as np
import pytest
from PIL import Image

from marinemarket.accounts.records import add_user
from marinemarket.clock import now_ms
from marinemarket.composition import open_market
from marinemarket.config.settings import Settings
from marinemarket.listings.records import add_listing
from tests.builders import a_listing, a_session, a_user, secret_of
from tests.certificates import certificate_in
from tests.conftest import TESTS
from tests.media.picture_files import a_file
from tests.servers import A_MINUTE, RunningMarket, wait_for
from tests.sessions import begin_session

from .files import DEPLOY

HOST = "boats.example"
BOAT = a_listing()


@dataclass(frozen=True)
class Front:
    """A web server in front of a market: its ports, and the certificate that proves it."""

    plain: int
    tls: int
    certificate: Path

    def ask(
        self, method: str, path: str, *, tls: bool = True, host: str = HOST, **how: Any
    ) -> httpx.Response:
        """Ask it as a browser does that found its address in the DNS; redirects are not followed."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        headers = {"Host": host, **how.pop("headers", {})}
        # A visitor's address is never that of the web server in front, which the market trusts.
        way = httpx.HTTPTransport(verify=context, local_address="127.0.0.2")
        with httpx.Client(transport=way, timeout=A_MINUTE) as client:
            return client.request(
                method,
                f"https://127.0.0.1:{self.tls}{path}"
                if tls
                else f"http://127.0.0.1:{self.plain}{path}",
                headers=headers,
                extensions={"sni_hostname": host},
                **how,
            )


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    """A market with one boat, whose owner is signed in, that trusts what is in front of it."""
    data = tmp_path_factory.mktemp("market") / "data"
    anyio.run(_with_a_boat, data)
    with RunningMarket(
        data,
        PUBLIC_URL=f"https://{HOST}",
        TRUSTED_PROXIES="127.0.0.1",
        LIMIT_SEARCH="20/minute",
    ) as running:
        running.wait_until_ready()
        yield running


async def _with_a_boat(data: Path) -> None:
    async with open_market(Settings(data=data)) as market:
        await add_user(market.trail, TESTS, a_user())
        await add_listing(market.trail, TESTS, BOAT)
        await begin_session(market, a_session(name="owner", at=now_ms()))


@pytest.fixture(params=["nginx", "caddy"], scope="module")
def front(
    request: pytest.FixtureRequest, market: RunningMarket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    start = {"nginx": _nginx, "caddy": _caddy}[request.param]
    with start(program, folder, market.port) as front:
        yield front


@contextmanager
def _nginx(program: str, folder: Path, market: int) -> Iterator[Front]:
    plain, tls = _free_port(), _free_port()
    certificate, key = certificate_in(folder, HOST, f"www.{HOST}")
    sample = (DEPLOY / "nginx/marinemarket.conf").read_text()
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{market}"),
        ("/etc/letsencrypt/live/boats.example/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/boats.example/privkey.pem", str(key)),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
    ):
        assert old in sample
        sample = sample.replace(old, new)
    # Not every machine that runs tests has IPv6.
    (folder / "site.conf").write_text(re.sub(r" *listen \[::\].*\n", "", sample))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.getuid() == 0 else ''} daemon off; pid {folder}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\ninclude {folder}/site.conf; }}\n"
    )
    asked = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*asked, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    with _running(asked, folder):
        yield Front(plain, tls, certificate)


@contextmanager
def _caddy(program: str, folder: Path, market: int) -> Iterator[Front]:
    plain, tls = _free_port(), _free_port()
    sample = (DEPLOY / "caddy/Caddyfile").read_text()
    assert "127.0.0.1:8000" in sample
    ours = (
        f"{{\nadmin off\nskip_install_trust\nlocal_certs\nhttp_port {plain}\nhttps_port {tls}\n"
        f"default_bind 127.0.0.1\nstorage file_system {folder}/storage\n}}\n"
    )
    (folder / "Caddyfile").write_text(
        ours + sample.replace("127.0.0.1:8000", f"127.0.0.1:{market}")
    )
    with _running(
        [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"], folder
    ):
        root = folder / "storage/pki/authorities/local/root.crt"
        wait_for(root.is_file)
        yield Front(plain, tls, root)


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[None]:
    environment = os.environ | {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(A_MINUTE)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(front: Front) -> bool:
    try:
        return front.ask("GET", "/health/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(autouse=True)
def _until_it_answers(front: Front) -> None:
    wait_for(lambda: _answers(front))


def test_pages_come_by_tls_and_their_links_name_the_public_address(front: Front) -> None:
    moved = front.ask("GET", f"/boats/{BOAT.id}/any")
    assert moved.status_code == 302
    page = front.ask("GET", moved.headers["location"])
    assert page.status_code == 200
    assert f'<link rel="canonical" href="https://{HOST}/boats/{BOAT.id}/' in page.text
    assert "strict-transport-security" in page.headers
    assert "127.0.0.1" not in page.text
    assert "x-request-id" in page.headers


@pytest.mark.parametrize(("tls", "host"), [(False, HOST), (True, f"www.{HOST}")])
def test_every_other_way_in_leads_to_the_one_name(front: Front, tls: bool, host: str) -> None:
    answer = front.ask("GET", "/boats?q=whaler", tls=tls, host=host)
    assert answer.status_code in (301, 308)
    to = httpx.URL(answer.headers["location"])
    assert (to.scheme, to.host, to.raw_path) == ("https", HOST, b"/boats?q=whaler")


def test_a_photo_of_several_megabytes_is_taken_in(front: Front) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (2000, 2600, 3), dtype=np.uint8)
    photo = a_file(Image.fromarray(noise), quality=90)
    assert len(photo) > 4_000_000
    answer = front.ask(
        "POST",
        f"/api/v1/listings/{BOAT.id}/images",
        files={"images": ("boat.jpg", photo, "image/jpeg")},
        headers={"Authorization": f"Bearer {secret_of('owner')}"},
    )
    assert answer.status_code == 201, answer.text
    shown = front.ask("GET", answer.json()["thumbnails"][-1])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")


def test_what_is_larger_than_the_market_takes_is_refused_and_not_hung_up_on(front: Front) -> None:
    # Not a search: another test of this file may have used up its limit.
    answer = front.ask(
        "POST",
        "/api/v1/listings",
        content=b" " * 2_000_000,
        headers={
            "Authorization": f"Bearer {secret_of('owner')}",
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code == 413
    assert answer.json()["status"] == 413


def test_visitors_are_known_by_their_own_address_and_cannot_make_one_up(front: Front) -> None:
    answers = [
        front.ask("GET", "/api/v1/listings", headers={"X-Forwarded-For": f"203.0.113.{n}"})
        for n in range(22)
    ]
    assert answers[-1].status_code == 429, "one visitor, whatever they say"
    # From the machine itself, but not by way of the proxy: another address than that of visitors.
    assert front.ask("GET", "/metrics").status_code == 404
