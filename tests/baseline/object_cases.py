"""Services, routes, roles, bindings, namespaces and the rest: what each policy refuses and admits."""

import ipaddress
from typing import Any


LB = "service.beta.kubernetes.io/aws-load-balancer"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b"
GOOD_NOTES = {
    f"{LB}-scheme": "internal",
    f"{LB}-ssl-cert": CERTIFICATE,
    f"{LB}-attributes": "access_logs.s3.enabled=true,access_logs.s3.bucket=logs",
}


def service(notes: dict[str, Any] | None = None, without: str = "", **spec: Any) -> dict[str, Any]:
    body = {
        "type": "LoadBalancer",
        "loadBalancerClass": "service.k8s.aws/nlb",
        "ports": [{"port": 443, "name": "https"}],
        **spec,
    }
    annotations = {k: v for k, v in {**GOOD_NOTES, **(notes or {})}.items() if not without or k != f"{LB}-{without}"}
    return {"kind": "Service", "metadata": {"name": "api", "annotations": annotations}, "spec": body}


def attributes(text: str) -> dict[str, Any]:
    return service({f"{LB}-attributes": text})


def plain(**spec: Any) -> dict[str, Any]:
    return {"kind": "Service", "metadata": {"name": "api"}, "spec": spec}


SERVICES_BAD = {
    "externalIPs": plain(externalIPs=["198.51.100.7"]),
    "externalIPs of a load balancer": service(externalIPs=["198.51.100.7"]),
    "NodePort": plain(type="NodePort", ports=[{"port": 80}]),
    "ExternalName of metadata": plain(type="ExternalName", externalName="169.254.169.254"),
    "ExternalName of metadata over IPv6": plain(type="ExternalName", externalName="fd00:ec2::254"),
    "ExternalName into the cluster": plain(type="ExternalName", externalName="kubernetes.default.svc"),
    "ExternalName into the cluster, whole": plain(type="ExternalName", externalName="db.orders.svc.cluster.local."),
    "ExternalName of this host": plain(type="ExternalName", externalName="LOCALHOST"),
    "ExternalName below this host": plain(type="ExternalName", externalName="x.localhost"),
    "ExternalName of the VPC's hosts": plain(type="ExternalName", externalName="instance-data.ec2.internal"),
    "ExternalName of IPv6 that begins with colons": plain(type="ExternalName", externalName="::ffff:a9fe:a9fe"),
    "ExternalName of a domain of the cluster alone": plain(type="ExternalName", externalName="internal"),
    "ExternalName missing": plain(type="ExternalName"),
    "no annotations": {"metadata": {}, "spec": {"type": "LoadBalancer", "ports": [{"port": 443}]}},
    "null annotations": {"metadata": {"annotations": None}, "spec": {"type": "LoadBalancer"}},
    "no metadata": {"spec": {"type": "LoadBalancer"}},
    "internet-facing": service({f"{LB}-scheme": "internet-facing"}),
    "internet-facing beside internal": service({f"{LB}-scheme": "internet-facing", f"{LB}-internal": "true"}),
    "internal, older annotation says no": service({f"{LB}-internal": "false"}),
    "scheme unset": service(without="scheme"),
    "older annotation false": service({f"{LB}-internal": "false"}, without="scheme"),
    "by the control plane, which reads no scheme": service(loadBalancerClass=None),
    "by the control plane, which reads no scheme, logged": service(
        {f"{LB}-access-log-enabled": "true"}, loadBalancerClass=None
    ),
    "of an empty class": service(loadBalancerClass=""),
    "of another type": service({f"{LB}-type": "nlb"}, loadBalancerClass=None),
    "by the control plane, which reads no attributes": service({f"{LB}-internal": "true"}, loadBalancerClass=None),
    "open to an internet gateway": attributes("access_logs.s3.enabled=true,ipv6.deny_all_igw_traffic=false"),
    "open to an internet gateway, spaces": attributes("access_logs.s3.enabled=true, ipv6.deny_all_igw_traffic = false"),
    "open to an internet gateway at last": attributes(
        "access_logs.s3.enabled=true,ipv6.deny_all_igw_traffic=true,ipv6.deny_all_igw_traffic=false"
    ),
    "no certificate": service(without="ssl-cert"),
    "empty certificate": service({f"{LB}-ssl-cert": ""}),
    "certificate that is not one": service({f"{LB}-ssl-cert": "none"}),
    "certificate within text": service({f"{LB}-ssl-cert": f"x {CERTIFICATE}"}),
    "port without a number": service({f"{LB}-ssl-ports": "443"}, ports=[{"name": "x"}]),
    "plain port beside": service({f"{LB}-ssl-ports": "443"}, ports=[{"port": 443}, {"port": 80}]),
    "plain port alone": service({f"{LB}-ssl-ports": "8443"}),
    "empty within the list": service({f"{LB}-ssl-ports": "8443,"}),
    "UDP": service(ports=[{"port": 443}, {"port": 53, "protocol": "UDP"}]),
    **{
        f"TLS policy {name}": service({f"{LB}-ssl-negotiation-policy": name})
        for name in (
            "ELBSecurityPolicy-2016-08",
            "ELBSecurityPolicy-TLS-1-0-2015-04",
            "ELBSecurityPolicy-TLS-1-1-2017-01",
            "ELBSecurityPolicy-TLS13-1-0-2021-06",
            "ELBSecurityPolicy-FS-1-1-2019-08",
            "x",
            "xELBSecurityPolicy-TLS-1-2-2017-01",
        )
    },
    "no access logs": service(without="attributes"),
    "access logs off": service({f"{LB}-attributes": "access_logs.s3.enabled=false"}),
    "access logs off at last": service(
        {f"{LB}-attributes": "access_logs.s3.enabled=true,access_logs.s3.enabled=false"}
    ),
    "access logs off after a space": attributes("access_logs.s3.enabled=true,access_logs.s3.enabled =false"),
    "access logs half on": attributes("access_logs.s3.enabled=truex"),
    "access logs of another name": attributes("xaccess_logs.s3.enabled=true"),
    "other attributes": service({f"{LB}-attributes": "deletion_protection.enabled=true"}),
    "older logs off": service({f"{LB}-access-log-enabled": "false"}, without="attributes"),
    "older logs, overruled": service(
        {f"{LB}-attributes": "access_logs.s3.enabled=false", f"{LB}-access-log-enabled": "true"}
    ),
}
SERVICES_GOOD = {
    "ClusterIP": plain(ports=[{"port": 80}]),
    "ClusterIP by name": plain(type="ClusterIP", externalIPs=[]),
    "UDP within the cluster": plain(ports=[{"port": 53, "protocol": "UDP"}]),
    **{
        f"TLS policy {name}": service({f"{LB}-ssl-negotiation-policy": name})
        for name in (
            "",
            "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "ELBSecurityPolicy-TLS13-1-3-2021-06",
            "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
            "ELBSecurityPolicy-TLS-1-2-2017-01",
            "ELBSecurityPolicy-FS-1-2-Res-2020-10",
        )
    },
    "old TLS of what is no load balancer": service({f"{LB}-ssl-negotiation-policy": "x"}, type="ClusterIP"),
    "headless": plain(clusterIP="None", externalIPs=None, type=None),
    "ExternalName": plain(type="ExternalName", externalName="db.abc123.eu-west-1.rds.amazonaws.com"),
    "ExternalName that only looks internal": plain(type="ExternalName", externalName="svc.example.com"),
    "internal": service(),
    "older annotation": service({f"{LB}-internal": "true"}, without="scheme"),
    "both annotations": service({f"{LB}-internal": "true"}),
    "all ports encrypted": service({f"{LB}-ssl-ports": "*"}, ports=[{"port": 443}, {"port": 8443}]),
    "listed by number and name": service(
        {f"{LB}-ssl-ports": " 443 , admin"}, ports=[{"port": 443, "protocol": "TCP"}, {"port": 9, "name": "admin"}]
    ),
    "null protocol": service(ports=[{"port": 443, "protocol": None}]),
    "no ports": service(ports=None),
    "by type": service({f"{LB}-type": "external"}, loadBalancerClass=None),
    "by an older type": service({f"{LB}-type": "nlb-ip"}, loadBalancerClass=None),
    "by the control plane": service(
        {f"{LB}-internal": "true", f"{LB}-access-log-enabled": "true"}, loadBalancerClass=None
    ),
    "by the control plane, by its annotations alone": service(
        {f"{LB}-internal": "true", f"{LB}-access-log-enabled": "true", f"{LB}-attributes": ""},
        without="scheme",
        loadBalancerClass=None,
    ),
    "closed to internet gateways": attributes("access_logs.s3.enabled=true,ipv6.deny_all_igw_traffic=true"),
    "closed, of another name": attributes("access_logs.s3.enabled=true,x.ipv6.deny_all_igw_traffic=false"),
    "spaces around the sign": attributes("access_logs.s3.enabled = true,ipv6.deny_all_igw_traffic = true"),
    "open to an internet gateway, but no load balancer": service(
        {f"{LB}-attributes": "ipv6.deny_all_igw_traffic=false"}, type="ClusterIP", loadBalancerClass=None
    ),
    "older logs": service({f"{LB}-access-log-enabled": "true"}, without="attributes"),
    "attribute that only ends alike": service(
        {f"{LB}-attributes": "access_logs.s3.enabled=true,x.access_logs.s3.enabled=false"}
    ),
    "spaces": service({f"{LB}-attributes": "deletion_protection.enabled=true, access_logs.s3.enabled=true"}),
    "certificate in China": service({f"{LB}-ssl-cert": CERTIFICATE.replace("arn:aws:", "arn:aws-cn:")}),
    "certificate of IAM": service({f"{LB}-ssl-cert": "arn:aws:iam::111122223333:server-certificate/x"}),
    "empty": {},
    "null spec": {"spec": None, "metadata": {"annotations": None}},
}

