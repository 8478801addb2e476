"""The function of AWS Config rules, which evaluates live clusters with the controls of the catalog.

`hardened_eks.governance.ClusterRules` deploys it with the few modules that it imports, without the CDK. AWS Config
calls `hardened_eks.config_rules.handler.handler` once a day for each rule of `hardened_eks.data.cluster_rules`.
"""
