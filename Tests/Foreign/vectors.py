"""Another implementation's view of rookery.proto (python3-protobuf): use vectors.py DIRECTORY_OF_rookery_pb2.

Reads lines "Message hex", parses each, and answers "Message hex" as it would send it. Then it says what it makes itself.
"""

import sys

sys.path.insert(0, sys.argv[1])
import rookery_pb2 as p  # noqa: E402

for line in sys.stdin:
    name, _, data = line.rstrip("\n").partition(" ")
    message = getattr(p, name)()
    message.ParseFromString(bytes.fromhex(data))
    assert not message.UnknownFields() if hasattr(message, "UnknownFields") else True
    print(name, message.SerializeToString(deterministic=True).hex())

own = p.Envelope(id=2**64 - 1)
batch = own.ingest_batch
batch.stream = 2**63
batch.first_sequence = 1
batch.leases.add(lease=7, target=bytes(range(16))).fence.counter = 300
item = batch.items.add(lease=1)
item.artifact.content = "Füchse 🦊".encode()
item.artifact.content_type = "text/plain"
item.artifact.metadata["ü"] = ""
item.artifact.metadata["a"] = "1"
item.artifact.confidence = 0.0
item.artifact.collected_at_ms = -(2**63)
item.artifact.score_reasons.extend(["", "second"])
batch.items.add().unchanged.SetInParent()
print("own", own.SerializeToString().hex())
