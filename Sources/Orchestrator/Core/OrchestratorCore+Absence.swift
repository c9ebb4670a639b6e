import Model

/// The coordinator is away for a while: everything goes on but what only it can confirm.
extension OrchestratorCore {
    /// No lease has lost the time of the absence, and what may not have reached the coordinator is told again.
    func coordinatorIsBack() {
        guard let since = coordinatorAway else { return }
        coordinatorAway = nil
        let absence = now.since(since)
        for number in leases.keys.sorted() {
            guard var lease = leases[number] else { continue }
            lease.extend(by: absence)
            leases[number] = lease
            timers.set(lease.target, lease.deadline)
        }
        repeatQuotas()
        if !notices.isEmpty { repeatNotices() }
    }
}
