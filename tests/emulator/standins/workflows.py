"""A stand-in for Step Functions' SDK integrations of `eks`, `autoscaling`, `ec2` and `iam`.

ministack has no `eks` and no `autoscaling`, and guesses the names of the other two. Here botocore's own serializers and
parsers speak with the emulator's API: ``arn:aws:states:::aws-sdk:SERVICE:ACTION`` with parameters in the names that Step
Functions takes (each begins with a capital); the answer comes back in the same names, times as text. An action or a
parameter that the service's model does not know fails the execution, as on AWS. Errors are named as the SDK for Java
names its exceptions: ``Eks.ResourceInUseException``, and ``Ec2.Ec2Exception`` where the model has none.

Services of ministack's own map (`cloudwatchlogs`, `ecr`, `sns` ...) and ``events:putEvents`` are as ministack has them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

_ERRORS = {"eks": "Eks", "autoscaling": "AutoScaling", "ec2": "Ec2", "iam": "Iam"}


def install() -> None:
    """Put the stand-in into ministack's Step Functions."""
    from ministack.services import stepfunctions

    theirs = stepfunctions._invoke_aws_sdk_integration

    def invoke(resource: str, parameters: Any) -> Any:
        service, _, action = resource.removeprefix("arn:aws:states:::aws-sdk:").partition(":")
        if service.lower() in _ERRORS:
            return call(service.lower(), action, parameters or {})
        return theirs(resource, parameters)

    stepfunctions._invoke_aws_sdk_integration = invoke


def call(service: str, action: str, parameters: dict[str, Any]) -> Any:
    """Call a service of the emulator as an SDK does, and return the answer in Step Functions' names."""
    import botocore.parsers
    import botocore.serialize
    from botocore.model import OperationNotFoundError
    from ministack.services import stepfunctions as sfn

    model = sfn._service_model(service) or _model(service)
    name = action[:1].upper() + action[1:]
    try:
        operation = model.operation_model(name)
    except OperationNotFoundError:
        raise sfn._ExecutionError("States.Runtime", f"{service} has no action {action}") from None
    wanted = _renamed(parameters, operation.input_shape, f"{service}:{action}")
    protocol = model.metadata["protocol"]
    request = botocore.serialize.create_serializer(protocol).serialize_to_request(wanted, operation)
    status, headers, body = _send(service, request)
    parsed = botocore.parsers.create_parser(protocol).parse(
        {"status_code": status, "headers": headers, "body": body if isinstance(body, bytes) else body.encode()},
        operation.output_shape,
    )
    if status >= 400:
        error = parsed.get("Error", {})
        raise sfn._ExecutionError(_exception(service, operation, error), error.get("Message") or "")
    parsed.pop("ResponseMetadata", None)
    return _told(parsed, operation.output_shape)


def _exception(service: str, operation: Any, error: dict[str, Any]) -> str:
    """Return the name of an error: the modeled exception, or the one of the service."""
    code = error.get("Code", "")
    named = {shape.name: shape.name for shape in operation.error_shapes}
    named |= {shape.metadata.get("error", {}).get("code"): shape.name for shape in operation.error_shapes}
    name = named.get(code, _ERRORS[service]).removesuffix("Fault").removesuffix("Exception")
    return f"{_ERRORS[service]}.{name}Exception"


def _model(service: str) -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model(service)


def _send(service: str, request: dict[str, Any]) -> tuple[int, dict[str, Any], Any]:
    from ministack import app
    from ministack.core.responses import get_region

    path, _, inline = request["url_path"].partition("?")
    query = {**dict(parse_qsl(inline)), **(request["query_string"] or {})}
    body = request["body"]
    if isinstance(body, dict):
        body = urlencode(body).encode()
    elif isinstance(body, str):
        body = body.encode()
    scope = f"Credential=test/20260101/{get_region()}/{service}/aws4_request"
    headers = {"content-type": "application/json", "authorization": f"AWS4-HMAC-SHA256 {scope}"}
    handler = app.SERVICE_HANDLERS[service]
    return app.call_service_handler_sync(handler, request["method"], path, headers, body or b"", query)  # type: ignore[no-any-return]


def _renamed(value: Any, shape: Any, where: str) -> Any:
    """Return parameters in the names of the service's model."""
    from ministack.services import stepfunctions as sfn

    if shape is None or shape.type_name not in {"structure", "list", "map"}:
        return value
    if shape.type_name == "list":
        return [_renamed(item, shape.member, where) for item in value]
    if shape.type_name == "map":
        return {key: _renamed(item, shape.value, where) for key, item in value.items()}
    names = {sfn._api_name_to_sfn_key(name): name for name in shape.members}
    unknown = sorted(set(value) - set(names))
    if unknown:
        words = f"{where}: the fields {unknown} are not supported; there are {sorted(names)}"
        raise sfn._ExecutionError("States.Runtime", words)
    return {names[key]: _renamed(item, shape.members[names[key]], f"{where}.{key}") for key, item in value.items()}


def _told(value: Any, shape: Any) -> Any:
    """Return an answer in Step Functions' names; the keys of maps are data."""
    from ministack.services import stepfunctions as sfn

    if isinstance(value, dict) and shape is not None and shape.type_name == "map":
        return {key: _told(item, shape.value) for key, item in value.items()}
    if isinstance(value, dict):
        members = shape.members if shape is not None and shape.type_name == "structure" else {}
        return {sfn._api_name_to_sfn_key(key): _told(item, members.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_told(item, shape.member if shape is not None else None) for item in value]
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
