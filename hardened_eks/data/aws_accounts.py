"""AWS accounts that policies name.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html, read through
`aws_cdk.region_info`. Newer Regions have a service principal instead.
https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html, read on 2026-11-29.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LOG_DELIVERY_OF_REGION: Final[Mapping[str, str]] = {
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
    "us-iso-east-1": "770363063475",
    "us-iso-west-1": "121062877647",
    "us-isob-east-1": "740734521339",
    "us-isof-east-1": "091100254016",
    "us-isof-south-1": "412137745753",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}
"""Region -> account from which Elastic Load Balancing writes access logs. Other Regions have only the principal.

Every Region has the principal `LOG_DELIVERY_SERVICE`, which AWS recommends. Classic Load Balancers of these Regions
write from the account.
"""
LOG_DELIVERY: Final = frozenset(LOG_DELIVERY_OF_REGION.values())
"""Accounts from which Elastic Load Balancing writes access logs."""
LOG_DELIVERY_SERVICE: Final = "logdelivery.elasticloadbalancing.amazonaws.com"
"""The service principal that writes access logs of Application Load Balancers, in every Region."""
NETWORK_LOG_DELIVERY_SERVICE: Final = "delivery.logs.amazonaws.com"
"""The service principal that writes access logs of Network Load Balancers, in every Region.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html, read on 2026-11-29.
"""
EKS_IMAGES: Final = frozenset(
    {
        "602401143452",  # most Regions
        "877085696533",  # af-south-1
        "800184023465",  # ap-east-1
        "533267051163",  # ap-east-2
        "900889452093",  # ap-south-2
        "296578399912",  # ap-southeast-3
        "491585149902",  # ap-southeast-4
        "151610086707",  # ap-southeast-5
        "333609536671",  # ap-southeast-6
        "121268973566",  # ap-southeast-7
        "761377655185",  # ca-west-1
        "918309763551",  # cn-north-1
        "961992271922",  # cn-northwest-1
        "900612956339",  # eu-central-2
        "590381155156",  # eu-south-1
        "455263428931",  # eu-south-2
        "877088126301",  # eusc-de-east-1
        "066635153087",  # il-central-1
        "759879836304",  # me-central-1
        "558608220178",  # me-south-1
        "730335286997",  # mx-central-1
        "151742754352",  # us-gov-east-1
        "013241004608",  # us-gov-west-1
    }
)
"""Accounts whose registries contain the images of EKS add-ons."""
