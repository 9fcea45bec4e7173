# /// hostile
# verdicts = ["wrong_answer", "runtime_error", "time_limit", "output_limit"]
# danger = "Functions through which an answer leaves the process."
# problem = "vault"
# ///
import os
import select
import socket
import struct

real_write = os.write
os.write = lambda fd, data: real_write(fd, b'{"value": "forged"}')
os.read = lambda fd, n: b""
struct.pack = lambda *a: b"\0\0\0\0"
struct.unpack = lambda *a: (0,)
struct.Struct = lambda *a: None
socket.socket.send = socket.socket.sendall = lambda self, data, *a: len(data)
socket.socket.recv = lambda self, n, *a: b""
select.select = lambda *a: ([], [], [])


def f(x):
    return x
