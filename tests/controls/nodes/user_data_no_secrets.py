import base64
import gzip

from hardened_eks.controls.nodes import user_data_no_secrets
from tests.controls.cases import Bad, Case, at, change, drop, hide, template
from tests.controls.nodes.base import DATA, GOOD, INSTANCE, LT, chosen, configuration, instance


def user_data(value):
    return change(LT, f"{DATA}.UserData", value)


def encoded(text):
    return base64.b64encode(text.encode()).decode()


DATABASE = "#!/bin/sh\nexport password=correct-horse-battery\n"

IMDS = """
TOKEN=`curl -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600"`
curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/
"""

MIME = """\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: text/x-shellscript
Content-Transfer-Encoding: base64

%s
--//--
"""

PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nx"
EIGHT = "x" * 8

CASE = Case(
    user_data_no_secrets,
    GOOD,
    bad={
        **at(
            "LaunchTemplateData.UserData",
            {
                "password": user_data(encoded(DATABASE)),
                "password of something": user_data(encoded("export DB_PASSWORD=correct-horse-battery\n")),
                "in one command": user_data(encoded("docker run -e MYSQL_ROOT_PASSWORD='correct-horse' mysql:8\n")),
                "as an option": user_data(encoded("register --admin-password=correct-horse-battery\n")),
                "short name": user_data(encoded("DB_PASS=correct-horse DB_USER=ann ./migrate\n")),
                "in capitals": user_data(encoded("REGISTRY_TOKEN: correct-horse-battery\n")),
                "key of a framework": user_data(encoded("Environment=DJANGO_SECRET_KEY=correct-horse\n")),
                "in one word": user_data(encoded("java -Dspring.dbPassword=correct-horse\n")),
                "in JSON": user_data(encoded('{"db_password": "correct-horse"}')),
                "private key": user_data(encoded(PRIVATE_KEY)),
                "access key": user_data(encoded("export AWS_ACCESS_KEY_ID=AKIA" + "A" * 16)),
                "in a part of MIME": user_data(encoded(MIME % encoded(DATABASE))),
                "decoded by the shell": user_data(
                    encoded(f"#!/bin/sh\necho {encoded(DATABASE)} | base64 -d > /etc/db\n")
                ),
                "as a file of cloud-init": user_data(
                    {"Fn::Base64": f"#cloud-config\nwrite_files:\n- encoding: b64\n  content: {encoded(DATABASE)}\n"}
                ),
                "not encoded": user_data(DATABASE),
                "wrapped": user_data("\n".join([encoded(DATABASE)[:30], encoded(DATABASE)[30:], ""])),
                "compressed": user_data(base64.b64encode(gzip.compress(DATABASE.encode())).decode()),
                "encoded by CloudFormation": user_data({"Fn::Base64": DATABASE}),
                "joined": user_data({"Fn::Base64": {"Fn::Join": ["\n", ["#!/bin/sh", DATABASE, {"Ref": "Role"}]]}}),
                "in pieces": user_data({"Fn::Base64": {"Fn::Join": ["", ["password=", EIGHT, {"Ref": "Role"}]]}}),
                "substituted": user_data({"Fn::Base64": {"Fn::Sub": DATABASE + "echo ${AWS::Region}"}}),
                "in one case": user_data({"Fn::Base64": chosen(DATABASE, "#!/bin/sh")}),
                "encoded in one case": user_data(chosen({"Fn::Base64": DATABASE}, {"Fn::Base64": "#!/bin/sh"})),
                "ready in one case": user_data(chosen(encoded(DATABASE), "")),
                "a line in one case": user_data(
                    {"Fn::Base64": {"Fn::Join": ["\n", ["#!/bin/sh", chosen(DATABASE, ""), {"Ref": "Role"}]]}}
                ),
                "malformed": user_data([DATABASE]),
            },
        ),
        "instance": Bad(instance(UserData=encoded(DATABASE)), "UserData"),
        "launch configuration": Bad(configuration(UserData={"Fn::Base64": DATABASE}), "UserData"),
        "password of cfn-init": Bad(
            template(
                {
                    "Host": {
                        "Type": INSTANCE,
                        "Properties": {},
                        "Metadata": {"AWS::CloudFormation::Authentication": {"web": {"password": "swordfish"}}},
                    }
                }
            ),
            "Metadata.AWS::CloudFormation::Authentication",
        ),
        "file of cfn-init": Bad(
            template(
                {
                    "Host": {
                        "Type": INSTANCE,
                        "Properties": {},
                        "Metadata": {
                            "AWS::CloudFormation::Init": {"config": {"files": {"/x": {"content": PRIVATE_KEY}}}}
                        },
                    }
                }
            ),
            "Metadata.AWS::CloudFormation::Init",
        ),
    },
    edge={
        "a harmless part of MIME": user_data(encoded(MIME % encoded("#!/bin/sh\nsystemctl enable --now chronyd\n"))),
        "none": drop(LT, f"{DATA}.UserData"),
        "read at run time": user_data(
            {"Fn::Base64": {"Fn::Sub": "password=$(aws secretsmanager get-secret-value --secret-id ${Secret})"}}
        ),
        "from a parameter": user_data({"Fn::Base64": {"Fn::Sub": "password=${Password}"}}),
        "of something, from a parameter": user_data({"Fn::Base64": {"Fn::Sub": "DB_PASSWORD='${Password}'"}}),
        "of something, at run time": user_data(encoded("DB_PASSWORD=`/usr/bin/fetch-secret db`\n")),
        "where it is": user_data(
            encoded("DB_PASSWORD_FILE=/run/secrets/db\nDB_PASSWORD=/run/secrets/db\nDB_SECRET=arn:aws:x:y:z\n")
        ),
        "token of IMDSv2": user_data(encoded(IMDS)),
        "a manifest": user_data(encoded("password:\n  secretKeyRef:\n    name: payments-database\n")),
        "asked for": user_data(encoded("read -s -p 'Password: ' DB_PASSWORD\n")),
        "words": user_data(encoded("# first pass: everything else\n# no password, a certificate\n")),
        "hidden": hide(LT, f"{DATA}.UserData"),
        "not text": user_data(7),
        "binary": user_data(base64.b64encode(bytes(range(256))).decode()),
        "broken archive": user_data(base64.b64encode(b"\x1f\x8bbroken").decode()),
        "not ASCII": user_data("§"),
        "role of cfn-init": template(
            {
                "Host": {
                    "Type": INSTANCE,
                    "Properties": {},
                    "Metadata": {
                        "AWS::CloudFormation::Authentication": {
                            "s3": {"type": "S3", "roleName": {"Ref": "Role"}},
                            "web": {"password": {"Ref": "Password"}},
                            "odd": "x",
                        },
                        "AWS::CloudFormation::Init": ["x"],
                    },
                }
            }
        ),
        "malformed metadata": template({"Host": {"Type": INSTANCE, "Properties": {}, "Metadata": "x"}}),
    },
)
