import Model
import Storage
import Wire

/// Targets as operators submit them.
extension OrchestratorCore {
    func submit(_ message: Proto.SubmitTargets, by actor: String) throws(StorageError) -> Proto.Envelope.Body {
        guard message.key.count == 16 else {
            return .invalid("key", "it has \(message.key.count) bytes; use 16 random ones")
        }
        guard message.targets.count <= Limits.maxTargetsPerChunk else {
            let most = Limits.maxTargetsPerChunk
            return .invalid(
                "targets", "the chunk has \(message.targets.count); send at most \(most) and number the chunks")
        }
        let place = SubmissionPlace(key: Array(message.key), chunk: message.chunk)
        if let reply = try remembered(place).flatMap({ try? Proto.SubmitTargetsReply(decoding: $0) }) {
            return .submitTargetsReply(reply)
        }
        let reply = Proto.SubmitTargetsReply(
            chunk: message.chunk, verdicts: message.targets.map { submit($0, by: actor) })
        remember(place, reply.encoded())
        return .submitTargetsReply(reply)
    }

    /// What was answered to this key and chunk before.
    func remembered(_ place: SubmissionPlace) throws(StorageError) -> [UInt8]? {
        if let waiting = changes.submissions.first(where: { $0.place == place }) { return waiting.reply }
        return try readSubmission(place)
    }

    func remember(_ place: SubmissionPlace, _ reply: [UInt8]) {
        changes.submissions.append((place, reply))
        if submissionsExpire == nil { submissionsExpire = now + Limits.keyMemory }
    }

    private func submit(_ spec: Proto.TargetSpec, by actor: String) -> Proto.TargetVerdict {
        do throws(FieldError) {
            let valid = try ValidTarget(spec)
            let id = identity.id(type: valid.type, location: spec.location, pin: valid.pin)
            let isNew = numbers[id] == nil
            if let number = numbers[id] { update(number, with: spec) } else { create(id, valid) }
            return Proto.TargetVerdict(result: isNew ? .created : .updated, target: id.bytes[...])
        } catch {
            decide(.rejected, by: actor, "target \(quoted(spec.location)): \(error.field): \(error.sentence)")
            return Proto.TargetVerdict(result: .refused, field: error.field, message: error.sentence)
        }
    }

    private func create(_ id: TargetID, _ valid: ValidTarget) {
        let spec = valid.spec
        let timing = Timing().given(spec, at: time)
        let capability = OrchestratorCore.canonical(capability: spec.capability)
        let requirement = Requirement(capability: capability ?? valid.type.name, pin: valid.pin)
        let details = Proto.TargetSpec().details(updatedBy: spec)
        add(
            TargetEntry(
                target: Target(
                    id: id, timing: timing, priority: UInt8(spec.priority ?? Limits.defaultPriority),
                    state: .scheduled(due: timing.first(at: time))),
                type: valid.type, location: spec.location, capability: capability, pin: valid.pin,
                place: assigner.place(requirement, host: OrchestratorCore.gate(of: spec.location, details)),
                details: details, trail: DecisionTrail(isKnown: true)))
        totals.submitted += 1
        changes.totals = true
        changes.firstCreated = min(changes.firstCreated, targets.count - 1)
        targets[targets.count - 1].trail.isKnown = true
        changes.specs.add(targets.count - 1)
        changes.progress.add(targets.count - 1)
    }

    /// Appends a target, new or read from disk, and puts it where its state belongs.
    func add(_ entry: TargetEntry) {
        let number = targets.count
        targets.append(entry)
        numbers[entry.target.id] = number
        states.move(from: nil, to: entry.target.state)
        assigner.addDemand(entry.target.demand, at: entry.place)
        reposition(number)
    }

    /// What is absent stays; counters and a running lease are not touched.
    private func update(_ number: TargetNumber, with spec: Proto.TargetSpec) {
        if let priority = spec.priority { targets[number].target.priority = UInt8(priority) }
        if let capability = OrchestratorCore.canonical(capability: spec.capability) {
            targets[number].capability = capability
        }
        let old = targets[number].details?.spec ?? Proto.TargetSpec()
        targets[number].details = old.details(updatedBy: spec)
        move(number)
        let timing = targets[number].target.timing.given(spec, at: time)
        change(number) { _ = $0.reschedule(timing, at: time) }
        reposition(number)
        changes.specs.add(number)
        changes.progress.add(number)
    }

    /// To where its capability and its politeness belong now; a lease that collects goes with it.
    private func move(_ number: TargetNumber) {
        let entry = targets[number]
        let old = entry.place
        let new = assigner.place(
            entry.requirement, host: OrchestratorCore.gate(of: entry.location, entry.details))
        guard new != old else { return }
        assigner.dequeue(number, at: old, now: now)
        assigner.addDemand(-entry.target.demand, at: old)
        assigner.addDemand(entry.target.demand, at: new)
        if case .leased(let running, _) = entry.target.state, let lease = leases[running], lease.isCollecting,
            new.host != old.host
        {
            assigner.stopCollecting(old, now: now)
            assigner.startCollecting(new, by: lease.node, now: now)
        }
        targets[number].place = new
    }

    /// Nil: the type's own.
    static func canonical(capability: String) -> String? {
        capability.isEmpty ? nil : TargetType(name: capability)?.name ?? capability
    }
}

extension Proto.TargetSpec {
    /// The fields that `TargetDetails` holds, each replaced where the new one is given. Nil when none is set.
    fileprivate func details(updatedBy spec: Proto.TargetSpec) -> TargetDetails? {
        var details = self
        details.keepPlan(of: spec)
        if !spec.labels.isEmpty { details.labels = spec.labels }
        if !spec.metadata.isEmpty { details.metadata = spec.metadata }
        details.confidence = spec.confidence ?? confidence
        details.threatLevel = spec.threatLevel ?? threatLevel
        details.opportunityValue = spec.opportunityValue ?? opportunityValue
        details.maxBytes = spec.maxBytes ?? maxBytes
        return details == Proto.TargetSpec() ? nil : TargetDetails(details)
    }

    /// Interval and once stand in columns of their own.
    private mutating func keepPlan(of spec: Proto.TargetSpec) {
        switch spec.schedule {
        case .interval, .once: (schedule, cron) = (.unspecified, "")
        case .adaptive: (schedule, cron) = (.adaptive, "")
        case .cron, .unspecified, .unrecognized:
            if !spec.cron.isEmpty { (schedule, cron) = (.cron, spec.cron) }
        }
    }
}
