"""The manifests: by the schemas of several releases of Kubernetes, and against the project that they run."""

import re
import tomllib
from typing import Any

import httpx2
import kubernetes_validate
import pytest
import yaml

from core.server.serving import FINISH, read_drain
from tests.conftest import ROOT

PATH = ROOT / "deploy" / "kubernetes.yaml"
PARTS = {part["kind"]: part for part in yaml.safe_load_all(PATH.read_text())}
RELEASES = ("1.30", "1.34", kubernetes_validate.latest_version())
POD = PARTS["Deployment"]["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]
SETTINGS = {setting["name"]: setting["value"] for setting in CONTAINER["env"]}
ANNOTATIONS = {name.rpartition("/")[2]: text for name, text in PARTS["Ingress"]["metadata"]["annotations"].items()}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("kind", PARTS)
def test_schema(kind: str, release: str) -> None:
    kubernetes_validate.validate(PARTS[kind], release, strict=True)


def test_a_mistake_is_seen() -> None:
    wrong: dict[str, Any] = {**PARTS["Service"], "spec": {"port": 80}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, RELEASES[-1], strict=True)


def test_all_parts_are_there_and_belong_together() -> None:
    assert set(PARTS) == {"Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget"}
    labels = PARTS["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for selector in (
        PARTS["Deployment"]["spec"]["selector"]["matchLabels"],
        PARTS["Service"]["spec"]["selector"],
        PARTS["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        POD["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
    ):
        assert selector.items() <= labels.items()
    (rule,) = PARTS["Ingress"]["spec"]["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    (port,) = PARTS["Service"]["spec"]["ports"]
    assert backend == {"name": PARTS["Service"]["metadata"]["name"], "port": {"name": port["name"]}}
    (listens,) = CONTAINER["ports"]
    assert port["targetPort"] == listens["name"]
    assert str(listens["containerPort"]) == SETTINGS["PORT"]
    scaled = PARTS["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert (scaled["kind"], scaled["name"]) == ("Deployment", PARTS["Deployment"]["metadata"]["name"])
    assert "replicas" not in PARTS["Deployment"]["spec"]  # or each roll-out would undo the scaling


def test_probes_ask_what_the_server_answers(server: str) -> None:
    probes = {name: CONTAINER[name]["httpGet"]["path"] for name in CONTAINER if name.endswith("Probe")}
    assert probes == {"startupProbe": "/ready", "readinessProbe": "/ready", "livenessProbe": "/_stcore/health"}
    assert {httpx2.get(server + path).status_code for path in probes.values()} == {200}


def test_it_ends_before_it_is_killed() -> None:
    assert read_drain(SETTINGS["LOSSARIUM_DRAIN"]) + FINISH < POD["terminationGracePeriodSeconds"]
    # The ingress hears of it while the server still listens.
    probe = CONTAINER["readinessProbe"]
    assert probe["periodSeconds"] <= read_drain(SETTINGS["LOSSARIUM_DRAIN"])


def test_every_setting_is_one_of_the_server() -> None:
    known = (ROOT / "app.py").read_text()
    assert set(SETTINGS) <= set(re.findall(r"^([A-Z_]+)  ", known, re.MULTILINE))


def test_as_little_as_possible_is_allowed() -> None:
    own, pod = CONTAINER["securityContext"], POD["securityContext"]
    assert own == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["runAsNonRoot"]
    assert f"USER {pod['runAsUser']}:{pod['runAsGroup']}" in (ROOT / "deploy" / "Containerfile").read_text()
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not POD["automountServiceAccountToken"]
    assert {"cpu", "memory"} == set(CONTAINER["resources"]["limits"]) == set(CONTAINER["resources"]["requests"])
    assert not CONTAINER["image"].endswith(":latest")


def test_a_session_stays_and_an_upload_fits() -> None:
    assert (ANNOTATIONS["affinity"], ANNOTATIONS["session-cookie-change-on-failure"]) == ("cookie", "true")
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    size = f"{settings['server']['maxUploadSize'] + 1}m"
    assert ANNOTATIONS["proxy-body-size"] == size
    assert f"client_max_body_size {size};" in (ROOT / "deploy" / "nginx.conf").read_text()
    assert "http_404" in ANNOTATIONS["proxy-next-upstream"]
