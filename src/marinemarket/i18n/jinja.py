"""The site's language in templates: ``_``, ``ngettext``, ``{% trans %}``, and number formats."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from . import texts
from .dates import at_moment
from .numbers import whole


def install(environment: Environment) -> None:
    """Give the templates of an environment with ``jinja2.ext.i18n`` the site's texts and formats.

    ``{{ ngettext("%(num)s boat", "%(num)s boats", count) }}`` writes the number as the language does;
    so do the filters ``number`` and ``moment`` (for ISO 8601 or Unix milliseconds). `language` and
    `direction` are the attributes for ``<html>``.
    """
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # by the extension
        texts.plain_gettext, texts.plain_ngettext, newstyle=True
    )
    filled_in: Any = environment.globals["ngettext"]

    @pass_context
    def ngettext(context: Context, one: str, many: str, number: int, /, **values: object) -> Any:
        # {% trans count=… %} passes the number under its own name.
        named = {name: whole(number) for name, value in values.items() if value == number}
        return context.call(
            filled_in, one, many, number, **{"num": whole(number), **values, **named}
        )

    environment.globals["ngettext"] = ngettext
    environment.globals["language"] = texts.language
    environment.globals["direction"] = texts.direction
    environment.filters["number"] = whole
    environment.filters["moment"] = at_moment
