from hardened_eks.controls.deployable import log_key_admits_logs
from tests.controls.cases import Case, at, both, change, drop
from tests.controls.deployable.base import KEYED


def encrypts(what):
    arn = {"Fn::Sub": f"arn:aws:logs:${{AWS::Region}}:${{AWS::AccountId}}:{what}"} if what != "*" else "*"
    return {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}}


CASE = Case(
    log_key_admits_logs,
    KEYED,
    bad=at(
        "KmsKeyId",
        {
            "no statement": change(
                "AWS::KMS::Key", "KeyPolicy.Statement.1.Principal", {"Service": "sns.amazonaws.com"}
            ),
            "denied": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Effect", "Deny"),
            "a name that only starts alike": change(
                "AWS::KMS::Key", "KeyPolicy.Statement.1.Principal", {"Service": "logs.amazonaws.com.example.org"}
            ),
            "no policy": drop("AWS::KMS::Key", "KeyPolicy"),
            "decrypt only": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Action", "kms:Decrypt"),
            "other group": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("log-group:/b")),
            "by alias": both(
                change("AWS::KMS::Key", "KeyPolicy.Statement.1.Effect", "Deny"),
                lambda body: {
                    "Resources": {
                        **body["Resources"],
                        "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"TargetKeyId": {"Ref": "Key"}}},
                        "Logs": {
                            "Type": "AWS::Logs::LogGroup",
                            "Properties": {
                                "KmsKeyId": {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${Alias}"}
                            },
                        },
                    }
                },
            ),
        },
    ),
    edge={
        "foreign key": change("AWS::Logs::LogGroup", "KmsKeyId", "arn:aws:kms:eu-west-1:123456789012:key/1"),
        "this group": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("log-group:/a")),
        "groups that begin alike": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("log-group:/*")),
        "every group": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("*")),
        "list": change(
            "AWS::KMS::Key", "KeyPolicy.Statement.1.Principal", {"Service": ["logs.eu-west-1.amazonaws.com"]}
        ),
        "region known, suffix not": change(
            "AWS::KMS::Key",
            "KeyPolicy.Statement.1.Principal",
            {"Service": {"Fn::Sub": "logs.eu-west-1.${AWS::URLSuffix}"}},
        ),
    },
)
