"""A CloudFormation hook: the catalog evaluates stacks, change sets and resources before they are created.

`function` is the code that AWS Lambda runs, without the CDK. The other modules create the hook.
"""
