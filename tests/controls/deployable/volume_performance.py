from hardened_eks.controls.deployable import volume_performance
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template

LT = "AWS::EC2::LaunchTemplate"
EBS = "LaunchTemplateData.BlockDeviceMappings.0.Ebs"
DISK = {"VolumeType": "gp3", "VolumeSize": 50, "Iops": 4000, "Throughput": 500}
DISKS = template(
    {"Template": (LT, {"LaunchTemplateData": {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": DISK}]}})}
)


def disk(**settings):
    return change(LT, EBS, settings)


CASE = Case(
    volume_performance,
    DISKS,
    bad={
        **at(
            f"{EBS}.Throughput",
            {
                "too much": disk(VolumeType="gp3", Iops=16000, VolumeSize=500, Throughput=2001),
                "too little": change(LT, f"{EBS}.Throughput", 100),
                "too much for the IOPS": change(LT, f"{EBS}.Throughput", 1001),
                "too much for the IOPS of the type": both(
                    drop(LT, f"{EBS}.Iops"), change(LT, f"{EBS}.Throughput", 1000)
                ),
                "another type": disk(VolumeType="gp2", Throughput=250),
                "text": change(LT, f"{EBS}.Throughput", "100"),
            },
        ),
        **at(
            f"{EBS}.Iops",
            {
                "too few IOPS": disk(VolumeType="gp3", Iops=1000),
                "too many IOPS": disk(VolumeType="gp3", VolumeSize=16000, Iops=80001),
                "too many for the size": disk(VolumeType="gp3", VolumeSize=10, Iops=6000),
                "IOPS for gp2": disk(VolumeType="gp2", Iops=3000),
                "io2 without IOPS": disk(VolumeType="io2", VolumeSize=100),
            },
        ),
        "volume": Bad(
            template({"Volume": ("AWS::EC2::Volume", {"Size": 10, "AvailabilityZone": "a", "Throughput": 200})}),
            "Throughput",
        ),
        "instance": Bad(
            template(
                {
                    "Host": (
                        "AWS::EC2::Instance",
                        {"BlockDeviceMappings": [{"Ebs": {"VolumeType": "gp3", "Throughput": 5000, "Iops": 20000}}]},
                    )
                }
            ),
            "BlockDeviceMappings.0.Ebs.Throughput",
        ),
    },
    edge={
        "nothing said": disk(VolumeSize=20),
        "the image's type": disk(Throughput=250),
        "smallest": disk(VolumeType="gp3", VolumeSize=4, Iops=3000, Throughput=125),
        "largest of the type's IOPS": disk(VolumeType="gp3", VolumeSize=20, Throughput=750),
        "hidden": both(hide(LT, f"{EBS}.Throughput"), hide(LT, f"{EBS}.Iops")),
        "hidden IOPS": both(hide(LT, f"{EBS}.Iops"), change(LT, f"{EBS}.Throughput", 2000)),
        "hidden type": hide(LT, f"{EBS}.VolumeType"),
        "io2": disk(VolumeType="io2", VolumeSize=100, Iops=10000),
    },
)
