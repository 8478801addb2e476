import base64

from hardened_eks.controls.nodes import bottlerocket_closed
from tests.controls.cases import Case, at, both, change, drop
from tests.controls.nodes.base import DATA, GOOD, LT, chosen

ADMIN = "[settings.host-containers.admin]\nenabled = {}\n"


def user_data(value):
    return change(LT, f"{DATA}.UserData", value)


def encoded(text):
    return user_data(base64.b64encode(text.encode()).decode())


CASE = Case(
    bottlerocket_closed,
    GOOD,
    bad=at(
        f"{DATA}.UserData",
        {
            "admin container on": encoded(ADMIN.format("true")),
            "admin container in one line": encoded("settings.host-containers.admin.enabled = true\n"),
            "admin container in a table": encoded("[settings]\nhost-containers = {admin = {enabled = true}}\n"),
            "admin container on by a parameter": user_data({"Fn::Base64": {"Fn::Sub": ADMIN.format("${On}")}}),
            "superpowered container": encoded('[settings.host-containers.mine]\nsuperpowered = true\nsource = "x"\n'),
            "bootstrap container": encoded('[settings.bootstrap-containers.mine]\nsource = "x"\nmode = "once"\n'),
            "no lockdown": encoded('[settings.kernel]\nlockdown = "none"\n'),
            "both beside good settings": both(encoded('[settings.kernel]\nlockdown = "none"\n' + ADMIN.format("true"))),
            "encoded by CloudFormation": user_data({"Fn::Base64": ADMIN.format("true")}),
            "in one case": user_data({"Fn::Base64": chosen(ADMIN.format("true"), ADMIN.format("false"))}),
            "beside a parameter": user_data(
                {"Fn::Base64": {"Fn::Sub": "[settings.kubernetes]\nmax-pods = ${Pods}\n" + ADMIN.format("true")}}
            ),
            "beside a parameter in a string": user_data(
                {"Fn::Base64": {"Fn::Sub": '[settings.kubernetes]\ncluster-name = "${Name}"\n' + ADMIN.format("true")}}
            ),
        },
    ),
    edge={
        "bootstrap container that is off": encoded(
            '[settings.bootstrap-containers.mine]\nsource = "x"\nmode = "off"\n'
        ),
        "all off": encoded(ADMIN.format("false") + '[settings.kernel]\nlockdown = "confidentiality"\n'),
        "superpowered and off": encoded("[settings.host-containers.mine]\nsuperpowered = true\nenabled = false\n"),
        "the control container": encoded("[settings.host-containers.control]\nenabled = true\n"),
        "another image's": encoded("#!/bin/bash\necho hello\n"),
        "none": drop(LT, f"{DATA}.UserData"),
    },
)
