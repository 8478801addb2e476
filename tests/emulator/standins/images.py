"""A stand-in for archived images, which ministack's ECR has not.

Added: UpdateImageStorageClass, `imageStatus` in DescribeImages; BatchGetImage refuses an archived image. Not here: pulls
by layers, the minutes that restoring takes.
"""

from __future__ import annotations

import json
from typing import Any


def install() -> None:
    """Put the stand-in into ministack's ECR."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import ecr

    theirs, details, pulled = ecr.handle_request, ecr._describe_images, ecr._batch_get_image

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        if not str(headers.get("x-amz-target", "")).endswith(".UpdateImageStorageClass"):
            return await theirs(method, path, headers, body, query)
        data = json.loads(body)
        image = ecr._find_image(data["repositoryName"], data["imageId"])
        if image is None:
            return error_response_json("ImageNotFoundException", "The image does not exist", 400)
        status = {"ARCHIVE": "ARCHIVED", "STANDARD": "ACTIVE"}[data["targetStorageClass"]]
        image["imageStatus"] = status
        return json_response(
            {"repositoryName": data["repositoryName"], "imageId": data["imageId"], "imageStatus": status}
        )

    def describe(data: dict[str, Any]) -> Any:
        status, headers, body = details(data)
        answer = json.loads(body)
        for one in answer.get("imageDetails", ()):
            image = ecr._find_image(data["repositoryName"], {"imageDigest": one["imageDigest"]})
            one["imageStatus"] = image.get("imageStatus", "ACTIVE")
        return status, headers, json.dumps(answer).encode()

    def pull(data: dict[str, Any]) -> Any:
        for wanted in data["imageIds"]:
            image = ecr._find_image(data["repositoryName"], wanted)
            if image and image.get("imageStatus") == "ARCHIVED":
                failure = {
                    "imageId": wanted,
                    "failureCode": "ImageInaccessible",
                    "failureReason": "The image is archived",
                }
                return json_response({"images": [], "failures": [failure]})
        return pulled(data)

    ecr.handle_request, ecr._describe_images, ecr._batch_get_image = handle_request, describe, pull
