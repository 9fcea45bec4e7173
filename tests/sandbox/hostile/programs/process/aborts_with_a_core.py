# /// hostile
# verdicts = ["runtime_error"]
# danger = "Asks for a core file as large as memory and then crashes."
# ///
import os
import resource


def f(x):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        pass
    os.chdir("/tmp")
    os.abort()
