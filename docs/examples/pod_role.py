"""A pod that reads a bucket, without a secret and without the node's permissions."""

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")

invoices = s3.Bucket.from_bucket_name(stack, "Invoices", "payments-invoices")
reader = hardened.PodRole(stack, "Reader", cluster=cluster, namespace="billing", service_account="reader")
invoices.grant_read(reader)

app.synth()
