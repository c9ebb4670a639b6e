import Model
import Storage
import Wire

/// What operators do to targets, one by one or all that a filter names.
extension OrchestratorCore {
    func operate(_ message: Proto.OperateTargets, by actor: String) throws(StorageError) -> Proto.Envelope.Body {
        let operation: TargetOperation
        let place: SubmissionPlace
        do throws(FieldError) {
            operation = try TargetOperation(message.action)
            place = try SubmissionPlace(.targets, key: message.key, chunk: message.chunk)
            try check(message)
        } catch {
            return .invalid(error)
        }
        if let reply = try remembered(place).flatMap({ try? Proto.OperateTargetsReply(decoding: $0) }) {
            return .operateTargetsReply(reply)
        }
        var reply = Proto.OperateTargetsReply()
        if message.targets.isEmpty {
            do throws(FieldError) { try operate(operation, by: actor, on: message, &reply) } catch {
                return .invalid(error)
            }
        } else {
            for bytes in message.targets {
                guard let number = TargetID(bytes).flatMap({ numbers[$0] }) else {
                    reply.unknown.append(bytes)
                    continue
                }
                operate(operation, by: actor, on: number, &reply)
            }
        }
        remember(place, reply.encoded())
        return .operateTargetsReply(reply)
    }

    private func check(_ message: Proto.OperateTargets) throws(FieldError) {
        if message.targets.count > Limits.maxTargetsPerChunk {
            throw FieldError(
                "targets", "there are \(message.targets.count); send at most \(Limits.maxTargetsPerChunk) at a time")
        }
        if message.targets.isEmpty, message.filter == nil {
            throw FieldError("targets", "there are none, and no filter; name targets, or send a filter, empty for all")
        }
    }

    /// One page of those that the filter names: as many targets as are looked at for one page of a list.
    private func operate(
        _ operation: TargetOperation, by actor: String, on message: Proto.OperateTargets,
        _ reply: inout Proto.OperateTargetsReply
    ) throws(FieldError) {
        let filter = try TargetFilter(message.filter ?? Proto.TargetFilter())
        guard var at = start(after: message.after) else {
            throw FieldError("after", "the cursor is no target's id; use `next` of the page before")
        }
        let end = min(targets.count, at + Limits.listScan)
        var done = 0
        while at < end, done < Limits.maxTargetsPerChunk {
            if filter.matches(targets[at]) {
                operate(operation, by: actor, on: at, &reply)
                done += 1
            }
            at += 1
        }
        if at < targets.count, at > 0 { reply.next = targets[at - 1].target.id.bytes[...] }
    }

    private func operate(
        _ operation: TargetOperation, by actor: String, on number: TargetNumber,
        _ reply: inout Proto.OperateTargetsReply
    ) {
        let before = targets[number].target.state.name
        if operate(operation, on: number) {
            reply.changed += 1
            let state = targets[number].target.state.name
            decide(.operated, target: number, by: actor, "\(before) to \(state), by an operator")
        } else {
            reply.unchanged += 1
            if reply.message.isEmpty { reply.message = operation.refusal(in: before) }
        }
    }

    func show(_ message: Proto.GetTarget) throws(StorageError) -> Proto.Envelope.Body {
        guard let number = TargetID(message.id).flatMap({ numbers[$0] }) else { return .unknownTarget("id") }
        return .getTargetReply(
            Proto.GetTargetReply(
                target: info(number, withSpec: true), decisions: try decisions(about: number)))
    }
}

extension Proto.Envelope.Body {
    static func unknownTarget(_ field: String) -> Proto.Envelope.Body {
        .error(.notFound, "there is no target with this id; rookery targets list --json shows ids", field: field)
    }
}

extension TargetOperation {
    init(_ action: Proto.TargetAction) throws(FieldError) {
        switch action {
        case .retry: self = .revive
        case .cancel: self = .cancel
        case .pause: self = .pause
        case .resume: self = .resume
        case .unspecified, .unrecognized:
            throw FieldError(
                "action", "\(action.rawValue) is no action; use 1 (retry), 2 (cancel), 3 (pause) or 4 (resume)")
        }
    }

    func refusal(in state: String) -> String {
        switch self {
        case .pause: "it is \(state); what is scheduled, due, leased or in retry can be paused"
        case .resume: "it is \(state); only what is paused can be resumed"
        case .cancel: "it is \(state); what is over cannot be cancelled"
        case .revive: "it is \(state); only what is dead or in retry can be tried again at once"
        }
    }
}

extension SubmissionPlace {
    /// What kind of request a key belongs to, so that no reply is taken for another's.
    enum Kind: UInt8 {
        case targets = 1
        case node = 2
        case quota = 3
    }

    init(_ kind: Kind, key: ArraySlice<UInt8>, chunk: UInt64 = 0) throws(FieldError) {
        guard key.count == 16 else { throw FieldError("key", "it has \(key.count) bytes; use 16 random ones") }
        self.init(key: Array(key) + [kind.rawValue], chunk: chunk)
    }
}
