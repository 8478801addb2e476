"""The files of a trail as a table of Athena, for SQL queries of past years.

Partitions are projected from the paths, so no crawler runs and no partition has to be added.

Source: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_athena as athena

from hardened_eks import _aws, _owner
from hardened_eks._l1 import create

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

_SESSION: Final = (
    "struct<attributes:struct<mfaauthenticated:string,creationdate:string>,"
    "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,"
    "ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>"
)
_IDENTITY: Final = (
    "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,"
    f"username:string,onbehalfof:struct<userid:string,identitystorearn:string>,sessioncontext:{_SESSION}>"
)
COLUMNS: Final = {
    "eventversion": "string",
    "useridentity": _IDENTITY,
    "eventtime": "string",
    "eventsource": "string",
    "eventname": "string",
    "awsregion": "string",
    "sourceipaddress": "string",
    "useragent": "string",
    "errorcode": "string",
    "errormessage": "string",
    "requestparameters": "string",
    "responseelements": "string",
    "additionaleventdata": "string",
    "requestid": "string",
    "eventid": "string",
    "readonly": "string",
    "resources": "array<struct<arn:string,accountid:string,type:string>>",
    "eventtype": "string",
    "apiversion": "string",
    "recipientaccountid": "string",
    "serviceeventdetails": "string",
    "sharedeventid": "string",
    "vpcendpointid": "string",
    "eventcategory": "string",
    "tlsdetails": "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>",
}
"""The fields of a record, with Athena's types."""
TABLE: Final = "cloudtrail"


def add_table(
    scope: Construct, *, name: str, bucket_name: str, accounts: Sequence[str], organization_id: str | None, key_arn: str
) -> None:
    """Create database, table and workgroup.

    Args:
        scope: the parent construct.
        name: name of the database. The workgroup is named after the stack.
        bucket_name: name of the bucket.
        accounts: IDs of the trails' accounts. For an organization, queries name the account (``WHERE account = ...``).
        organization_id: ID of the organization whose accounts write. None: only those of `accounts`.
        key_arn: ARN of the key that encrypts the results.
    """
    # Both are raw resources: aws_glue would be the largest module of an app after aws_ec2, and cdk-nag has no rule for
    # them.
    database = create(
        cdk.CfnResource,
        scope,
        "Database",
        type="AWS::Glue::Database",
        properties={
            "CatalogId": _aws.account(),
            "DatabaseInput": {"Description": "Files of trails", "Name": name},
        },
    )
    root = f"s3://{bucket_name}/AWSLogs/" + (f"{organization_id}/" if organization_id else "")
    create(
        cdk.CfnResource,
        scope,
        "Table",
        type="AWS::Glue::Table",
        properties={
            "CatalogId": _aws.account(),
            "DatabaseName": database.ref,
            "TableInput": {
                "Description": "What was done in the account, by day; name account, region and day in each query",
                "Name": TABLE,
                "Parameters": _projection(root, accounts, whole=organization_id is not None),
                "PartitionKeys": [{"Name": name, "Type": "string"} for name in ("account", "region", "day")],
                "StorageDescriptor": {
                    "Columns": [{"Name": name, "Type": type_} for name, type_ in COLUMNS.items()],
                    "InputFormat": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
                    "Location": root,
                    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                    "SerdeInfo": {"SerializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"},
                },
                "TableType": "EXTERNAL_TABLE",
            },
        },
    )
    create(
        athena.CfnWorkGroup,
        scope,
        "WorkGroup",
        name=_workgroup_name(),
        description="Queries of the files of trails; results are kept by Athena, encrypted, for a day",
        work_group_configuration={
            "enforceWorkGroupConfiguration": True,
            "publishCloudWatchMetricsEnabled": True,
            "managedQueryResultsConfiguration": {"enabled": True, "encryptionConfiguration": {"kmsKey": key_arn}},
        },
        recursive_delete_option=True,
    )


def workgroup_statement() -> dict[str, Any]:
    """Return the statement of a key's policy that lets Athena encrypt results with it.

    Source: https://docs.aws.amazon.com/athena/latest/ug/managed-results.html
    """
    arn = _aws.arn("athena", f"workgroup/{_workgroup_name()}")
    return {
        "Sid": "Results",
        "Principal": {"Service": "encryption.athena.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {
            "ArnLike": {"kms:EncryptionContext:aws:athena:arn": arn, "aws:SourceArn": arn},
            "StringEquals": {"aws:SourceAccount": _aws.account()},
        },
    }


def _workgroup_name() -> str:
    return f"{_owner.stack_name()}-trail"


def _projection(root: str, accounts: Sequence[str], *, whole: bool) -> dict[str, str]:
    account = {"projection.account.type": "injected"} if whole else {
        "projection.account.type": "enum",
        "projection.account.values": ",".join(accounts),
    }  # fmt: skip
    return {
        "projection.enabled": "true",
        **account,
        "projection.region.type": "injected",
        "projection.day.type": "date",
        "projection.day.format": "yyyy/MM/dd",
        "projection.day.range": "2026/01/01,NOW",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
        "storage.location.template": root + "${account}/CloudTrail/${region}/${day}",
    }
