# /// hostile
# verdicts = ["accepted"]
# danger = "A socket file that anybody on the host may write to."
# ///
import socket


def f(x):
    for path in ("@@SOCKET_FILE@@", "/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket",
                 "/run/systemd/notify", "/dev/log", "/run/postgresql/.s.PGSQL.5432", "/tmp/.X11-unix/X0"):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                with socket.socket(socket.AF_UNIX, kind) as link:
                    link.connect(path)
                    return "BREACH: reached " + path
            except OSError:
                continue
    return x + 1
