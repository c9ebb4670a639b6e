package import Model

/// What the model names, as messages name it.
extension Fence {
    package init(_ message: Proto.Fence) { self.init(incarnation: message.incarnation, counter: message.counter) }

    package var wire: Proto.Fence { Proto.Fence(incarnation: incarnation, counter: counter) }
}

extension LeaseRef {
    /// Nil for fields that name no target or no fence.
    package init?(lease: UInt64, target: ArraySlice<UInt8>, fence: Proto.Fence?) {
        guard let target = TargetID(target), let fence else { return nil }
        self.init(lease: lease, target: target, fence: Fence(fence))
    }

    package var wire: Proto.LeaseRef { Proto.LeaseRef(lease: lease, target: target.bytes[...], fence: fence.wire) }
}

extension Proto.LeaseRef {
    /// Nil when it names no target or no fence.
    package var ref: LeaseRef? { LeaseRef(lease: lease, target: target, fence: fence) }
}
