"""The tools stack of CDK Pipelines, as the CDK makes it, belongs to no cluster."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_codecommit as codecommit
from aws_cdk import aws_s3 as s3
from aws_cdk import pipelines

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load


def test_the_tools_stack_is_not_examined(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    tools = cdk.Stack(app, "Tools")
    repository = codecommit.Repository(tools, "Repository", repository_name="app")
    source = pipelines.CodePipelineSource.code_commit(repository, "main")
    pipeline = pipelines.CodePipeline(
        tools, "Pipeline", synth=pipelines.ShellStep("Synth", input=source, commands=["npx cdk synth"])
    )
    stage = cdk.Stage(app, "Prod")
    s3.Bucket(cdk.Stack(stage, "Data"), "Bucket")
    pipeline.add_stage(stage)
    app.synth()
    assembly = load([tmp_path]).assembly
    assert len(evaluate(assembly, CATALOGUE).findings) > 10
    outcome = evaluate(assembly, CATALOGUE, scope="eks")
    assert (outcome.verdict, outcome.findings, outcome.resources) == ("nothing examined", (), 0)
    assert outcome.outside > 10