ALB, NGINX = "alb.ingress.kubernetes.io", "nginx.ingress.kubernetes.io"


def ingress(notes: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    body = {"rules": [{"host": "api.example.com"}], "tls": [{"hosts": ["api.example.com"]}], **spec}
    return {"kind": "Ingress", "metadata": {"name": "api", "annotations": notes}, "spec": body}


def alb(notes: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    return ingress({f"{ALB}/certificate-arn": CERTIFICATE, **(notes or {})}, tls=None, **spec)


INGRESSES_BAD = {
    "no TLS": ingress(tls=None),
    "empty TLS": ingress(tls=[]),
    "no rules, no TLS": {"spec": {"defaultBackend": {}}},
    "empty": {},
    "another host": ingress(tls=[{"hosts": ["www.example.com"]}]),
    "second host": ingress(rules=[{"host": "api.example.com"}, {"host": "old.example.com"}]),
    "no host": ingress(rules=[{}]),
    "empty host": ingress(rules=[{"host": ""}], tls=[{"hosts": [""]}]),
    "wildcard of another domain": ingress(tls=[{"hosts": ["*.example.org"]}]),
    "wildcard over two labels": ingress(rules=[{"host": "a.b.example.com"}], tls=[{"hosts": ["*.example.com"]}]),
    "host of one letter": ingress(rules=[{"host": "b.example.com"}], tls=[{"hosts": ["a.example.com"]}]),
    "certificate within text": ingress({f"{ALB}/certificate-arn": f"x {CERTIFICATE}"}, tls=None),
    "redirect to no port": alb({f"{ALB}/listen-ports": '[{"HTTP": 80}]', f"{ALB}/ssl-redirect": "x443"}),
    "redirect to no number": alb({f"{ALB}/listen-ports": '[{"HTTP": 80}]', f"{ALB}/ssl-redirect": "443x"}),
    **{f"redirect {no}": ingress({f"{NGINX}/ssl-redirect": no}) for no in ("False", "FALSE", "f", "F", "0")},
    **{f"forced {no}": ingress({f"{NGINX}/force-ssl-redirect": no}) for no in ("false", "FALSE", "f", "F", "0")},
    "wildcard host": ingress(rules=[{"host": "*.example.com"}], tls=[{"hosts": ["api.example.com"]}]),
    "wildcard under a wildcard": ingress(rules=[{"host": "*.example.com"}], tls=[{"hosts": ["*.com"]}]),
    "star in the middle": ingress(rules=[{"host": "b.*.com"}], tls=[{"hosts": ["a.*.com"]}]),
    "wildcard of no domain": ingress(rules=[{"host": "example"}], tls=[{"hosts": ["*.example"]}]),
    "no certificate": ingress({f"{ALB}/certificate-arn": ""}, tls=None),
    "certificate that is not one": ingress({f"{ALB}/certificate-arn": "none"}, tls=None),
    "text before TLS": alb({f"{ALB}/ssl-policy": "xELBSecurityPolicy-TLS13-1-2-2021-06"}),
    "old TLS": alb({f"{ALB}/ssl-policy": "ELBSecurityPolicy-2016-08"}),
    "HTTP listener": alb({f"{ALB}/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]'}),
    "HTTP listener of TLS by name": ingress({f"{ALB}/listen-ports": '[{"http":80}]'}),
    "HTTP listener in disguise": alb({f"{ALB}/listen-ports": '[{"\\u0048TTP": 80}, {"HTTPS": 443}]'}),
    "redirect to nothing": alb({f"{ALB}/listen-ports": '[{"HTTP": 80}]', f"{ALB}/ssl-redirect": ""}),
    "redirect off": ingress({f"{NGINX}/ssl-redirect": "false"}),
    "forced redirect off": ingress({f"{NGINX}/force-ssl-redirect": "False"}),
    "HTTP allowed": ingress({"kubernetes.io/ingress.allow-http": "true"}),
    "TLS of the default in Auto Mode": alb(ingressClassName="hardened-auto-mode"),
    "empty TLS policy in Auto Mode": alb({f"{ALB}/ssl-policy": ""}, ingressClassName="hardened-auto-mode"),
}
INGRESSES_GOOD = {
    "every host": ingress(),
    "default certificate": ingress(rules=[{"host": "a"}, {}], tls=[{"secretName": "all"}]),
    "null hosts": ingress(tls=[{"hosts": None}]),
    "empty hosts": ingress(tls=[{"hosts": []}]),
    "wildcard": ingress(tls=[{"hosts": ["*.example.com"]}]),
    "same wildcard": ingress(rules=[{"host": "*.example.com"}], tls=[{"hosts": ["*.example.com"]}]),
    "another host too": ingress(tls=[{"hosts": ["www.example.com", "api.example.com"]}]),
    "another certificate too": ingress(tls=[{"hosts": ["www.example.com"]}, {"hosts": ["api.example.com"]}]),
    "null rules": ingress(rules=None),
    "certificate": alb(),
    "certificate of IAM": alb({f"{ALB}/certificate-arn": "arn:aws:iam::111122223333:server-certificate/x"}),
    **{
        f"TLS policy {name}": alb({f"{ALB}/ssl-policy": name})
        for name in ("ELBSecurityPolicy-TLS-1-2-2017-01", "ELBSecurityPolicy-FS-1-2-Res-2020-10")
    },
    "new TLS": alb({f"{ALB}/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"}),
    "TLS of the default": alb({f"{ALB}/ssl-policy": ""}),
    "TLS of the class": alb(ingressClassName="hardened"),
    "null class": alb(ingressClassName=None),
    "new TLS in Auto Mode": alb(
        {f"{ALB}/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"}, ingressClassName="hardened-auto-mode"
    ),
    "HTTPS listener": alb({f"{ALB}/listen-ports": '[{"HTTPS": 443}]'}),
    "HTTP that redirects": alb({f"{ALB}/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', f"{ALB}/ssl-redirect": "443"}),
    "redirect on": ingress({f"{NGINX}/ssl-redirect": "true", "kubernetes.io/ingress.allow-http": "false"}),
}


def route(*parents: dict[str, Any], rules: Any = ({"backendRefs": []},)) -> dict[str, Any]:
    return {"spec": {"parentRefs": [{"name": "gateway", **p} for p in parents], "rules": list(rules)}}


REDIRECT = {"filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}]}
ROUTES_BAD = {
    "empty": {},
    "null": {"spec": None},
    "no parents": route(),
    "null parents": {"spec": {"parentRefs": None, "rules": None}},
    "every listener": route({}),
    "HTTP listener": route({"sectionName": "http"}),
    "HTTP listener of a gateway by kind": route({"kind": "Gateway", "sectionName": "http"}),
    "HTTP port": route({"port": 80}),
    "HTTP port of a listener that sounds right": route({"port": 80, "sectionName": "https"}),
    "HTTP listener on the right port": route({"port": 443, "sectionName": "web"}),
    "one of two": route({"sectionName": "https"}, {"sectionName": "http"}),
    "redirect of one rule": route({"sectionName": "http"}, rules=[REDIRECT, {"backendRefs": []}]),
    "redirect to HTTP": route({}, rules=[{"filters": [{"requestRedirect": {"scheme": "http"}}]}]),
    "redirect without a scheme": route({}, rules=[{"filters": [{"requestRedirect": {}}]}]),
    "other filters": route({}, rules=[{"filters": [{"requestRedirect": None}, {}]}]),
    "null filters": route({}, rules=[{"filters": None}]),
    "redirect of no rule": route({"sectionName": "http"}, rules=[]),
}
ROUTES_GOOD = {
    "HTTPS listener": route({"sectionName": "https"}),
    "TLS listener": route({"sectionName": "web-TLS"}),
    "port": route({"port": 443}, {"port": 8443}),
    "both": route({"port": 443, "sectionName": "https"}),
    "mesh": route({"kind": "Service"}, {"sectionName": "https", "kind": "Gateway"}),
    "redirect": route({"sectionName": "http"}, rules=[REDIRECT]),
    "redirect among filters": route({"port": 80}, rules=[{"filters": [{}, *REDIRECT["filters"]]}]),
}


def gateway(*listeners: dict[str, Any]) -> dict[str, Any]:
    return {"spec": {"listeners": list(listeners)}}


GATEWAYS_BAD = {
    "HTTP by the name of HTTPS": gateway({"name": "my-https", "protocol": "HTTP", "port": 8080}),
    "HTTP on 443": gateway({"name": "web", "protocol": "HTTP", "port": 443}),
    "HTTP on 8443": gateway({"name": "ok", "protocol": "TLS"}, {"name": "web", "protocol": "HTTP", "port": 8443}),
    "no protocol": gateway({"name": "TLS"}),
}
GATEWAYS_GOOD = {
    "HTTPS": gateway({"name": "https", "protocol": "HTTPS", "port": 443}),
    "TLS": gateway({"name": "tls", "protocol": "TLS", "port": 8443}),
    "HTTP": gateway({"name": "http", "protocol": "HTTP", "port": 80}, {}),
    "empty": {},
    "null": {"spec": {"listeners": None}},
}


BALANCER_LOGS = {"key": "access_logs.s3.enabled", "value": "true"}


def balancer(**spec: Any) -> dict[str, Any]:
    """Return a sound LoadBalancerConfiguration with other fields."""
    return {"spec": {"scheme": "internal", "loadBalancerAttributes": [BALANCER_LOGS], **spec}}


def listener(**fields: Any) -> dict[str, Any]:
    return balancer(
        listenerConfigurations=[
            {"protocolPort": "HTTPS:443", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"},
            fields,
        ]
    )


BALANCERS_BAD = {
    "on the internet": balancer(scheme="internet-facing"),
    "HTTPS with the default policy": listener(protocolPort="HTTPS:8443"),
    "TLS with the default policy": listener(protocolPort="TLS:443"),
    "lower case": listener(protocolPort="https:443"),
    "null policy": listener(protocolPort="HTTPS:443", sslPolicy=None),
    "old TLS": listener(protocolPort="TCP:80", sslPolicy="ELBSecurityPolicy-2016-08"),
    "no attributes": balancer(loadBalancerAttributes=None),
    "no logs": balancer(loadBalancerAttributes=[{"key": "idle_timeout.timeout_seconds", "value": "60"}]),
    "logs off": balancer(loadBalancerAttributes=[{**BALANCER_LOGS, "value": "false"}]),
    "logs on and off": balancer(loadBalancerAttributes=[BALANCER_LOGS, {**BALANCER_LOGS, "value": "false"}]),
    "open over IPv6": balancer(
        loadBalancerAttributes=[BALANCER_LOGS, {"key": "ipv6.deny_all_igw_traffic", "value": "false"}]
    ),
    "no fields": {"metadata": {"name": "b"}},
    "null": {"spec": None},
}
BALANCERS_GOOD = {
    "internal": balancer(),
    "no scheme": balancer(scheme=None, listenerConfigurations=None),
    "TLS 1.3": listener(protocolPort="TLS:443", sslPolicy="ELBSecurityPolicy-TLS13-1-3-2021-06"),
    "plain listener": listener(protocolPort="TCP:80"),
    "listener without a protocol": listener(),
    "closed over IPv6": balancer(
        loadBalancerAttributes=[BALANCER_LOGS, {"key": "ipv6.deny_all_igw_traffic", "value": "true"}]
    ),
}


def role(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": "r"}, "rules": list(rules)}


def rule(verbs: Any, resources: Any, group: str = "", **more: Any) -> dict[str, Any]:
    return role({"verbs": verbs, "resources": resources, "apiGroups": [group], **more})


RBAC, CERTS, HOOKS = "rbac.authorization.k8s.io", "certificates.k8s.io", "admissionregistration.k8s.io"
ROLES_BAD = {
    "any verb": rule(["*"], ["pods"]),
    "any verb beside another": rule(["get", "*"], ["pods"]),
    "any verb of one object": rule(["*"], ["configmaps"], resourceNames=["one"]),
    "any resource": rule(["get"], ["*"]),
    "any subresource": rule(["get"], ["pods/*"]),
    "a subresource of anything": rule(["update"], ["*/scale"]),
    "any group": rule(["get"], ["pods"], "*"),
    "any URL": role({"verbs": ["get"], "nonResourceURLs": ["*"]}),
    "any URL, other spelling": role({"verbs": ["get"], "nonResourceURLs": ["/healthz", "/*"]}),
    "any URL, more stars": role({"verbs": ["get"], "nonResourceURLs": ["/**"]}),
    "any URL, stars alone": role({"verbs": ["get"], "nonResourceURLs": ["**"]}),
    "second rule": role({"verbs": ["get"], "resources": ["pods"], "apiGroups": [""]}, {"verbs": ["*"]}),
    "bind": rule(["bind"], ["clusterroles"], RBAC, resourceNames=["admin"]),
    "escalate": rule(["get", "escalate"], ["roles"], RBAC),
    "impersonate users": rule(["impersonate"], ["users"]),
    "impersonate by constraint": rule(["impersonate:user-info"], ["users"], "authentication.k8s.io"),
    "impersonate nodes": rule(["impersonate:arbitrary-node"], ["nodes"], "authentication.k8s.io"),
    "impersonate for a verb": rule(["impersonate-on:user-info:list"], ["pods"]),
    "kubelet": rule(["get"], ["nodes", "nodes/proxy"]),
    "kubelet, create": rule(["create"], ["nodes/proxy"]),
    "approve": rule(["update"], ["certificatesigningrequests/approval"], CERTS),
    "approve by patch": rule(["get", "patch"], ["certificatesigningrequests/approval"], CERTS),
    "approve any signer": rule(["approve"], ["signers"], CERTS),
    "sign for Kubernetes": rule(["sign"], ["signers"], CERTS, resourceNames=["kubernetes.io/kube-apiserver-client"]),
    "attests for Kubernetes": rule(
        ["attest"], ["signers"], CERTS, resourceNames=["kubernetes.io/kube-apiserver-serving"]
    ),
    "reads and signs for any": rule(["get", "sign"], ["signers"], CERTS),
    "sign for any, null": rule(["sign"], ["signers"], CERTS, resourceNames=None),
    "sign for two": rule(["sign"], ["signers"], CERTS, resourceNames=["x.io/*", "kubernetes.io/kubelet-serving"]),
    "webhooks": rule(["create"], ["mutatingwebhookconfigurations"], HOOKS),
    "webhooks, delete": rule(["get", "delete"], ["validatingwebhookconfigurations"], HOOKS),
    "policies": rule(["patch"], ["validatingadmissionpolicies"], HOOKS),
    "bindings of policies": rule(["deletecollection"], ["validatingadmissionpolicybindings"], HOOKS),
    "policies that change objects": rule(["update"], ["mutatingadmissionpolicies"], HOOKS),
    "collects every role": {"aggregationRule": {"clusterRoleSelectors": [{}]}},
    "collects every role, later": {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}, {}]}},
    "collects by empty labels": {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {}}]}},
    "collects by null labels": {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": None}]}},
    "collects by no expression": {"aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": []}]}},
    "collects by null expressions": {"aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": None}]}},
    "collects what is not": {
        "aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}]}
    },
    "collects without an operator": {
        "aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": [{"key": "x"}]}]}
    },
    "collects every default role": {
        "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}]}
    },
    "collects every default role by its key": {
        "aggregationRule": {
            "clusterRoleSelectors": [
                {
                    "matchExpressions": [
                        {"key": "x", "operator": "Exists"},
                        {"key": "kubernetes.io/bootstrapping", "operator": "Exists"},
                    ]
                }
            ]
        }
    },
    "collects by an empty key": {
        "aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": [{"key": "", "operator": "Exists"}]}]}
    },
    "collects without a key": {
        "aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": [{"operator": "Exists"}]}]}
    },
    "collects without selectors": {"aggregationRule": {}},
    "collects by null": {"aggregationRule": {"clusterRoleSelectors": None}},
}
ROLES_GOOD = {
    "empty": {},
    "null": {"rules": None, "aggregationRule": None, "subjects": None, "roleRef": None},
    "no rules": role(),
    "null lists": role({"verbs": ["get"], "resources": None, "apiGroups": None, "nonResourceURLs": None}),
    "reads": rule(["get", "list", "watch"], ["pods", "pods/log"]),
    "writes": rule(["create", "update", "patch", "delete"], ["deployments"], "apps"),
    "URLs": role({"verbs": ["get"], "nonResourceURLs": ["/healthz", "/metrics", "/openapi/*", "/a*/*", "//*", "/*/x"]}),
    "metrics of nodes": rule(["get"], ["nodes/metrics", "nodes/stats"]),
    "asks for a certificate": rule(["create", "get"], ["certificatesigningrequests"], CERTS),
    "reads approvals": rule(["get", "list", "watch"], ["certificatesigningrequests/approval"], CERTS),
    "signs for its own": rule(["sign"], ["signers"], CERTS, resourceNames=["issuers.cert-manager.io/*"]),
    "signs for a name that only ends alike": rule(
        ["sign"], ["signers"], CERTS, resourceNames=["example.com/kubernetes.io/x"]
    ),
    "a verb that only ends alike": rule(["x-impersonate"], ["users"], "example.com"),
    "approves nothing": rule(["approve"], ["certificatesigningrequests"], CERTS),
    "null fields": role({"verbs": None, "resourceNames": None}, {}),
    "signs elsewhere": rule(["approve"], ["signers"], "cert-manager.io"),
    "reads signers": rule(["get"], ["signers"], CERTS),
    "reads webhooks": rule(["get", "list", "watch"], ["validatingwebhookconfigurations"], HOOKS),
    "collects by one key": {
        "aggregationRule": {"clusterRoleSelectors": [{"matchExpressions": [{"key": "x", "operator": "Exists"}]}]}
    },
    "collects by a label": {
        "aggregationRule": {
            "clusterRoleSelectors": [
                {"matchLabels": {"x": "true"}},
                {"matchLabels": {"x": "true", "kubernetes.io/bootstrapping": "rbac-defaults"}},
                {
                    "matchExpressions": [
                        {"key": "x", "operator": "In", "values": ["a"]},
                        {"key": "y", "operator": "Exists"},
                    ]
                },
            ]
        }
    },
}


