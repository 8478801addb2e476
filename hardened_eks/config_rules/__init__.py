"""A door to the catalog for AWS Config: a function that evaluates live clusters, rule by rule.

`hardened_eks.governance.ClusterRules` deploys it with the few modules that it imports, and without the CDK. AWS Config
calls `hardened_eks.config_rules.handler.handler` once a day for each rule of `hardened_eks.data.cluster_rules`; the
controls of the catalog evaluate, as everywhere.
"""
