# /// hostile
# verdicts = ["accepted"]
# danger = "Programs that run as root whoever starts them."
# ///
import subprocess


def f(x):
    for argv in (["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], ["mount"], ["pkexec", "id", "-u"], ["newgrp"],
                 ["unshare", "-Ur", "id", "-u"], ["bwrap", "--bind", "/", "/", "id", "-u"]):
        try:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=1, check=False)
        except (OSError, subprocess.SubprocessError):
            continue
        if done.returncode == 0 and done.stdout.strip() == b"0":
            return f"BREACH: {argv} ran as root"
    return x + 1
