import Model
import Telemetry
import Transport
import Wire

/// Makes frames of envelopes, and says which of them may wait.
final class Outgoing: Sendable {
    private let encoder: FrameEncoder
    private let log: Logger

    init(compressor: any ByteCompressor, log: Logger) {
        encoder = FrameEncoder(compressor: compressor)
        self.log = log
    }

    /// Nil when the envelope is longer than any peer takes; that is our fault, and said in the log.
    func frame(_ envelope: Proto.Envelope) -> [UInt8]? {
        do throws(FrameFault) {
            return try encoder.encode(envelope)
        } catch {
            log.error("reply is too long for a frame", ["error": .of(error)])
            return try? encoder.encode(
                Proto.Envelope(
                    inReplyTo: envelope.inReplyTo,
                    body: .error(
                        Proto.Error(code: .unavailable, message: "the reply is longer than a frame; ask for less"))))
        }
    }

    /// A framed Error for a connection that ends.
    func notice(_ code: Proto.ErrorCode, _ message: String) -> [UInt8] {
        let error = Proto.Error(
            code: code, message: message, retryAfterMs: UInt32(Limits.unavailableRetry.milliseconds))
        return frame(Proto.Envelope(body: .error(error))) ?? []
    }

    /// Long listings wait behind what keeps the fleet alive.
    func priority(_ envelope: Proto.Envelope) -> SendPriority {
        switch envelope.body {
        case .getArtifactReply, .listArtifactsReply, .listTargetsReply, .submitTargetsReply,
            .getNodeReputationReply, .topArtifactsReply, .listPatternsReply, .listPatternTextsReply,
            .listScenariosReply, .listSkippedReply, .artifactHistoryReply, .operateTargetsReply, .listDecisionsReply,
            .planReply:
            .bulk
        default: .control
        }
    }

    func post(_ envelope: Proto.Envelope, to connection: Connection) {
        guard let frame = frame(envelope) else { return }
        connection.post([frame], priority(envelope))
    }

    func reply(_ body: Proto.Envelope.Body, to envelope: Proto.Envelope, on connection: Connection) {
        post(Proto.Envelope(inReplyTo: envelope.id, body: body), to: connection)
    }
}
