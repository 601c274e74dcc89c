"""A Python client that openapi-python-client generates from the OpenAPI document."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

PACKAGE = "generated_market_client"


def generate_client(document: dict[str, Any], folder: Path) -> Client:
    """The client, made in an empty folder. AssertionError for what the generator cannot describe."""
    source = folder / "openapi.json"
    source.write_text(json.dumps(document))
    config = Config.from_sources(
        ConfigFile(post_hooks=[]),  # it is not to be read, so it is not formatted
        MetaType.NONE,
        document_source=source,
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder / PACKAGE,
    )
    complaints = [f"{one.header}: {one.detail}" for one in generate(config=config)]
    assert complaints == []
    sys.path.insert(0, str(folder))
    try:
        return Client(import_module(PACKAGE))
    finally:
        sys.path.remove(str(folder))


class Client:
    """The generated package: its models, and its operations by their tag and name."""

    def __init__(self, package: ModuleType) -> None:
        self.package = package
        self.models = import_module(f"{package.__name__}.models")
        self.types = import_module(f"{package.__name__}.types")
        self._connected = ExitStack()

    def ask(self, operation: str, by: Any, *given: Any, **named: Any) -> Any:
        """Call an operation, such as ``listings.create_listing``; its whole response."""
        module = import_module(f"{self.package.__name__}.api.{operation}")
        return module.sync_detailed(*given, client=by, **named)

    def anonymous(self, address: str) -> Any:
        return self._connected.enter_context(self.package.Client(base_url=address))

    def signed_in(self, address: str, token: str) -> Any:
        connected = self.package.AuthenticatedClient(base_url=address, token=token)
        return self._connected.enter_context(connected)

    def close(self) -> None:
        """Close every connection."""
        self._connected.close()
