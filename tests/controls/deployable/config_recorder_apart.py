from hardened_eks.controls.deployable import config_recorder_apart
from tests.controls.cases import Bad, Case, template
from tests.controls.deployable.base import depend

APART = template(
    {
        "Recorder": ("AWS::Config::ConfigurationRecorder", {"RoleARN": "arn:x"}),
        "Channel": ("AWS::Config::DeliveryChannel", {"S3BucketName": {"Ref": "Bucket"}}),
        "Bucket": ("AWS::S3::Bucket", {}),
        "Policy": ("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Bucket"}}),
    }
)


def through(body):
    """The channel waits for the recorder by way of the policy."""
    return depend("Policy", "Recorder")(depend("Channel", "Policy")(body))


CASE = Case(
    config_recorder_apart,
    APART,
    bad={
        "channel after recorder": Bad(depend("Channel", "Recorder"), "DependsOn"),
        "recorder after channel": Bad(depend("Recorder", "Channel"), "DependsOn"),
        "by way of something else": Bad(through, "DependsOn"),
    },
    edge={
        "channel after the policy": depend("Channel", "Policy"),
        "no channel": template({"Recorder": ("AWS::Config::ConfigurationRecorder", {"RoleARN": "arn:x"})}),
    },
)
