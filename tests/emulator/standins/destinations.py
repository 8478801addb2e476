"""A stand-in for connections and API destinations: from CloudFormation to an HTTP request that is really sent.

ministack has both in its API and not in its CloudFormation. Here a stack makes them; the parameters of a connection live
in a secret ``events!connection/...`` of the emulated Secrets Manager, as on AWS, and are read from there for each
request. No request leaves the machine: one to ``https://HOST/...`` goes to the local server that
`observing.Receiver` names in the parameter `ROUTE`, with HOST in its Host header; without a receiver it fails.

Refused, as by EventBridge: an endpoint that is not https, and body parameters for a body that is no JSON object.

Not here: rate limits, private connections, the policy of the target's role.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any

from tests.emulator.observing import ROUTE


def install() -> None:
    """Put the stand-in into ministack's EventBridge."""
    from ministack.services import eventbridge as eb

    create, update, delete, opened = eb._create_connection, eb._update_connection, eb._delete_connection, eb._http_open

    def create_connection(data: dict[str, Any]) -> Any:
        return _hide(data["Name"], create(data))

    def update_connection(data: dict[str, Any]) -> Any:
        return _hide(data["Name"], update(data)) if data.get("AuthParameters") else update(data)

    def delete_connection(data: dict[str, Any]) -> Any:
        from ministack.services import secretsmanager

        record = eb._connections.get(data.get("Name")) or {}
        if record.get("SecretArn"):
            secretsmanager._delete_secret({"SecretId": record["SecretArn"], "ForceDeleteWithoutRecovery": True})
        return delete(data)

    def http_open(request: urllib.request.Request, timeout: int = 5) -> Any:
        return opened(_routed(request), timeout)

    eb._create_connection, eb._update_connection = create_connection, update_connection
    eb._delete_connection, eb._http_open = delete_connection, http_open


def _hide(name: str, answer: Any) -> Any:
    """Move the parameters of a connection into its secret."""
    from ministack.services import eventbridge, secretsmanager

    if answer[0] >= 400:
        return answer
    record = eventbridge._connections[name]
    text = json.dumps(record.pop("AuthParameters"))
    record["AuthParameters"] = {}
    if record.get("SecretArn"):
        secretsmanager._put_secret_value({"SecretId": record["SecretArn"], "SecretString": text})
    else:
        made = secretsmanager._create_secret({"Name": f"events!connection/{name}/{uuid.uuid4()}", "SecretString": text})
        record["SecretArn"] = json.loads(made[2])["ARN"]
    return answer


def _routed(request: urllib.request.Request) -> urllib.request.Request:
    """Return the request to the local server."""
    from ministack.services import ssm

    url = urllib.parse.urlsplit(request.full_url)
    base = ssm.resolve_parameter_value(ROUTE, None, decrypt=True)
    if not base:
        raise urllib.error.URLError(f"this stand-in sends nothing to {url.hostname}: no observing.Receiver is there")
    local = urllib.request.Request(
        base + urllib.parse.urlunsplit(("", "", url.path or "/", url.query, "")),
        data=request.data,
        headers={**request.headers, "Host": str(url.hostname)},
        method=request.get_method(),
    )
    return local


def send(target: dict[str, Any], body: str, event: dict[str, Any]) -> tuple[int, str]:
    """Send one request; return the status (0: no answer) and what is wrong, empty for nothing."""
    from ministack.services import eventbridge as eb

    destination = eb._api_destinations.get(target["Arn"].split("api-destination/", 1)[1].split("/")[0])
    if destination is None:
        return 404, f"there is no API destination {target['Arn']}"
    if not target.get("RoleArn"):
        return 403, f"RoleArn is required for target {target['Arn']}"
    connection = _connection(destination)
    if connection is None:
        return 404, f"there is no authorized connection {destination['ConnectionArn']}"
    parameters = eb._resolve_http_parameters(target.get("HttpParameters") or {}, event)
    added = (connection["AuthParameters"].get("InvocationHttpParameters") or {}).get("BodyParameters")
    if added and not _is_object(body):
        return 400, f"body parameters cannot be added to a body that is no JSON object: {body}"
    request = eb._build_api_destination_request(destination, connection, parameters, body)
    key = (connection["Name"],)
    try:
        status = eb._api_destination_send_sync(request, eb._connection_auth_headers(connection, key))
        if status in {401, 407} and connection["AuthorizationType"] == "OAUTH_CLIENT_CREDENTIALS":
            renewed = eb._connection_auth_headers(connection, key, force_refresh=True)
            status = eb._api_destination_send_sync(request, renewed)
    except OSError as error:
        return 0, str(error)
    return int(status), "" if 200 <= status < 300 else f"{destination['InvocationEndpoint']} answered {status}"


def _connection(destination: dict[str, Any]) -> dict[str, Any] | None:
    from ministack.services import eventbridge, secretsmanager

    name = destination["ConnectionArn"].split("connection/", 1)[-1].split("/")[0]
    record = eventbridge._connections.get(name)
    if record is None or record["ConnectionState"] != "AUTHORIZED":
        return None
    text = secretsmanager.resolve_secret_string(record["SecretArn"], "AWSCURRENT", None)
    return {**record, "AuthParameters": json.loads(text)} if text else None


def _is_object(body: str) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return handlers of the two CloudFormation types."""
    del table
    return {
        "AWS::Events::Connection": _handler("connection"),
        "AWS::Events::ApiDestination": _handler("api_destination"),
    }


def _handler(kind: str) -> dict[str, Any]:
    from ministack.services import eventbridge as eb

    records = eb._connections if kind == "connection" else eb._api_destinations
    arn_name = "ConnectionArn" if kind == "connection" else "ApiDestinationArn"

    def call(verb: str, data: dict[str, Any]) -> None:
        status, _, body = getattr(eb, f"_{verb}_{kind}")(data)
        if status >= 400:
            raise ValueError(json.loads(body).get("message", body))

    def attributes(name: str) -> dict[str, Any]:
        record = records[name]
        found = {"Arn": record[arn_name], "ArnForPolicy": record[arn_name].rsplit("/", 1)[0] + "/*"}
        return found | ({"SecretArn": record["SecretArn"]} if kind == "connection" else {})

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        _only_https(props)
        name = props.get("Name") or f"{stack_name}-{logical_id}"[:50] + f"-{uuid.uuid4().hex[:12]}"
        call("create", {**props, "Name": name})
        records[name][arn_name] += f"/{uuid.uuid4()}"
        return name, attributes(name)

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        if new.get("Name", physical_id) != physical_id:
            return create(more.get("logical_id") or physical_id, new, rest[0] if rest else "stack")
        _only_https(new)
        call("update", {**new, "Name": physical_id})
        return physical_id, attributes(physical_id)

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        if physical_id in records:
            call("delete", {"Name": physical_id})

    return {"create": create, "update": update, "delete": delete}


def _only_https(props: dict[str, Any]) -> None:
    oauth = (props.get("AuthParameters") or {}).get("OAuthParameters") or {}
    for url in (props.get("InvocationEndpoint"), oauth.get("AuthorizationEndpoint")):
        if url and not url.startswith("https://"):
            raise ValueError(f"{url} is not an https endpoint")
