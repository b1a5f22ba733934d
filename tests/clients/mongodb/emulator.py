"""A MongoDB that needs no mongod: Mongoeco's wire server, with the small fixes that the Rust driver needs.

    emulator.py PORT memory|FILE [USER PASSWORD]

PORT 0 takes a free one. The address is the first line that is printed. With a file (SQLite) what was acknowledged survives a
kill. It knows no change streams, no sessions worth using, and is slow with thousands of documents: see docs/mongodb.md for
what only a real server can show.
"""
import asyncio
import signal
import struct
import sys

import faster
import mongoeco.wire.proxy as proxy
from bson import encode as bson_encode
from bson.int64 import Int64
from mongoeco.engines.memory import MemoryEngine
from mongoeco.engines.sqlite import SQLiteEngine
from mongoeco.wire import AsyncMongoEcoProxyServer, WireAuthUser
from mongoeco.wire.bson_bridge import encode_wire_value

# Parts of a command that are counts. The driver sends them as int64; Mongoeco takes Python's int alone.
COUNTS = ("batchSize", "getMore", "limit", "max", "maxTimeMS", "n", "size", "skip")
OP_MSG = 2013

decode_op_msg = proxy.decode_op_msg


def plain(value):
    """A count as Python's int, whatever it came as."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    inner = getattr(value, "value", None)
    return int(inner) if isinstance(inner, int) else value


def counts(document, *keys):
    for key in keys:
        if key in document:
            document[key] = plain(document[key])


def decode(header, payload):
    request = decode_op_msg(header, payload)
    body = request.body
    counts(body, *COUNTS)
    if isinstance(body.get("cursor"), dict):
        counts(body["cursor"], "batchSize")
    if isinstance(body.get("cursors"), list):
        body["cursors"] = [plain(cursor) for cursor in body["cursors"]]
    for stage in body.get("pipeline") or []:
        if isinstance(stage, dict):
            counts(stage, "$limit", "$skip")
    if "createIndexes" in body:
        for index in body.get("indexes") or []:
            counts(index, "expireAfterSeconds")
    for delete in body.get("deletes") or []:
        if isinstance(delete, dict):
            counts(delete, "limit")
    return request


def encode(document, *, request_id, response_to):
    answer = dict(encode_wire_value(document))
    cursor = answer.get("cursor")
    if isinstance(cursor, dict) and "id" in cursor:
        answer["cursor"] = {**cursor, "id": Int64(int(cursor["id"]))}
    if answer.get("ok") == 0.0 and "code" not in answer:
        answer["code"] = 96
        answer["codeName"] = "OperationFailed"
    payload = struct.pack("<i", 0) + b"\x00" + bson_encode(answer)
    return struct.pack("<iiii", 16 + len(payload), request_id, response_to, OP_MSG) + payload


async def serve(port, path, users):
    engine = MemoryEngine() if path == "memory" else SQLiteEngine(path)
    options = {"auth_users": users} if users else {}
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    server = AsyncMongoEcoProxyServer(
        engine=engine, host="127.0.0.1", port=port, mongodb_dialect="8.0", **options
    )
    async with server:
        print(f"mongodb://{server.address.host}:{server.address.port}/?directConnection=true", flush=True)
        await stop.wait()


def main():
    port, path, *sign_in = sys.argv[1:]
    users = (WireAuthUser(username=sign_in[0], password=sign_in[1]),) if sign_in else ()
    faster.install()
    proxy.decode_op_msg = decode
    proxy.encode_op_msg_response = encode
    asyncio.run(serve(int(port), path, users))


if __name__ == "__main__":
    main()
