"""The web application: routes, what handlers are given, and what wraps every answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.plugins import InitPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.plugins.pydantic import PydanticPlugin
from litestar.template import TemplateConfig
from litestar.types import ASGIApp, Receive, Scope, Send

from ..clock import Clock, now_ms
from ..composition import open_existing_market
from ..config.settings import Settings
from ..i18n import texts
from ..i18n.jinja import install
from ..listings.statistics.view_counter import ViewCounter
from ..metrics import own_exposition
from ..search import gazetteer
from ..search.suggester import Suggester
from ..wire import Model, encode
from .assets import STATIC, asset_address, script_bundle
from .dependencies import DEPENDENCIES
from .methods import telling_methods
from .metrics import counting
from .openapi.document import document_of
from .presentation.script_messages import script_messages
from .problems import HANDLERS
from .routes import routes
from .security.access import ACCESS, demand_declared, same_site
from .security.canonical_host import redirecting_other_hosts
from .security.headers import csp_nonce, security_headers
from .security.known_parameters import demand_known_parameters
from .security.rate_limit_store import RateLimitStore
from .security.rate_limits import limit_own_writes
from .security.request_context import with_request_context
from .security.strict_bodies import LARGEST_BODY, BodyRequest, plain_bodies
from .security.strict_forms import MOST_FIELDS
from .security.strict_heads import bounded_heads
from .security.upload_shares import holding_shares, upload_queue
from .unsent import confirm_words, kept_as, kept_receipt, read_words

HERE = Path(__file__).parent


def create_app(
    settings: Settings,
    *,
    clock: Clock = now_ms,
    exposition: Callable[[], Awaitable[bytes]] = own_exposition,
) -> Site:
    """The application of one market. It opens the store on start-up and closes it on shutdown.

    `exposition` is what `/metrics` shows: by default, what this process has counted. Raises
    ValueError if the translations cannot be read.
    """
    texts.use(settings.language, settings.texts)

    return Site(
        settings,
        clock,
        route_handlers=routes(settings),
        lifespan=[_opened],
        on_startup=[demand_declared],
        guards=[same_site, demand_known_parameters, read_words, limit_own_writes],
        dependencies=DEPENDENCIES | ACCESS,
        exception_handlers=HANDLERS,
        middleware=[counting, bounded_heads, holding_shares, telling_methods, plain_bodies],
        before_send=[confirm_words, security_headers(settings)],
        request_class=BodyRequest,
        logging_config=None,  # whoever runs the application says how it logs
        state=State({"exposition": exposition}),
        plugins=[PydanticPlugin(prefer_alias=True), OurBodies()],
        request_max_body_size=LARGEST_BODY,
        multipart_form_part_limit=MOST_FIELDS,
        compression_config=CompressionConfig(
            backend="gzip",
            minimum_size=1000,
            gzip_compress_level=5,
            # Photos and videos are as small as they can be already.
            exclude=[r"^/media/"],
        ),
        template_config=TemplateConfig(instance=_templates(settings)),
        openapi_config=None,  # the document is our own: see web/openapi
        debug=False,
    )


class Site(Litestar):
    """The application wrapped in `with_request_context`, also under tests.

    On each start it opens the market that its `settings` describe.
    """

    def __init__(self, settings: Settings, clock: Clock, **given: Any) -> None:
        super().__init__(**given)
        self.settings, self.clock = settings, clock
        own = redirecting_other_hosts(super().__call__, settings)
        self._door = with_request_context(own, settings.proxies())
        self.state.openapi = cache(lambda: encode(document_of(self, settings)))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._door(scope, receive, send)


@asynccontextmanager
async def _opened(app: Litestar) -> AsyncIterator[None]:
    site = cast("Site", app)
    gazetteer.load()  # a broken installation is told now, and not by the first search
    async with open_existing_market(site.settings, clock=site.clock) as market:
        app.state.market = market
        app.state.suggester = Suggester(market.engine.index, market.listings, site.clock)
        cheap = market.store.head_is_cheap
        app.state.head_at_start = await market.store.head() if cheap else None
        app.state.has_caught_up = False
        app.state.upload_queue = upload_queue()
        app.state.views = ViewCounter(market.trail)
        stopping = asyncio.Event()
        writing = asyncio.ensure_future(app.state.views.run(stopping))
        app.state.counters = RateLimitStore(site.settings.counters, clock=site.clock)
        yield
        stopping.set()
        await writing
        app.state.counters.close()


def answering_head(app: ASGIApp) -> ASGIApp:
    """The application, answering HEAD wherever it answers GET; the server leaves out the body."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "HEAD":
            scope = cast("Scope", {**scope, "method": "GET"})
        await app(scope, receive, send)

    return answer


class OurBodies(InitPlugin):
    """Parses request bodies into our models, so that errors have our wording and our field paths.

    The first decoder for a type wins, and Pydantic's plugin puts its own first. This plugin comes
    last and puts ours in front of it.
    """

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        app_config.plugins.append(_ReadersFirst())
        return app_config


class _ReadersFirst(InitPlugin):
    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        app_config.type_decoders = [(_is_model, _parsed), *(app_config.type_decoders or [])]
        return app_config


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _parsed(kind: type[Model], value: Any) -> Model:
    return kind.parse(value)


def _templates(settings: Settings) -> JinjaTemplateEngine:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # asking the disk after each template takes a tenth of a page's time
        extensions=["jinja2.ext.i18n"],
    )
    install(environment)
    environment.globals["market_name"] = settings.market_name
    environment.globals["public_url"] = settings.public_url
    environment.globals["asset"] = asset_address
    environment.globals["script_bundle"] = script_bundle
    environment.globals["script_messages"] = script_messages
    environment.globals["has_map"] = (STATIC / "map" / "leaflet.js").is_file
    environment.globals["map_tiles"] = settings.map_tiles or ""
    environment.globals["map_attribution"] = settings.map_attribution
    engine = JinjaTemplateEngine.from_environment(environment)
    engine.register_template_callable("csp_nonce", csp_nonce)
    engine.register_template_callable("kept_as", kept_as)
    engine.register_template_callable("kept_receipt", kept_receipt)
    return engine
