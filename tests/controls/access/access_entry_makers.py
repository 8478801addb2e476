from hardened_eks.controls.access import access_entry_makers
from tests.controls.access.base import MANAGED, POLICY, ROLE, TRUST, USER, admits, document, on, with_resources
from tests.controls.cases import Bad, Case, at, both, change, template

CLUSTER = "arn:aws:eks:eu-west-1:111122223333:cluster/payments"
CLOUDFORMATION = document(admits({"Service": "cloudformation.amazonaws.com"}))
MAKES = ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy", "eks:UpdateAccessEntry",
         "eks:AssociateIdentityProviderConfig"]  # fmt: skip
ACTION = "PolicyDocument.Statement.0"

GOOD = template(
    {
        "Deployer": (MANAGED, {"PolicyDocument": document(on(CLUSTER, MAKES))}),
        "Role": (ROLE, {TRUST: CLOUDFORMATION, "ManagedPolicyArns": [{"Ref": "Deployer"}]}),
        "Other": (
            POLICY,
            {"Roles": [{"Ref": "Team"}], "PolicyDocument": document(on(CLUSTER, "eks:DescribeCluster"))},
        ),
        "Team": (ROLE, {TRUST: document(admits({"AWS": "arn:aws:iam::111122223333:role/dev"}))}),
    }
)


def team(action, **condition):
    """Give the team a right on its cluster."""
    statement = on(CLUSTER, action, **({"Condition": condition} if condition else {}))
    return change(POLICY, "PolicyDocument", document(statement))


def deployer(*statements):
    return change(ROLE, TRUST, document(*statements))


CASE = Case(
    access_entry_makers,
    GOOD,
    bad={
        **at(
            ACTION,
            {
                **{action.split(":")[1]: team(action) for action in MAKES},
                "by wildcard": team("eks:C*"),
                "by a middle": team("eks:*AccessEntry"),
                "in another case": team("EKS:createaccessentry"),
                "associates": team("eks:Associate*"),
                "the administrator's policy": team(
                    "eks:AssociateAccessPolicy",
                    StringEquals={
                        "eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
                    },
                ),
                "a policy of AWS Backup": team(
                    "eks:AssociateAccessPolicy",
                    StringEquals={
                        "eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AWSBackupFullAccessPolicyForRestore"
                    },
                ),
                "any policy of EKS": team(
                    "eks:AssociateAccessPolicy", ArnLike={"eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/*"}
                ),
                "any principal": team("eks:CreateAccessEntry", StringLike={"eks:principalArn": "*"}),
                "every policy but one": team(
                    "eks:AssociateAccessPolicy", StringNotEquals={"eks:policyArn": "arn:aws:eks::aws:x"}
                ),
                "on some days": team("eks:CreateAccessEntry", DateGreaterThan={"aws:CurrentTime": "2020-01-01"}),
                "called by another service": team(
                    "eks:CreateAccessEntry", **{"ForAnyValue:StringEquals": {"aws:CalledVia": "lambda.amazonaws.com"}}
                ),
                "a deployer that people take too": deployer(
                    admits({"Service": "cloudformation.amazonaws.com"}), admits({"AWS": "arn:aws:iam::1:role/dev"})
                ),
                "a deployer of another service": deployer(admits({"Service": "codebuild.amazonaws.com"})),
                "a deployer that nobody knows": change(ROLE, TRUST, {"Ref": "Who"}),
                "nobody has it": change(ROLE, "ManagedPolicyArns", []),
                "a user has it as well": change(MANAGED, "Users", ["ana"]),
            },
        ),
        "inline": Bad(
            both(
                change(ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": document(on(CLUSTER, MAKES[0]))}]),
                deployer(admits({"AWS": "arn:aws:iam::1:role/dev"})),
            ),
            f"Policies.0.{ACTION}",
            ACTION,
        ),
        "in the second statement": Bad(
            change(POLICY, "PolicyDocument", document(on(CLUSTER, "eks:DescribeCluster"), on(CLUSTER, MAKES[0]))),
            "PolicyDocument.Statement.1",
        ),
    },
    edge={
        "reads entries": team(["eks:DescribeAccessEntry", "eks:ListAccessEntries", "eks:DeleteAccessEntry"]),
        "a view alone": team(
            "eks:AssociateAccessPolicy",
            StringEquals={"eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"},
        ),
        "one principal": team(
            "eks:CreateAccessEntry", StringEquals={"eks:principalArn": "arn:aws:iam::111122223333:role/dev"}
        ),
        "by CloudFormation": team(
            "eks:CreateAccessEntry",
            **{"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}},
        ),
        "all of EKS, which is IA-02's": team("eks:*"),
        "denied": change(POLICY, "PolicyDocument", document({"Effect": "Deny", "Action": MAKES, "Resource": "*"})),
        "by name of the role": both(change(ROLE, "ManagedPolicyArns", []), change(MANAGED, "Roles", [{"Ref": "Role"}])),
        "hidden, which is IA-01's": change(POLICY, "PolicyDocument", {"Ref": "Hidden"}),
        "a user without rights": with_resources(lambda body: body, {"Ana": (USER, {})}),
    },
)
