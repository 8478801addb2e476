import base64

from hardened_eks.controls.nodes import kubelet_guarded
from tests.controls.cases import Case, at, change, drop
from tests.controls.nodes.base import DATA, GOOD, LT, chosen

FLAGS = "#!/bin/bash\n/etc/eks/bootstrap.sh prod --kubelet-extra-args '{}'\n"
NODE_CONFIG = """MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    config:
{}
--//--
"""


def user_data(value):
    return change(LT, f"{DATA}.UserData", value)


def encoded(text):
    return user_data(base64.b64encode(text.encode()).decode())


def config(*lines):
    return encoded(NODE_CONFIG.format("\n".join(f"      {line}" for line in lines)))


CASE = Case(
    kubelet_guarded,
    GOOD,
    bad=at(
        f"{DATA}.UserData",
        {
            "any kernel settings": config("protectKernelDefaults: false"),
            "any kernel settings by flag": encoded(FLAGS.format("--protect-kernel-defaults=false")),
            "anonymous by flag": encoded(FLAGS.format("--anonymous-auth=true")),
            "anonymous by a bare flag": encoded(FLAGS.format("--anonymous-auth")),
            "anonymous by two words": encoded(FLAGS.format("--v=2 --anonymous-auth true")),
            "anonymous by configuration": config("authentication:", "  anonymous:", "    enabled: true"),
            "anonymous in JSON": encoded('{"authentication": {"anonymous": {"enabled": true}}}'),
            "anonymous in one line": config("authentication: {anonymous: {enabled: true}}"),
            "all allowed by flag": encoded(FLAGS.format("--authorization-mode=AlwaysAllow")),
            "all allowed beside another": encoded(FLAGS.format("--authorization-mode Webhook,AlwaysAllow")),
            "all allowed by configuration": config("authorization:", "  mode: AlwaysAllow"),
            "read-only port by flag": encoded(FLAGS.format("--read-only-port=10255")),
            "read-only port by configuration": config("readOnlyPort: 10255"),
            "read-only port in JSON": encoded('{"readOnlyPort":10255}'),
            "encoded by CloudFormation": user_data({"Fn::Base64": FLAGS.format("--anonymous-auth=true")}),
            "substituted": user_data({"Fn::Base64": {"Fn::Sub": FLAGS.format("--anonymous-auth=true") + "${Name}"}}),
            "in one case": user_data({"Fn::Base64": chosen(FLAGS.format("--read-only-port=1"), "#!/bin/sh")}),
            "not encoded": user_data(FLAGS.format("--anonymous-auth=true")),
        },
    ),
    edge={
        "off by flag": encoded(FLAGS.format("--anonymous-auth=false --authorization-mode=Webhook --read-only-port=0")),
        "off by configuration": config(
            "authentication:",
            "  anonymous:",
            "    enabled: false",
            "authorization:",
            "  mode: Webhook",
            "readOnlyPort: 0",
        ),
        "another thing enabled": config("authentication:", "  webhook:", "    enabled: true"),
        "a comment": encoded("#!/bin/bash\n# never --anonymous-auth=true\necho hello\n"),
        "none": drop(LT, f"{DATA}.UserData"),
    },
)
