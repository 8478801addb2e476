"""The part of OSCAL 1.1.2's schemas that our documents use: every member that they may have, and what it must look like.

Written from NIST's reference pages of the models; `make oscal` holds the documents against the whole models.
"""

from typing import Any

from cfnlint.jsonschema import StandardValidator

NAME = "[A-Za-z_][A-Za-z0-9._-]*"


def text(pattern: str = r"\S(.*\S)?") -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$"}


TOKEN = text(NAME)
LINE = text()
MARKUP = {"type": "string", "minLength": 1}
UUID = text("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MOMENT = text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def object_(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    members = {name.replace("_", "-"): schema for name, schema in {**required, **optional}.items()}
    return {
        "type": "object",
        "properties": members,
        "required": [name.replace("_", "-") for name in required],
        "additionalProperties": False,
    }


def many(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1}


PROPS = many(object_({"name": TOKEN, "value": LINE}, ns=LINE, **{"class": TOKEN}))
METADATA = object_({"title": LINE, "last_modified": MOMENT, "version": LINE, "oscal_version": {"enum": ["1.1.2"]}})
HREF = object_({"href": LINE})
STATUS = object_({"state": {"enum": ["operational", "other"]}}, remarks=MARKUP)
REVIEWED = object_({"control_selections": many(object_({"include_controls": many(object_({"control_id": TOKEN}))}))})
BY_COMPONENT = object_(
    {"component_uuid": UUID, "uuid": UUID, "description": MARKUP},
    props=PROPS,
    implementation_status=object_({"state": {"enum": ["implemented", "partial"]}}, remarks=MARKUP),
)
RESULT = object_(
    {"uuid": UUID, "title": LINE, "description": MARKUP, "start": MOMENT, "reviewed_controls": REVIEWED},
    end=MOMENT,
    props=PROPS,
    remarks=MARKUP,
    observations=many(
        object_(
            {"uuid": UUID, "description": MARKUP, "methods": many({"enum": ["TEST"]}), "collected": MOMENT},
            title=LINE,
            props=PROPS,
            types=many({"enum": ["control-objective"]}),
            remarks=MARKUP,
            relevant_evidence=many(object_({"description": MARKUP}, href=LINE)),
            subjects=many(
                object_({"subject_uuid": UUID, "type": {"enum": ["component", "inventory-item"]}}, title=LINE)
            ),
        )
    ),
    risks=many(
        object_(
            {"uuid": UUID, "title": LINE, "description": MARKUP, "statement": MARKUP,
             "status": {"enum": ["open", "deviation-approved"]}},
            props=PROPS,
            deadline=MOMENT,
            related_observations=many(object_({"observation_uuid": UUID})),
        )
    ),
    findings=many(
        object_(
            {
                "uuid": UUID,
                "title": LINE,
                "description": MARKUP,
                "target": object_(
                    {
                        "type": {"enum": ["statement-id", "objective-id"]},
                        "target_id": TOKEN,
                        "status": object_(
                            {"state": {"enum": ["satisfied", "not-satisfied"]}},
                            reason={"enum": ["pass", "fail", "other"]},
                            remarks=MARKUP,
                        ),
                    }
                ),
            },
            implementation_statement_uuid=UUID,
            related_observations=many(object_({"observation_uuid": UUID})),
            related_risks=many(object_({"risk_uuid": UUID})),
            remarks=MARKUP,
        )
    ),
)  # fmt: skip

MODELS = {
    "catalog": object_(
        {"uuid": UUID, "metadata": METADATA},
        controls=many(
            object_({"id": TOKEN, "title": LINE}, parts=many(object_({"name": TOKEN}, id=TOKEN, prose=MARKUP)))
        ),
    ),
    "profile": object_(
        {
            "uuid": UUID,
            "metadata": METADATA,
            "imports": many(object_({"href": LINE}, include_controls=many(object_({"with_ids": many(TOKEN)})))),
        },
        merge=object_({"as_is": {"type": "boolean"}}),
    ),
    "component-definition": object_(
        {"uuid": UUID, "metadata": METADATA},
        components=many(
            object_(
                {"uuid": UUID, "type": {"enum": ["software"]}, "title": LINE, "description": MARKUP},
                props=PROPS,
                control_implementations=many(
                    object_(
                        {
                            "uuid": UUID,
                            "source": LINE,
                            "description": MARKUP,
                            "implemented_requirements": many(
                                object_({"uuid": UUID, "control_id": TOKEN, "description": MARKUP}, props=PROPS)
                            ),
                        }
                    )
                ),
            )
        ),
    ),
    "system-security-plan": object_(
        {
            "uuid": UUID,
            "metadata": METADATA,
            "import_profile": HREF,
            "system_characteristics": object_(
                {
                    "system_ids": many(object_({"id": LINE})),
                    "system_name": LINE,
                    "description": MARKUP,
                    "system_information": object_(
                        {"information_types": many(object_({"title": LINE, "description": MARKUP}))}
                    ),
                    "status": STATUS,
                    "authorization_boundary": object_({"description": MARKUP}),
                }
            ),
            "system_implementation": object_(
                {
                    "users": many(object_({"uuid": UUID}, title=LINE, remarks=MARKUP)),
                    "components": many(
                        object_(
                            {"uuid": UUID, "type": LINE, "title": LINE, "description": MARKUP, "status": STATUS},
                            props=PROPS,
                        )
                    ),
                },
                inventory_items=many(
                    object_(
                        {"uuid": UUID, "description": MARKUP},
                        props=PROPS,
                        implemented_components=many(object_({"component_uuid": UUID})),
                    )
                ),
            ),
            "control_implementation": object_(
                {
                    "description": MARKUP,
                    "implemented_requirements": many(
                        object_(
                            {"uuid": UUID, "control_id": TOKEN},
                            props=PROPS,
                            by_components=many(BY_COMPONENT),
                            remarks=MARKUP,
                        )
                    ),
                }
            ),
        }
    ),
    "assessment-plan": object_(
        {"uuid": UUID, "metadata": METADATA, "import_ssp": HREF, "reviewed_controls": REVIEWED}
    ),
    "assessment-results": object_(
        {"uuid": UUID, "metadata": METADATA, "import_ap": HREF, "results": many(RESULT)}
    ),
}  # fmt: skip


def errors(document: dict[str, Any]) -> list[str]:
    """Return what is wrong with a document by the part of the schema that is here."""
    ((kind, body),) = document.items()
    found = StandardValidator(MODELS[kind]).iter_errors(body)
    return [f"{kind} {'.'.join(map(str, error.path))}: {error.message}" for error in found]
