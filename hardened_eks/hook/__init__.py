"""A CloudFormation hook: the catalog evaluates stacks, change sets and resources before they are created.

`function` is what AWS Lambda runs, a door to the catalog like the command line, without the CDK; the other modules
create it.
"""
