"""A CloudFormation hook: the catalogue judges stacks, change sets and resources before they are created.

`function` is what AWS Lambda runs, a door to the catalogue like the command line, without the CDK; the other modules
create it.
"""
