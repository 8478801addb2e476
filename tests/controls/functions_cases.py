"""Cases of the functions area."""

from hardened_eks.controls import functions as c
from tests.controls.cases import Case, both, change, drop, hide, template

FN, PERMISSION, URL, LAYER = (
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Lambda::LayerVersionPermission",
)
ROLE, MACHINE = "AWS::IAM::Role", "AWS::StepFunctions::StateMachine"
CUSTOM = {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}}}

FRAMEWORK = {
    "Framework": {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Environment": {"Variables": {"ON_EVENT": {"Fn::GetAtt": ["Function", "Arn"]}}}},
    },
    "Custom": {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Framework", "Arn"]}}},
}
"""As the CDK's provider framework: a custom resource calls one function, and that one calls the other."""
EVERY_DAY = (
    "AWS::Events::Rule",
    {"ScheduleExpression": "rate(1 day)", "Targets": [{"Arn": {"Fn::GetAtt": ["Function", "Arn"]}, "Id": "f"}]},
)


def add(**resources):
    return lambda body: {**body, "Resources": {**body["Resources"], **template(resources)["Resources"]}}


def on(action, resource="*", effect="Allow"):
    return [
        {
            "PolicyName": "p",
            "PolicyDocument": {"Statement": [{"Effect": effect, "Action": action, "Resource": resource}]},
        }
    ]


FUNCTIONS = template(
    {
        "Role": (
            ROLE,
            {
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
                "Policies": on("s3:GetObject", "arn:aws:s3:::mine/*"),
            },
        ),
        "Function": (
            FN,
            {
                "Runtime": "python3.14",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": "def handler(e, c): pass"},
                "VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"]},
                "DeadLetterConfig": {"TargetArn": "arn:x"},
                "ReservedConcurrentExecutions": 1,
                "TracingConfig": {"Mode": "Active"},
                "MemorySize": 256,
                "Timeout": 30,
                "KmsKeyArn": "arn:x",
                "Environment": {"Variables": {"SECRET_ARN": "arn:aws:secretsmanager:x", "LEVEL": "INFO"}},
            },
        ),
        "Permission": (
            PERMISSION,
            {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com", "SourceArn": "arn:x"},
        ),
        "Url": (URL, {"AuthType": "AWS_IAM"}),
        "Layer": (LAYER, {"Principal": "123456789012"}),
    }
)
MACHINES = template(
    {
        "Machine": (
            MACHINE,
            {
                "LoggingConfiguration": {
                    "Level": "ALL",
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:x"}}],
                },
                "TracingConfiguration": {"Enabled": True},
            },
        )
    }
)
VARIABLE = "Environment.Variables"

