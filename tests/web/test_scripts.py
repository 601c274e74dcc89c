"""What a page gives its scripts: URLs, imports and messages."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import pytest

from marinemarket.composition import Market
from marinemarket.web.assets import STATIC, asset_address, script_bundle
from marinemarket.web.presentation.script_messages import script_messages
from tests.builders import a_listing

from .conftest import Client, messages_of, offer

MODULES = sorted(path.name for path in STATIC.glob("*.js"))
NAMED = re.compile(r'(?:from |import |import\(|resolve\()"\./([^"]+)"')
KEY = re.compile(r'\bmessage\((?:\w+ \? )?"(\w+)"(?: : "(\w+)")?')
GROUP = re.compile(r'messagesFor\("(\w+)"\)')
KINDS = {"maker", "model", "type", "place"}  # of suggestions, by the names that the API gives them


def source(name: str) -> str:
    return (STATIC / name).read_text()


@pytest.mark.parametrize("name", MODULES)
def test_a_page_knows_the_hashed_address_of_everything_that_a_module_names(name: str) -> None:
    imports = script_bundle([name.removesuffix(".js")]).import_map["imports"]
    for other in NAMED.findall(source(name)):
        assert imports[f"/static/{other}"] == asset_address(other)
        if other in MODULES:
            assert re.fullmatch(r"/static/[\w-]+\.js\?[0-9a-f]{12}", imports[f"/static/{other}"])


def test_imports_are_asked_for_at_once_and_what_may_never_be_needed_is_not() -> None:
    modules = script_bundle(["suggestions", "map-loader"]).modules
    assert asset_address("suggestions.js") in modules
    assert asset_address("messages.js") in modules
    assert asset_address("map.js") not in modules
    assert len(set(modules)) == len(modules)


async def test_the_import_map_comes_before_every_module(client: Client, market: Market) -> None:
    await offer(market, a_listing())
    page = (await client.get("/boats?view=map")).text
    first = page.index('<script type="importmap"')
    assert first < page.index('<script type="module"')
    [imports] = re.findall(r'<script type="importmap" nonce="[\w-]+">([^<]*)</script>', page)
    for address in json.loads(imports)["imports"].values():
        if not address.startswith("/static/map/"):  # which not every set-up has
            assert (await client.get(address)).status_code == 200, address


async def test_every_script_of_a_page_carries_the_nonce(client: Client, market: Market) -> None:
    await offer(market, a_listing())
    response = await client.get("/boats")
    [nonce] = re.findall(r"'nonce-([\w-]+)'", response.headers["content-security-policy"])
    tags = re.findall(r'<script type="(?:module|importmap)"[^>]*>', response.text)
    assert len(tags) > 8
    assert all(f'nonce="{nonce}"' in tag for tag in tags)


async def test_a_module_asked_for_without_its_hash_is_not_kept(client: Client) -> None:
    # By a browser without import maps, which would otherwise mix versions for a year.
    bare = await client.get("/static/messages.js")
    assert bare.headers["cache-control"] == "public, no-cache"
    hashed = await client.get(asset_address("messages.js"))
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_scripts_are_given_the_messages_that_they_show_and_no_others() -> None:
    used: defaultdict[str, set[str]] = defaultdict(set)
    for name in MODULES:
        keys = {key for pair in KEY.findall(source(name)) for key in pair if key}
        for group in GROUP.findall(source(name)):
            used[group] |= keys
    used["suggestions"] |= KINDS
    given = {group: set(messages) for group, messages in script_messages(used).items()}
    assert given == used


def test_placeholders_of_a_message_are_the_same_in_each_of_its_forms() -> None:
    groups = [group for name in MODULES for group in GROUP.findall(source(name))]
    for messages in script_messages(groups).values():
        for message in messages.values():
            texts = [message] if isinstance(message, str) else [form["text"] for form in message]
            assert len({frozenset(re.findall(r"\{\w+\}", text)) for text in texts}) == 1, texts


async def test_a_page_carries_the_messages_of_its_own_scripts_alone(
    client: Client, market: Market
) -> None:
    await offer(market, a_listing())
    home = messages_of((await client.get("/")).text)
    assert set(home) == {"suggestions", "hearts", "kept_forms"}
    assert home["suggestions"]["label"] == "Suggestions"
    assert "map" in messages_of((await client.get("/boats?view=map")).text)