def binding(name: str = "view", kind: str = "ClusterRole", subjects: Any = "none") -> dict[str, Any]:
    found = [] if subjects == "none" else subjects
    return {"metadata": {"name": "b"}, "roleRef": {"kind": kind, "name": name}, "subjects": found}


def subject(kind: str, name: str) -> dict[str, Any]:
    return binding(subjects=[{"kind": "Group", "name": "developers"}, {"kind": kind, "name": name}])


BINDINGS_BAD = {
    "cluster-admin": binding("cluster-admin"),
    "kubelet": binding("system:kubelet-api-admin"),
    "controller manager": binding("system:kube-controller-manager"),
    "node": binding("system:node"),
    "aggregation": binding("system:controller:clusterrole-aggregation-controller"),
    "approval of certificates": binding("system:certificates.k8s.io:kube-apiserver-client-approver"),
    "a controller": binding("system:controller:generic-garbage-collector"),
    "masters": subject("Group", "system:masters"),
    "everybody": subject("Group", "system:authenticated"),
    "anybody": subject("Group", "system:unauthenticated"),
    "every service account": subject("Group", "system:serviceaccounts"),
    "nodes": subject("Group", "system:nodes"),
    "anonymous": subject("User", "system:anonymous"),
    "a node": subject("User", "system:node:ip-10-0-0-1"),
    "service accounts as a user": subject("User", "system:serviceaccounts:payments"),
    "a group that only ends like service accounts": subject("Group", "system:x:system:serviceaccounts:payments"),
    "a user who only ends like a service account": subject("User", "system:x:system:serviceaccount:payments:api"),
    "masters of no kind": binding(subjects=[{"name": "system:masters"}]),
    "a service account as a group": subject("Group", "system:serviceaccount:payments:api"),
}
BINDINGS_GOOD = {
    "view": binding(),
    "a Role of that name": binding("cluster-admin", "Role"),
    "no kind": {"roleRef": {"name": "cluster-admin"}},
    "no name": {"roleRef": {"kind": "ClusterRole"}},
    "null subjects": binding(subjects=None),
    "people, no role": {"subjects": [{"kind": "Group", "name": "developers"}]},
    "people, null role": {"subjects": [{"kind": "Group", "name": "developers"}], "roleRef": None},
    "people, no name": {"subjects": [{"kind": "Group", "name": "developers"}], "roleRef": {"kind": "ClusterRole"}},
    "sparse subjects": binding(subjects=[{}, {"kind": "Group"}, {"name": "developers"}]),
    "names that only begin or end alike": binding("cluster-admin-2"),
    "a role of one's own": binding("my-cluster-admin"),
    "nothing of a controller": binding("system:controller:"),
    "nothing of an approver": binding("system:certificates.k8s.io:"),
    "another API group": binding("system:certificatesXk8s.io:approver"),
    "group": subject("Group", "payments-developer"),
    "service account": subject("ServiceAccount", "api"),
    "service account by user name": subject("User", "system:serviceaccount:payments:api"),
    "service accounts of a namespace": subject("Group", "system:serviceaccounts:payments"),
    "auth delegator": binding("system:auth-delegator"),
    "people of a name that only ends alike": subject("Group", "payments:system:masters"),
    "a service account of an odd name": subject("ServiceAccount", "system:x"),
}

