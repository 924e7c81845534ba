"""What `make serve` does when something is wrong. As it runs: tests/deploy/test_nginx.py."""

from pathlib import Path

import pytest

from deploy import serve


def test_without_nginx_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nginx was not found\. Install it .* NGINX="):
        serve.find_nginx({"PATH": "", "NGINX": str(tmp_path / "nginx")})


def test_a_server_that_cannot_live_is_not_started_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit(3)")
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    server = serve.Server(2, 1)
    for _ in range(serve.TRIES - 1):
        server.process.wait(30)
        server.revive()
    server.process.wait(30)
    with pytest.raises(SystemExit, match="server 2 does not stay: it ended 3 times soon after its start"):
        server.revive()
    assert capsys.readouterr().err.count("server 2 ended with status 3; it is started again") == 2
    server.born -= serve.YOUNG + 1  # one that worked for a while is no such case
    server.revive()
    server.process.wait(30)


def test_the_servers_by_the_names_that_nginx_conf_uses() -> None:
    text = serve.servers_conf(["10.0.0.5:8501", "10.0.0.6:8501"])
    for part in (
        "upstream any {",
        "upstream by_browser {\n    hash $browser;",
        "upstream server_2 { server 10.0.0.6:8501 max_fails=0; }",
        "map $cookie_lossarium_server $home {\n    default by_browser;\n    1 server_1;\n    2 server_2;\n}",
        '"~(^|[ ,])10[.]0[.]0[.]6:8501$" 2;',
    ):
        assert part in text
    conf = serve.CONF.read_text()
    used = ("http://$maker;", "default any;", "http://by_browser;", "http://$home;", "$answered;", "$browser ")
    assert all(name in conf for name in used)
