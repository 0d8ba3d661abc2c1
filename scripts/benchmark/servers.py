"""The two servers that are compared."""

import pathlib
import socket
import tempfile

from benchmark.processes import Broken, Server

# Both compare it. Whoever reads it may: it opens nothing but a server on the loopback interface for some minutes.
TOKEN = "benchmark-0123456789abcdef0123456789abcdef"

PATH = "/webhooks/wazuh"

# Where nginx lies: the system's, or the one that scripts/setup fetched.
PLACES = [pathlib.Path("/usr"), pathlib.Path(__file__).resolve().parents[2] / ".build-tools/nginx/usr"]
ECHO_MODULE = "lib/nginx/modules/ngx_http_echo_module.so"


class Nginx(Server):
    """The reference: reads the whole body, compares the token, parses nothing, answers 202."""

    name = "nginx"

    def __init__(self, folder, certificates):
        self.is_tls = certificates is not None
        self.port = _free_port()
        self.place = next((place for place in PLACES if (place / ECHO_MODULE).exists()), None)
        if not self.place:
            raise Broken("there is no nginx with the echo module; scripts/setup --bench brings it")
        home = _home(folder, self.name)
        configuration = home / "nginx.conf"
        configuration.write_text(self.configuration(home, certificates))
        self.start([self.place / "sbin/nginx", "-e", home / "error.log", "-c", configuration], home / "output")
        self.wait_until(self.answers)

    def configuration(self, home, certificates):
        temporary = " ".join(
            f"{kind}_temp_path {home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        tls = ""
        if certificates:
            tls = f"""
    ssl_certificate {certificates}/server.pem;
    ssl_certificate_key {certificates}/server.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ecdh_curve X25519:prime256v1:secp384r1;"""
        return f"""
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
error_log {home}/error.log;
pid {home}/pid;
load_module {self.place / ECHO_MODULE};
events {{ worker_connections 19000; }}
http {{
    access_log off;
    {temporary}
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    client_body_buffer_size 64k;
    client_body_in_single_buffer on;
    map_hash_bucket_size 256;
    map $http_authorization $is_known {{ default ""; "Bearer {TOKEN}" yes; }}{tls}
    server {{
        listen 127.0.0.1:{self.port}{" ssl" if certificates else ""} backlog=4096;
        location = {PATH} {{
            if ($is_known = "") {{ return 401; }}
            echo_read_request_body;
            echo_status 202;
            echo -n "";
        }}
    }}
}}
"""

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Warnbell(Server):
    """What is measured: decodes, decides and batches each alert, and delivers none."""

    name = "warnbell"

    def __init__(self, folder, certificates, binary, connections, mode, more=None, home=None):
        self.is_tls = certificates is not None
        #: Where its configuration and its data are; another's, to go on with that.
        self.home = home = home or _home(folder, self.name)
        lines = [f"{key}: {value}" for key, value in (self.settings(connections) | (more or {})).items()]
        lines += [f"journal.mode: {mode}", "listen.port: 0", f"data.directory: {home}/data", "log.level: error"]
        lines += [f"auth.tokens: ['bench:{TOKEN}']"]
        if certificates:
            lines += [f"listen.tls.certificate: {certificates}/server.pem"]
            lines += [f"listen.tls.key: {certificates}/server.key"]
        (home / "warnbell.yaml").write_text("\n".join(lines) + "\n")
        ready = home / "ready"
        ready.unlink(missing_ok=True)
        command = [binary, "serve", "--count-only", "--config", home / "warnbell.yaml", "--ready-file", ready]
        self.start(command, home / "log")
        url = self.wait_until(lambda: ready.exists() and ready.read_text().strip())
        self.port = int(url.rpartition(":")[2])

    @staticmethod
    def settings(connections):
        """One loop for one processor, and every limit that the load could run into out of its way."""
        return {
            "listen.loops": 1,
            "listen.max_connections": connections + 100,
            "listen.max_connections_per_address": connections + 100,
            "listen.max_requests_per_connection": 1_000_000_000,
            "listen.keep_alive_timeout": "1h",
            "journal.max_alerts": 1_000_000,
            "journal.max_bytes": "4GiB",
            "retention.bytes": "64GiB",
        }


def _home(folder, name):
    home = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=folder))
    home.chmod(0o755)  # nginx's workers are another user when root starts it.
    return home


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
