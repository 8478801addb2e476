"""A running account as evidence: the resources of each cluster and the monitoring of the account, read with AWS APIs.

Each service has one module. `reading.read` reads one Region of an account, and `hardened_eks.sources.saved` stores the
result in a file. This package uses botocore; only the `data` commands of the command line import boto3.
"""
