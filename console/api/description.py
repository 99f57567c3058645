"""The API's description of itself: OpenAPI 3.1, drawn from the same table that its routes are made from."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from console.api.field import Field
from console.api.operation import Operation
from console.api.problem import MEDIA_TYPE
from console.api.resource import BASE
from console.api.shapes import SHAPES

EVERYWHERE = (401, 403, 406, 422, 429, 503)
REFERENCE = {
    "name": "reference",
    "in": "path",
    "required": True,
    "description": "The callback's reference.",
    "schema": {"type": "string", "pattern": "^[0-9]{6,12}$"},
}
SIGN_IN = {
    "name": "sign_in",
    "in": "path",
    "required": True,
    "description": "The name somebody of the desk signs in by.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80},
}
BEARER = {"type": "http", "scheme": "bearer", "description": "Made by `script/desk token add`."}
INFO = {
    "title": "Ringback",
    "version": "1",
    "description": "The callbacks of a phone callback desk: look at them, and act on them.",
}


def description(operations: Iterable[Operation]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {}
    for operation in operations:
        path = BASE + operation.path.replace("<", "{").replace(">", "}")
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "paths": paths,
        "components": {"schemas": SHAPES, "securitySchemes": {"token": BEARER}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.says,
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.scope is not None:
        drawn["security"] = [{"token": [operation.scope.value]}]
    if operation.body is not None:
        drawn["requestBody"] = _body(operation.body)
    return drawn


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    here = [REFERENCE] if operation.is_about_one else [SIGN_IN] if operation.is_about_a_person else []
    query = [_parameter(field, "query") for field in operation.query]
    return [*here, *query, *(_parameter(field, "header") for field in operation.headers)]


def _parameter(field: Field, place: str) -> dict[str, Any]:
    schema = {"type": "array", "items": field.schema} if field.many else field.schema
    return {"name": field.name, "in": place, "description": field.says, "schema": schema}


def _body(fields: tuple[Field, ...]) -> dict[str, Any]:
    required = [field.name for field in fields if field.required]
    schema = {
        "type": "object",
        "properties": {field.name: {**field.schema, "description": field.says} for field in fields},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
    return {"required": bool(required), "content": {"application/json": {"schema": schema}}}


def _responses(operation: Operation) -> dict[str, Any]:
    found = (404,) if operation.is_about_one or operation.is_about_a_person else ()
    bad_body = (400,) if operation.body is not None else ()
    refusals = sorted({*(EVERYWHERE if operation.scope else (406,)), *found, *bad_body, *operation.may})
    return {**_good(operation), **{str(code): _refusal(code) for code in refusals}}


def _good(operation: Operation) -> dict[str, Any]:
    if operation.gives == "audio":
        sound: dict[str, Any] = {"audio/*": {}, "application/octet-stream": {}}
        parts = {"200": "The whole message.", "206": "The part asked for."}
        return {code: {"description": says, "content": sound} for code, says in parts.items()}
    schema = (
        {"$ref": f"#/components/schemas/{operation.gives}"}
        if operation.gives in SHAPES
        else {"type": "object"}
    )
    good: dict[str, Any] = {"description": "Done.", "content": {"application/json": {"schema": schema}}}
    if operation.gives == "callback":
        etag = {"description": "Its version, for If-Match.", "schema": {"type": "string"}}
        good["headers"] = {"ETag": etag}
    return {"200": good}


def _refusal(code: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/problem"}
    return {"description": HTTPStatus(code).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
