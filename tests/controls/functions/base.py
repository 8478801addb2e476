"""What the cases of the functions area are made of."""

from tests.controls.cases import template

FN = "AWS::Lambda::Function"
PERMISSION = "AWS::Lambda::Permission"
URL = "AWS::Lambda::Url"
LAYER = "AWS::Lambda::LayerVersionPermission"
ROLE = "AWS::IAM::Role"
CUSTOM = {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}}}

HOOK = {
    "Type": "AWS::CloudFormation::LambdaHook",
    "Properties": {"LambdaFunction": {"Fn::GetAtt": ["Function", "Arn"]}, "Alias": "Acme::Eks::Hook"},
}
FRAMEWORK = {
    "Framework": {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Environment": {"Variables": {"ON_EVENT": {"Fn::GetAtt": ["Function", "Arn"]}}}},
    },
    "Custom": {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Framework", "Arn"]}}},
}
"""As the CDK's provider framework: a custom resource calls one function, and that one calls the other."""


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
