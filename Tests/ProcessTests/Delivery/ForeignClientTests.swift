import TestKit
import Testing

/// A client in another language, made of rookery.proto by protoc and of docs/PROTOCOL.md by hand.
@Suite(.processes) struct ForeignClientTests {
    @Test func `protoc and a few lines of socket code are enough for a client`() throws {
        let directory = TemporaryDirectory()
        let hub = try Rookery.hub(directory)
        let root = Python.quoted(Python.root)
        let place = Python.quoted(directory.path)
        let output = try Python.shell(
            """
            protoc -I \(root)/Sources/Wire --python_out=\(place) rookery.proto \
            && /usr/bin/python3 \(root)/Tests/Foreign/client.py \(place) \(hub.port)
            """)
        #expect(
            output == """
                welcome 1 8388608 2048
                submit SUBMIT_CREATED
                submit SUBMIT_CREATED
                first INGEST_ACCEPTED 3 0 VERDICT_STORED VERDICT_STORED VERDICT_DUPLICATE
                replay INGEST_ACCEPTED 3 3 VERDICT_STORED VERDICT_STORED VERDICT_DUPLICATE
                same True
                gap INGEST_GAP 3 0 
                unchanged INGEST_ACCEPTED 5 0 VERDICT_UNCHANGED VERDICT_UNKNOWN_DIGEST
                artifacts_received 3
                artifacts_stored 2
                artifacts_duplicate 1
                artifacts_refused 0
                artifacts_unchanged 1
                targets_submitted 1
                content two py://two python-node
                error ERROR_NOT_FOUND

                """)
    }
}
