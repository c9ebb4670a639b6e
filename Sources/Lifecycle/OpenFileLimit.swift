import Glibc

/// How many descriptors this process may have open. Systems start processes with a soft limit of 1,024, kept low for
/// programs that use select(); a server that means to hold thousands of connections raises its own.
package enum OpenFileLimit {
    /// Raises the soft limit to the hard one, and returns what is allowed now.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        var wanted = limit
        wanted.rlim_cur = limit.rlim_max
        let raised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0
        return Int(clamping: raised ? wanted.rlim_cur : limit.rlim_cur)
    }
}
