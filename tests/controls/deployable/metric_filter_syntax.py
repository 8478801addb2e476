from hardened_eks.controls.deployable import metric_filter_syntax
from tests.controls.cases import Bad, Case, at, both, change, template

FILTER = "AWS::Logs::MetricFilter"
BY_USER = [{"Key": "User", "Value": "$.user.username"}]
DEFAULT, DIMENSIONS = "MetricTransformations.0.DefaultValue", "MetricTransformations.0.Dimensions"


def transformation(**settings):
    return change(FILTER, "MetricTransformations", [{"MetricName": "a", "MetricNamespace": "b", **settings}])


CASE = Case(
    metric_filter_syntax,
    template(
        {
            "F": (
                "AWS::Logs::MetricFilter",
                {"FilterPattern": "{ ($.responseStatus.code = 401) || ($.responseStatus.code = 403) }"},
            )
        }
    ),
    bad={
        **at(
            "FilterPattern",
            {
                "brace": change("AWS::Logs::MetricFilter", "FilterPattern", "{ $.a = 1"),
                "parenthesis": change("AWS::Logs::MetricFilter", "FilterPattern", "{ ($.a = 1 }"),
                "quote": change("AWS::Logs::MetricFilter", "FilterPattern", '{ $.a = "x }'),
                "no braces": change("AWS::Logs::MetricFilter", "FilterPattern", "$.a = 1"),
                "double equals": change("AWS::Logs::MetricFilter", "FilterPattern", "{ $.a == 1 }"),
                "single and": change("AWS::Logs::MetricFilter", "FilterPattern", "{ $.a = 1 & $.b = 2 }"),
                "no selector": change("AWS::Logs::MetricFilter", "FilterPattern", "{ code = 401 }"),
                **{
                    pattern: change("AWS::Logs::MetricFilter", "FilterPattern", pattern)
                    for pattern in (
                        "{ $.a = }",
                        "{ $.a }",
                        "{ $.a = 1 && }",
                        "{ $.a = 1 AND $.b = 2 }",
                        "{ $.a =~ x }",
                        "{ $.a = foo bar }",
                        "{ $.a = 'x' }",
                        "{ )$.a = 1( }",
                        "{ $.a NOTEXISTS }",
                        "{ code = 401 && $.a = 2 }",
                        "{ }",
                        "{ $.user.username = system:*:admin }",
                        '{ $.a = 1 && $.errorCode != "*Un*authorized*" }',
                    )
                },
                "behind a Sub": change(
                    "AWS::Logs::MetricFilter", "FilterPattern", {"Fn::Sub": '{ $.account = "${AWS::AccountId}"'}
                ),
            },
        ),
        "dimensions and a default": Bad(transformation(Dimensions=BY_USER, DefaultValue=0), DEFAULT),
        "dimensions of words": Bad(
            both(transformation(Dimensions=BY_USER), change(FILTER, "FilterPattern", "?ERROR ?WARN")), DIMENSIONS
        ),
        "dimensions of everything": Bad(
            both(transformation(Dimensions=BY_USER), change(FILTER, "FilterPattern", "")), DIMENSIONS
        ),
    },
    edge={
        "dimensions of JSON": transformation(Dimensions=BY_USER),
        "dimensions of fields": both(
            transformation(Dimensions=[{"Key": "User", "Value": "$user"}]),
            change(FILTER, "FilterPattern", "[ip, user, status=4*]"),
        ),
        "a default without dimensions": transformation(DefaultValue=0),
        "dimensions without a default": transformation(Dimensions=BY_USER, DefaultValue={"Ref": "AWS::NoValue"}),
        "dimensions of a parameter": both(
            transformation(Dimensions=BY_USER), change(FILTER, "FilterPattern", {"Ref": "P"})
        ),
        "text": change("AWS::Logs::MetricFilter", "FilterPattern", "ERROR -timeout"),
        "brace in quotes": change("AWS::Logs::MetricFilter", "FilterPattern", '{ $.a = "}" }'),
        "fields": change("AWS::Logs::MetricFilter", "FilterPattern", "[ip, user, status=4*]"),
        "behind a Sub": change(
            "AWS::Logs::MetricFilter", "FilterPattern", {"Fn::Sub": '{ $.account = "${AWS::AccountId}" }'}
        ),
        "a parameter": change("AWS::Logs::MetricFilter", "FilterPattern", {"Ref": "P"}),
        **{
            pattern: change("AWS::Logs::MetricFilter", "FilterPattern", pattern)
            for pattern in (
                '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
                '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
                "{ (($.a = 1) || ($.b.items[0].c >= 2.5)) && $.d IS TRUE }",
                '{ $.errorCode = "*Unauthorized*" || $.x = Access* }',
                "{ $.source = kms.amazonaws.com }",
                "{ $.a = %4[0-9]{2}% }",
                "{ $.ip = 10.* }",
                "{ $.ip != 10.*.*.* }",
                '{ $.a = "*" }',
                "{ $.a = %4*x% && $.b = *middle* }",
            )
        },
    },
)
