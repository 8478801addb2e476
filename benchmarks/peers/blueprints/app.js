// Peer: cdk-eks-blueprints, in JavaScript (Node has no jsii to start), with the closest configuration it can reach.
const cdk = require("aws-cdk-lib");
const { InstanceType } = require("aws-cdk-lib/aws-ec2");
const { KubernetesVersion, NodegroupAmiType } = require("aws-cdk-lib/aws-eks");
const blueprints = require("@aws-quickstart/eks-blueprints");

const app = new cdk.App();
blueprints.EksBlueprint.builder()
  .account("123456789012")
  .region("eu-west-1")
  .version(KubernetesVersion.V1_35)
  .clusterProvider(
    new blueprints.MngClusterProvider({
      instanceTypes: [new InstanceType("m7g.large")],
      amiType: NodegroupAmiType.BOTTLEROCKET_ARM_64,
      privateCluster: true,
    }),
  )
  .enableControlPlaneLogTypes("api", "audit", "authenticator", "controllerManager", "scheduler")
  .addOns(
    // Versions are named: "auto" asks AWS at each synth.
    new blueprints.addons.VpcCniAddOn({ version: "v1.20.4-eksbuild.2" }),
    new blueprints.addons.CoreDnsAddOn("v1.13.1-eksbuild.1"),
    new blueprints.addons.KubeProxyAddOn("v1.35.0-eksbuild.2"),
    new blueprints.addons.EksPodIdentityAgentAddOn("v1.3.10-eksbuild.2"),
  )
  .buildAsync(app, "peer")
  .then(() => app.synth());