CASES = [
    Case(
        c.function_not_public,
        FUNCTIONS,
        {
            "everybody": both(change(PERMISSION, "Principal", "*"), drop(PERMISSION, "SourceArn")),
            "principal hidden": both(hide(PERMISSION, "Principal"), drop(PERMISSION, "SourceArn")),
            "buckets of any account": change(PERMISSION, "Principal", "s3.amazonaws.com"),
            "every action": change(PERMISSION, "Action", "lambda:*"),
            "open URL": change(URL, "AuthType", "NONE"),
            "URL hidden": hide(URL, "AuthType"),
            "every origin": change(URL, "Cors", {"AllowOrigins": ["*"]}),
            "layer for everybody": change(LAYER, "Principal", "*"),
        },
        {
            "organization": both(
                change(PERMISSION, "Principal", "*"),
                drop(PERMISSION, "SourceArn"),
                change(PERMISSION, "PrincipalOrgID", "o-1"),
            ),
            "bucket of this account": both(
                change(PERMISSION, "Principal", "s3.amazonaws.com"),
                change(PERMISSION, "SourceAccount", {"Ref": "AWS::AccountId"}),
            ),
            "layer for the organization": both(change(LAYER, "Principal", "*"), change(LAYER, "OrganizationId", "o-1")),
        },
    ),
    Case(
        c.runtime_supported,
        FUNCTIONS,
        {
            "deprecated": change(FN, "Runtime", "python3.8"),
            "ended this year": change(FN, "Runtime", "nodejs20.x"),
            "Go": change(FN, "Runtime", "go1.x"),
            "left out": drop(FN, "Runtime"),
            "hidden": hide(FN, "Runtime"),
            "unknown": change(FN, "Runtime", "cobol1"),
        },
        {
            "container": both(drop(FN, "Runtime"), change(FN, "PackageType", "Image")),
            "newer than the table": change(FN, "Runtime", "python3.99"),
            "custom": change(FN, "Runtime", "provided.al2023"),
            "Node": change(FN, "Runtime", "nodejs24.x"),
        },
    ),
    Case(
        c.function_in_vpc,
        FUNCTIONS,
        {
            "left out": drop(FN, "VpcConfig"),
            "empty": change(FN, "VpcConfig", {"SubnetIds": []}),
            "one subnet": change(FN, "VpcConfig", {"SubnetIds": ["subnet-1"]}),
            "one subnet of the stack": both(
                add(Subnet=("AWS::EC2::Subnet", {})), change(FN, "VpcConfig", {"SubnetIds": [{"Ref": "Subnet"}]})
            ),
        },
        {
            "subnets in a parameter": hide(FN, "VpcConfig.SubnetIds"),
            "custom resource": both(drop(FN, "VpcConfig"), add(Custom=CUSTOM)),
            "behind a custom resource": both(add(**FRAMEWORK), drop(FN, "VpcConfig")),
        },
    ),
    Case(
        c.function_failures_kept,
        FUNCTIONS,
        {
            "no dead letters": drop(FN, "DeadLetterConfig"),
            "no limit": drop(FN, "ReservedConcurrentExecutions"),
            "behind a custom resource, and every day": both(
                add(**FRAMEWORK, Rule=EVERY_DAY), drop(FN, "DeadLetterConfig")
            ),
            "a destination for success only": both(
                drop(FN, "DeadLetterConfig"),
                add(
                    Calls=(
                        "AWS::Lambda::EventInvokeConfig",
                        {
                            "FunctionName": {"Ref": "Function"},
                            "DestinationConfig": {"OnSuccess": {"Destination": "arn:x"}},
                        },
                    )
                ),
            ),
        },
        {
            "a destination": both(
                drop(FN, "DeadLetterConfig"),
                add(
                    Calls=(
                        "AWS::Lambda::EventInvokeConfig",
                        {
                            "FunctionName": {"Ref": "Function"},
                            "DestinationConfig": {"OnFailure": {"Destination": "arn:x"}},
                        },
                    )
                ),
            ),
            "custom resource": both(drop(FN, "DeadLetterConfig"), add(Custom=CUSTOM)),
            "behind a custom resource": both(add(**FRAMEWORK), drop(FN, "DeadLetterConfig")),
            "limit in a parameter": hide(FN, "ReservedConcurrentExecutions"),
            "custom resource without a limit": both(drop(FN, "ReservedConcurrentExecutions"), add(Custom=CUSTOM)),
        },
    ),
    Case(
        c.function_without_secrets,
        FUNCTIONS,
        {
            "a password": change(FN, f"{VARIABLE}.DB_PASSWORD", "hunter2"),
            "a parameter": hide(FN, f"{VARIABLE}.API_TOKEN"),
            "a dynamic reference": change(FN, f"{VARIABLE}.X", "{{resolve:secretsmanager:db:SecretString:password}}"),
            "an access key": change(FN, f"{VARIABLE}.X", "AKIA" + "A" * 16),
            "in the code": change(FN, "Code.ZipFile", "KEY = 'AKIA" + "B" * 16 + "'"),
            "no key": drop(FN, "KmsKeyArn"),
        },
        {
            "no variables": both(drop(FN, "Environment"), drop(FN, "KmsKeyArn")),
            "a secret's ARN": both(
                add(Secret=("AWS::SecretsManager::Secret", {})),
                change(FN, f"{VARIABLE}.DB_PASSWORD", {"Ref": "Secret"}),
            ),
            "a pointer": change(FN, f"{VARIABLE}.SECRET_NAME", "payments/db"),
            "a switch": change(FN, f"{VARIABLE}.USE_TOKEN", "true"),
        },
    ),
    Case(
        c.function_traced,
        FUNCTIONS,
        {
            "left out": drop(FN, "TracingConfig"),
            "passed through": change(FN, "TracingConfig.Mode", "PassThrough"),
            "hidden": hide(FN, "TracingConfig.Mode"),
            "no memory": drop(FN, "MemorySize"),
            "no timeout": drop(FN, "Timeout"),
        },
        {"memory in a parameter": hide(FN, "MemorySize")},
    ),
    Case(
        c.function_role,
        FUNCTIONS,
        {
            "shared": add(Second=(FN, {"Role": {"Fn::GetAtt": ["Role", "Arn"]}})),
            "administrator": change(
                ROLE, "ManagedPolicyArns", [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}]
            ),
            "everything": change(ROLE, "Policies", on("*")),
            "a whole service": change(ROLE, "Policies", on(["logs:PutLogEvents", "s3:*"])),
            "policy beside it": add(Policy=("AWS::IAM::Policy", {"Roles": [{"Ref": "Role"}], **on("iam:*")[0]})),
            "hidden": hide(ROLE, "Policies.0.PolicyDocument"),
        },
        {
            "a role of another stack": change(FN, "Role", "arn:aws:iam::1:role/x"),
            "a whole service on one thing": change(ROLE, "Policies", on("s3:*", "arn:aws:s3:::mine/*")),
            "reading on everything": change(ROLE, "Policies", on("ec2:Describe*")),
            "a deny": change(ROLE, "Policies", on("*", effect="Deny")),
        },
    ),
    Case(
        c.state_machine_logged,
        MACHINES,
        {
            "left out": drop(MACHINE, "LoggingConfiguration"),
            "errors only": change(MACHINE, "LoggingConfiguration.Level", "ERROR"),
            "hidden": hide(MACHINE, "LoggingConfiguration.Level"),
            "nowhere": drop(MACHINE, "LoggingConfiguration.Destinations"),
            "not traced": drop(MACHINE, "TracingConfiguration"),
        },
        {"text": change(MACHINE, "TracingConfiguration.Enabled", "true")},
    ),
]
