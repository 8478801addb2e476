"""Monitoring and backup of the whole account: trails, detectors, recorders, analyzers and backups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.shape import document, own_tags, pascal, pick, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker


def trails(asker: Asker) -> Iterator[Found]:
    """Yield the trails that record the Region, including those of other Regions and the organization."""
    for entry in asker.pages("cloudtrail:DescribeTrails", "trailList", includeShadowTrails=True):
        arn = entry["TrailARN"]
        properties: dict[str, Any] = {
            "TrailName": entry["Name"], "Arn": arn,
            **pick(entry, "S3BucketName", "S3KeyPrefix", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn"),
            "IncludeGlobalServiceEvents": bool(entry.get("IncludeGlobalServiceEvents")),
            "IsMultiRegionTrail": bool(entry.get("IsMultiRegionTrail")),
            "IsOrganizationTrail": bool(entry.get("IsOrganizationTrail")),
            "EnableLogFileValidation": bool(entry.get("LogFileValidationEnabled")),
        }  # fmt: skip
        properties |= {"KMSKeyId": entry["KmsKeyId"]} if entry.get("KmsKeyId") else {}
        topic = entry.get("SnsTopicARN", entry.get("SnsTopicName"))
        properties |= {"SnsTopicName": topic} if topic else {}
        properties["IsLogging"] = asker.value("cloudtrail:GetTrailStatus", "IsLogging", default=False, Name=arn)
        told = asker.ask("cloudtrail:GetEventSelectors", TrailName=arn)
        if isinstance(told, Refusal):
            properties["AdvancedEventSelectors"] = mark(told)
        elif told:
            properties |= pick(told, "EventSelectors", "AdvancedEventSelectors")
        lists = asker.whole("cloudtrail:ListTags", "ResourceTagList", ResourceIdList=[arn])
        tags = lists[0].get("TagsList", ()) if isinstance(lists, list) and lists else lists
        yield Found("AWS::CloudTrail::Trail", entry["Name"], with_tags(properties, tags), arn, tag_map(tags))


def guardduty(asker: Asker) -> Iterator[Found]:
    """Yield GuardDuty's detector and its features."""
    for id_ in asker.pages("guardduty:ListDetectors", "DetectorIds"):
        entry = asker.ask("guardduty:GetDetector", DetectorId=id_)
        if not entry:
            yield from (
                [Found("AWS::GuardDuty::Detector", id_, {"Id": id_, "Enable": mark(entry), "Features": mark(entry)})]
                if isinstance(entry, Refusal)
                else []
            )
            continue
        features = [
            {"Name": one["Name"], "Status": one["Status"],
             **({"AdditionalConfiguration": [pick(more, "Name", "Status") for more in one["AdditionalConfiguration"]]}
                if one.get("AdditionalConfiguration") else {})}
            for one in entry.get("Features", ())
        ]  # fmt: skip
        properties = {"Id": id_, "Enable": entry.get("Status") == "ENABLED", "Features": features,
                      **pick(entry, "FindingPublishingFrequency")}  # fmt: skip
        arn = f"arn:{asker.partition}:guardduty:{asker.region}:{asker.account}:detector/{id_}"
        tags = own_tags(entry.get("Tags"))
        properties |= {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
        yield Found("AWS::GuardDuty::Detector", id_, properties, arn, tag_map(entry.get("Tags")))


def security_hub(asker: Asker) -> Iterator[Found]:
    """Yield Security Hub if the Region has it; a failed call may mean that it is not enabled."""
    told = asker.ask("securityhub:DescribeHub")
    if isinstance(told, Refusal) and told.code == "InvalidAccessException":
        asker.refusals.remove(told)  # the response if Security Hub is not enabled
    elif told:
        standards = asker.whole("securityhub:GetEnabledStandards", "StandardsSubscriptions")
        # No call shows the standards that were enabled by default; the current standards are listed.
        properties = {"ARN": told["HubArn"], "AutoEnableControls": bool(told.get("AutoEnableControls")),
                      "EnableDefaultStandards": standards if isinstance(standards, dict) else False}  # fmt: skip
        for one in standards if isinstance(standards, list) else ():
            if one.get("StandardsStatus") not in {"DELETING", "FAILED"}:
                yield Found("AWS::SecurityHub::Standard", one["StandardsSubscriptionArn"],
                            {"StandardsArn": one["StandardsArn"]}, one["StandardsSubscriptionArn"])  # fmt: skip
        yield Found("AWS::SecurityHub::Hub", told["HubArn"], properties, told["HubArn"])


def config(asker: Asker) -> Iterator[Found]:
    """Yield the AWS Config recorders, and the rules about EKS."""
    recording = {one["name"]: one.get("recording") for one in
                 asker.pages("config:DescribeConfigurationRecorderStatus", "ConfigurationRecordersStatus")}  # fmt: skip
    for entry in asker.pages("config:DescribeConfigurationRecorders", "ConfigurationRecorders"):
        if recording.get(entry["name"]) is False:
            continue  # a stopped recorder records nothing
        group = pascal(plain(entry.get("recordingGroup", {})))
        properties = {"Name": entry["name"], "RoleARN": entry.get("roleARN", ""), "RecordingGroup": group}
        mode = pascal(plain(entry.get("recordingMode", {})))
        properties |= {"RecordingMode": mode} if mode else {}
        yield Found("AWS::Config::ConfigurationRecorder", entry["name"], properties, entry.get("arn", ""))
    for entry in asker.pages("config:DescribeConfigurationAggregators", "ConfigurationAggregators"):
        told = plain(entry)
        sources = [{"AccountIds": one.get("AccountIds", []), "AllAwsRegions": bool(one.get("AllAwsRegions")),
                    **pick(one, "AwsRegions")} for one in told.get("AccountAggregationSources", ())]  # fmt: skip
        properties = {"ConfigurationAggregatorName": told["ConfigurationAggregatorName"]}
        properties |= {"AccountAggregationSources": sources} if sources else {}
        of_all = told.get("OrganizationAggregationSource")
        properties |= {"OrganizationAggregationSource": of_all} if of_all else {}
        arn = told.get("ConfigurationAggregatorArn", "")
        yield Found("AWS::Config::ConfigurationAggregator", told["ConfigurationAggregatorName"], properties, arn)
    for entry in asker.pages("config:DescribeDeliveryChannels", "DeliveryChannels"):
        properties = {"Name": entry["name"], **pascal(pick(entry, "s3BucketName", "s3KmsKeyArn", "snsTopicARN"))}
        yield Found("AWS::Config::DeliveryChannel", entry["name"], properties)
    for entry in asker.pages("config:DescribeConfigRules", "ConfigRules"):
        properties = pick(entry, "ConfigRuleName", "Description", "Source", "Scope", "InputParameters")
        yield Found("AWS::Config::ConfigRule", entry["ConfigRuleName"], properties, entry.get("ConfigRuleArn", ""))


def analyzers(asker: Asker) -> Iterator[Found]:
    """Yield the active access analyzers."""
    for entry in asker.pages("accessanalyzer:ListAnalyzers", "analyzers"):
        if entry.get("status", "ACTIVE") == "ACTIVE":
            properties = {"AnalyzerName": entry["name"], "Type": entry["type"], "Arn": entry["arn"]}
            yield Found("AWS::AccessAnalyzer::Analyzer", entry["arn"], with_tags(properties, entry.get("tags")),
                        entry["arn"], tag_map(entry.get("tags")))  # fmt: skip


def backups(asker: Asker) -> Iterator[Found]:
    """Yield backup plans with their selections, and the vaults for recovery points."""
    for one in asker.pages("backup:ListBackupPlans", "BackupPlansList"):
        id_ = one["BackupPlanId"]
        told = asker.ask("backup:GetBackupPlan", BackupPlanId=id_)
        if not told:
            continue
        plan = plain(told["BackupPlan"])
        rules = [{("TargetBackupVault" if key == "TargetBackupVaultName" else key): value for key, value in rule.items()
                  if key != "RuleId"} for rule in plan.get("Rules", ())]  # fmt: skip
        body = {"BackupPlanName": plan["BackupPlanName"], "BackupPlanRule": rules,
                **pick(plan, "AdvancedBackupSettings")}  # fmt: skip
        tags = asker.value("backup:ListTags", "Tags", {}, ResourceArn=one["BackupPlanArn"])
        own = own_tags(tags)
        yield Found("AWS::Backup::BackupPlan", id_,
                    {"BackupPlanId": id_, "BackupPlanArn": one["BackupPlanArn"], "BackupPlan": body,
                     **({"BackupPlanTags": own} if own else {})}, one["BackupPlanArn"], tag_map(tags))  # fmt: skip
        for chosen in asker.pages("backup:ListBackupSelections", "BackupSelectionsList", BackupPlanId=id_):
            told = asker.ask("backup:GetBackupSelection", BackupPlanId=id_, SelectionId=chosen["SelectionId"])
            if told:
                selection = {"BackupPlanId": id_, "SelectionId": chosen["SelectionId"],
                             "BackupSelection": plain(told["BackupSelection"])}  # fmt: skip
                yield Found("AWS::Backup::BackupSelection", f"{id_}_{chosen['SelectionId']}", selection)


def vaults(asker: Asker) -> Iterator[Found]:
    """Yield the vaults of AWS Backup."""
    for entry in asker.pages("backup:ListBackupVaults", "BackupVaultList"):
        name, arn = entry["BackupVaultName"], entry["BackupVaultArn"]
        properties: dict[str, Any] = {"BackupVaultName": name, "BackupVaultArn": arn}
        gapped = entry.get("VaultType") == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
        properties |= {"EncryptionKeyArn": entry["EncryptionKeyArn"]} if entry.get("EncryptionKeyArn") else {}
        least, most = entry.get("MinRetentionDays"), entry.get("MaxRetentionDays")
        if entry.get("Locked") and not gapped:
            lock = {"MinRetentionDays": least, "MaxRetentionDays": most}
            lock |= {"ChangeableForDays": 3} if entry.get("LockDate") else {}
            properties["LockConfiguration"] = {key: value for key, value in lock.items() if value}
        policy = asker.value("backup:GetBackupVaultAccessPolicy", "Policy", BackupVaultName=name)
        properties |= {"AccessPolicy": document(policy)} if policy else {}
        tags = asker.value("backup:ListTags", "Tags", {}, ResourceArn=arn)
        own = own_tags(tags)
        properties |= {"BackupVaultTags": own} if own else {}
        type_ = "AWS::Backup::LogicallyAirGappedBackupVault" if gapped else "AWS::Backup::BackupVault"
        yield Found(type_, name, properties, arn, tag_map(tags))
