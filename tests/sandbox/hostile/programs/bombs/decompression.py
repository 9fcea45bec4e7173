# /// hostile
# verdicts = ["memory_limit", "runtime_error", "time_limit"]
# danger = "A few kilobytes that unpack to gigabytes inside C code."
# ///
import zlib


def f(x):
    packer = zlib.compressobj(9)
    small = b"".join(packer.compress(bytes(1 << 20)) for _ in range(400)) + packer.flush()
    return len(zlib.decompress(small)) and x + 1
