"""A client of Rookery made by protoc alone: client.py DIRECTORY_OF_rookery_pb2 PORT. docs/PROTOCOL.md is all it knows."""

import socket
import struct
import sys

sys.path.insert(0, sys.argv[1])
import rookery_pb2 as p  # noqa: E402


class Client:
    def __init__(self, port, role, name):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.id = 0
        self.welcome = self.ask(hello=p.Hello(version_min=1, version_max=1, role=role, name=name)).welcome

    def ask(self, **body):
        self.id += 1
        data = p.Envelope(id=self.id, **body).SerializeToString()
        self.sock.sendall(struct.pack(">IB", len(data) + 1, 0) + data)
        reply = self.read()
        assert reply.in_reply_to == self.id, reply
        return reply

    def read(self):
        length, flags = struct.unpack(">IB", self.exactly(5))
        assert flags == 0, "this client understands no zstd"
        return p.Envelope.FromString(self.exactly(length - 1))

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.sock.recv(count - len(data))
            assert more, "the hub closed"
            data += more
        return data


def artifact(text):
    return p.Item(artifact=p.Artifact(content_type="text", content=text.encode(), raw_source="py://" + text))


def show(name, ack):
    verdicts = " ".join(p.VerdictCode.Name(v.code) for v in ack.verdicts)
    print(name, p.IngestRefusal.Name(ack.refusal), ack.last_applied, ack.replayed, verdicts)


port = int(sys.argv[2])
operator = Client(port, p.ROLE_OPERATOR, "python")
print("welcome", operator.welcome.version, operator.welcome.max_frame, operator.welcome.credit)
target = p.TargetSpec(type="web", location="https://example.org/", schedule=p.SCHEDULE_ONCE)
key = bytes(range(16))
for _ in range(2):
    reply = operator.ask(submit_targets=p.SubmitTargets(key=key, targets=[target])).submit_targets_reply
    print("submit", p.SubmitResult.Name(reply.verdicts[0].result))

node = Client(port, p.ROLE_NODE, "python-node")
first = p.IngestBatch(stream=7, first_sequence=1, items=[artifact("one"), artifact("two"), artifact("one")])
ack = node.ask(ingest_batch=first).ingest_ack
show("first", ack)
replay = node.ask(ingest_batch=first).ingest_ack
show("replay", replay)
print("same", [(v.artifact, v.digest) for v in ack.verdicts] == [(v.artifact, v.digest) for v in replay.verdicts])
show("gap", node.ask(ingest_batch=p.IngestBatch(stream=7, first_sequence=9, items=[artifact("nine")])).ingest_ack)
known = p.Item(unchanged=p.Unchanged(digest=ack.verdicts[0].digest, raw_source="py://one"))
unknown = p.Item(unchanged=p.Unchanged(digest=bytes(32), raw_source="py://one"))
show("unchanged", node.ask(ingest_batch=p.IngestBatch(stream=7, first_sequence=4, items=[known, unknown])).ingest_ack)

status = operator.ask(cluster_status=p.ClusterStatus()).cluster_status_reply
counters = {c.name: c.value for c in status.counters}
for name in ["received", "stored", "duplicate", "refused", "unchanged"]:
    print("artifacts_" + name, counters["artifacts_" + name])
print("targets_submitted", counters["targets_submitted"])
found = operator.ask(get_artifact=p.GetArtifact(digest=ack.verdicts[1].digest, with_content=True)).get_artifact_reply
print("content", found.content.decode(), found.artifact.raw_source, found.artifact.node)
print("error", p.ErrorCode.Name(operator.ask(get_artifact=p.GetArtifact(id=99)).error.code))
