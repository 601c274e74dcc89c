"""The OpenAPI document: made from the handlers, and from the models that validate and answer."""