V4 = "169.254.169.254/32"
V6 = "fd00:ec2::254/128"


def egress(*peers: Any, **rule: Any) -> dict[str, Any]:
    return {"spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": list(peers), **rule}]}}


def block(cidr: str, *excepted: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr, **({"except": list(excepted)} if excepted else {})}}


def anywhere(*ports: Any) -> dict[str, Any]:
    return {"spec": {"podSelector": {}, "egress": [{"ports": list(ports)}]}}


def around(address: str) -> tuple[list[str], list[str]]:
    """Return a range of every size that holds an address, and the one beside it that does not."""
    whole = ipaddress.ip_network(address)
    holding = [whole.supernet(new_prefix=n) for n in range(whole.prefixlen + 1)]
    beside = []
    for network in holding[1:]:
        first, second = network.supernet().subnets()
        beside.append(second if network == first else first)
    return [str(n) for n in holding], [str(n) for n in beside]


HOLDING_V4, BESIDE_V4 = around("169.254.169.254/32")
HOLDING_V6, BESIDE_V6 = around("fd00:ec2::254/128")

NETWORK_BAD = {
    **{f"every size {cidr}": egress(block(cidr)) for cidr in (*HOLDING_V4, *HOLDING_V6)},
    "no range": egress({"ipBlock": {"except": [V4]}}),
    "in capitals": egress(block("::FFFF:0:0/96")),
    "text before": egress(block("x 10.0.0.0/8")),
    "text after": egress(block("10.0.0.0/8 x")),
    "text before IPv6": egress(block("x 2001:db8::/32")),
    "text after IPv6": egress(block("2001:db8::/32 x")),
    "to nothing": {"spec": {"egress": [{"to": []}]}},
    **{
        f"covers by {cidr}": egress(block(cidr))
        for cidr in (
            "0.0.0.0/0",
            "128.0.0.0/1",
            "169.0.0.0/8",
            "169.254.0.0/16",
            "169.254.169.0/24",
            "169.254.169.254/31",
            V4,
            "169.254.160.0/20",
            "169.254.1.2/16",
            "160.0.0.0/4",
            "::/0",
            "fd00::/8",
            "fc00::/7",
            "fd00:ec2::/32",
            V6,
            "FD00:0EC2::/64",
            "fd00:ec2:0:0:0:0:0:254/128",
            "fd00:ec2:0:0::0:254/127",
            "fd00:ec0::/27",
            "8000::/1",
            "fd00:ec2::255/127",
            "fd00:ec2::/118",
            "::ffff:169.254.169.254/128",
            "::ffff:a9fe:a9fe/128",
            "::ffff:0:0/96",
            "not a range",
            "0.0.0.0/33",
            "169.254.169.254",
            "",
        )
    },
    "second peer": egress({"podSelector": {}}, block("169.254.0.0/16")),
    "second rule": {"spec": {"egress": [{"to": [{"podSelector": {}}]}, {"to": [block("0.0.0.0/0")]}]}},
    "except something else": egress(block("0.0.0.0/0", "10.0.0.0/8", "169.254.169.253/32")),
    "except of the other family": egress(block("::/0", V4)),
    "except that cannot be read": egress(block("0.0.0.0/0", "nothing")),
    "null except": egress({"ipBlock": {"cidr": "0.0.0.0/0", "except": None}}),
    "range on one port": egress(block("0.0.0.0/0"), ports=[{"port": 443}]),
    "everywhere": anywhere(),
    "everywhere, null": {"spec": {"egress": [{"to": None, "ports": None}]}},
    "everywhere, empty rule": {"spec": {"egress": [{}]}},
    "everywhere on 80": anywhere({"port": 443}, {"port": 80, "protocol": "TCP"}),
    "everywhere on a range of ports": anywhere({"port": 1, "endPort": 80}),
    "everywhere on a range from 80": anywhere({"port": 80, "endPort": 90}),
    "everywhere by TCP": anywhere({"protocol": "TCP"}),
    "everywhere by the default protocol": anywhere({"protocol": None, "port": None}),
    "ranges and types": {"spec": {"policyTypes": ["Ingress", "Egress"], "egress": [{}]}},
    "empty types": {"spec": {"policyTypes": [], "egress": [{}]}},
    "null types": {"spec": {"policyTypes": None, "egress": [{}]}},
}
NETWORK_GOOD = {
    "every range beside": egress(*map(block, (*BESIDE_V4, *BESIDE_V6))),
    "80 of UDP": anywhere({"port": 80, "protocol": "UDP"}),
    "port below, null end": anywhere({"port": 8, "endPort": None}),
    **{
        f"does not cover by {cidr}": egress(block(cidr))
        for cidr in (
            "10.0.0.0/8",
            "169.254.170.23/32",
            "169.254.168.0/24",
            "169.254.169.252/31",
            "169.254.169.255/32",
            "0.0.0.0/1",
            "169.255.0.0/16",
            "fd00:ec2::23/128",
            "fd00:ec2::/120",
            "fd00:ec2::/119",
            "fd00:ec2::253/128",
            "fd00:ec2:1::/48",
            "2001:db8::/32",
            "fd01::/16",
            "::/1",
            "fe00::/8",
            "fd00:ec3::/32",
            "fd00:ec2:0:0:1::/80",
            "::1/128",
            "fd00:ec2:254::/48",
            "1:2:3:4:5:6:7::/112",
            "169.254.172.0/22",
            "fd00:0ec2:0000:0000:0000:0000:0000:0255/128",
        )
    },
    "excepted": egress(block("0.0.0.0/0", V4)),
    "excepted with its neighbors": egress(block("0.0.0.0/0", "10.0.0.0/8", "169.254.0.0/16")),
    "excepted over IPv6": egress(block("::/0", V6)),
    "excepted with its neighbors over IPv6": egress(block("::/0", "fd00:ec2::/32")),
    "pods": egress({"podSelector": {}}, {"namespaceSelector": {}}, {"ipBlock": None}),
    "DNS everywhere": anywhere({"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}),
    "HTTPS everywhere": anywhere({"port": 443}),
    "ports above": anywhere({"port": 81, "endPort": 90}),
    "ports below": anywhere({"port": 1, "endPort": 79}),
    "null end": anywhere({"port": 443, "endPort": None}),
    "named port": anywhere({"port": "http"}),
    "nothing": {"spec": {"egress": []}},
    "null": {"spec": {"egress": None}},
    "empty": {},
    "null spec": {"spec": None},
    "ingress only": {"spec": {"policyTypes": ["Ingress"], "egress": [{}], "ingress": [{}]}},
}


def accepting(*networks: str, action: str | None = "Accept") -> dict[str, Any]:
    rule = {"name": "r", "to": [{"pods": {}}, {"networks": list(networks)}], **({"action": action} if action else {})}
    return {"spec": {"tier": "Admin", "priority": 1, "egress": [rule]}}


CLUSTER_NETWORK_BAD = {
    "the service": accepting("10.0.0.0/8", V4),
    "the service over IPv6": accepting(V6),
    "everything": accepting("0.0.0.0/0"),
    "not a range": accepting("x"),
    "no action": accepting(V4, action=None),
    "null beside": {"spec": {"egress": [{"action": "Accept", "to": [{"ipBlock": None, "networks": [V4]}]}]}},
    "after another rule": {"spec": {"egress": [*accepting(V4, action="Deny")["spec"]["egress"],
                                               *accepting(V4)["spec"]["egress"]]}},
    "nowhere": {"spec": {"egress": [{"action": "Accept"}]}},
}  # fmt: skip
CLUSTER_NETWORK_GOOD = {
    "something else": accepting("10.0.0.0/8", "2001:db8::/32"),
    "denied": accepting(V4, V6, action="Deny"),
    "passed": accepting(V4, action="Pass"),
    "null": {"spec": {"egress": [{"action": "Accept", "to": [{"networks": None, "ipBlock": None}, {}]}]}},
    "ingress": {"spec": {"tier": "Admin", "ingress": [{"action": "Accept"}]}},
}


KINDS: dict[str, list[tuple[str, str, str, str | None]]] = {
    "service": [("Service", "services", "", "payments")],
    "ingress": [("Ingress", "ingresses", "networking.k8s.io", "payments")],
    "route": [
        ("HTTPRoute", "httproutes", "gateway.networking.k8s.io", "payments"),
        ("GRPCRoute", "grpcroutes", "gateway.networking.k8s.io", "payments"),
        ("TCPRoute", "tcproutes", "gateway.networking.k8s.io", "payments"),
        ("UDPRoute", "udproutes", "gateway.networking.k8s.io", "payments"),
    ],
    "gateway": [
        ("Gateway", "gateways", "gateway.networking.k8s.io", "payments"),
        ("ListenerSet", "listenersets", "gateway.networking.k8s.io", "payments"),
        ("XListenerSet", "xlistenersets", "gateway.networking.x-k8s.io", "payments"),
    ],
    "balancer": [
        ("LoadBalancerConfiguration", "loadbalancerconfigurations", "gateway.k8s.aws", "payments"),
        ("LoadBalancerConfiguration", "loadbalancerconfigurations", "eks.amazonaws.com", "payments"),
    ],
    "accelerator": [("GlobalAccelerator", "globalaccelerators", "aga.k8s.aws", "payments")],
    "role": [("Role", "roles", RBAC, "payments"), ("ClusterRole", "clusterroles", RBAC, None)],
    "binding": [
        ("RoleBinding", "rolebindings", RBAC, "payments"),
        ("ClusterRoleBinding", "clusterrolebindings", RBAC, None),
    ],
    "network": [
        ("NetworkPolicy", "networkpolicies", "networking.k8s.io", "payments"),
        ("ApplicationNetworkPolicy", "applicationnetworkpolicies", "networking.k8s.aws", "payments"),
    ],
    "cluster network": [("ClusterNetworkPolicy", "clusternetworkpolicies", "networking.k8s.aws", None)],
    "secret": [("Secret", "secrets", "", "payments")],
    "volume": [("PersistentVolume", "persistentvolumes", "", None)],
    "endpoints": [
        ("Endpoints", "endpoints", "", "payments"),
        ("EndpointSlice", "endpointslices", "discovery.k8s.io", "payments"),
    ],
}
TABLE: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("service", "service", SERVICES_BAD, SERVICES_GOOD),
    ("ingress", "ingress", INGRESSES_BAD, INGRESSES_GOOD),
    ("ingress", "route", ROUTES_BAD, ROUTES_GOOD),
    ("ingress", "gateway", GATEWAYS_BAD, GATEWAYS_GOOD),
    ("gateway-load-balancer", "balancer", BALANCERS_BAD, BALANCERS_GOOD),
    (
        "gateway-load-balancer",
        "accelerator",
        {"any": {"spec": {"endpointGroups": []}}, "no fields": {"metadata": {"name": "a"}}},
        {},
    ),
    ("rbac", "role", ROLES_BAD, ROLES_GOOD),
    ("rbac", "binding", BINDINGS_BAD, BINDINGS_GOOD),
    ("network-policy", "network", NETWORK_BAD, NETWORK_GOOD),
    ("network-policy", "cluster network", CLUSTER_NETWORK_BAD, CLUSTER_NETWORK_GOOD),
    (
        "automount-token",
        "secret",
        {"token": {"type": "kubernetes.io/service-account-token"}},
        {"opaque": {"type": "Opaque"}, "no type": {}, "null type": {"type": None}},
    ),
    (
        "host-access",
        "volume",
        {
            "hostPath": {"spec": {"hostPath": {"path": "/"}}},
            "local": {"spec": {"local": {"path": "/mnt"}}},
            "flexVolume": {"spec": {"flexVolume": {"driver": "x/y"}}},
        },
        {
            "CSI": {"spec": {"csi": {"driver": "ebs.csi.aws.com"}}},
            "null": {"spec": {"hostPath": None, "local": None, "flexVolume": None}},
        },
    ),
    ("endpoint-slices", "endpoints", {"by a user": {"metadata": {"name": "api"}}}, {}),
]
"""(policy, kind of object, refused, admitted)."""
SUBRESOURCES = {
    "service": [("Service", "services/status", "")],
    "ingress": [("Ingress", "ingresses/status", "networking.k8s.io")],
}
