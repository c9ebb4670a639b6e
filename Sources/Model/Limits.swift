/// Every limit of the product, with its unit. A limit that follows from others is computed from them.
package enum Limits {
    package static let kibibyte = 1 << 10
    package static let mebibyte = 1 << 20

    // Wire
    package static let protocolVersion: UInt32 = 1
    package static let defaultPort: UInt16 = 7400
    package static let maxFrame = 8 * mebibyte  // bytes after the length prefix
    package static let maxFrameBeforeWelcome = 16 * kibibyte  // bytes
    package static let maxBytesHeld = 256 * mebibyte  // unfinished frames and unsent replies, all connections
    package static let maxOutputPerConnection = 16 * mebibyte  // bytes unsent before a reader counts as too slow
    package static let maxConnections = 8_192
    package static let descriptorsApart = 64  // for stores and loops; the rest is for connections
    package static let helloTimeout = Span.seconds(10)
    package static let idleTimeout = Span.seconds(300)  // without any valid frame
    package static let frameTimeout = Span.seconds(30)  // from a frame's first byte to its last
    package static let compressFrameAbove = 4 * kibibyte  // bytes of payload worth the attempt
    package static let maxPingPayload = kibibyte  // bytes
    package static let bodyErrorsInARow = 3  // then the connection is closed
    package static let protobufDepth = 16  // messages within messages
    package static let protobufElementBytes = mebibyte  // memory that one message's elements may always take
    package static let protobufExpansion = 8  // and this much more for every byte of the message

    // Intake
    package static let maxBatch = 256  // items
    package static let maxInFlight = 8  // batches a stream
    package static let credit = 2_048  // artifacts a node may have unacked: maxBatch * maxInFlight
    package static let groupBytes = 4 * mebibyte  // content in one commit
    package static let groupArtifacts = 2_048  // artifacts in one commit
    package static let intakeQueueBytes = 64 * mebibyte  // waiting for the ledger thread
    package static let maxContent = mebibyte  // bytes of one artifact
    package static let maxMetadataKeys = 64
    package static let maxMetadataKey = 128  // bytes
    package static let maxMetadataValue = 4 * kibibyte  // bytes
    package static let maxRawSource = 8 * kibibyte  // bytes
    package static let maxContentType = 64  // bytes
    package static let sightingSources: UInt64 = 64  // nodes and kinds kept apart an artifact; the rest is counted
    package static let clockTolerance: Int64 = 5 * 60 * 1_000  // ms that collected_at may lie ahead
    package static let wallJump: Int64 = 60 * 1_000  // ms; a jump over this is recorded
    package static let diskLowWater: UInt64 = 2 << 30  // bytes free below which intake is refused
    package static let noCreditRetry = Span.milliseconds(200)
    package static let unavailableRetry = Span.seconds(1)

    // Fleet and leases
    package static let heartbeatInterval = Span.seconds(10)
    package static let suspectAfter = Span.seconds(25)  // 2.5 heartbeats without a sign of life
    package static let offlineAfter = Span.seconds(300)
    package static let defaultCapacity: UInt32 = 8
    package static let collectingDeadline = Span.minutes(10)
    package static let deliveringDeadline = Span.hours(24)
    package static let handBackBase = Span.seconds(1)  // wait after the second lease in a row that nodes gave back
    package static let maxKeptError = 512  // bytes of an error that a node reports
    package static let hostConcurrency: UInt32 = 2  // leases collecting from one host at a time, whole fleet
    package static let hostDelay = Span.milliseconds(500)  // between two starts at one host
    package static let maxBookmark = 16 * kibibyte  // bytes
    package static let maxNodeName = 64  // bytes
    package static let maxCapacity: UInt32 = 10_000
    package static let maxCapabilities = 64
    package static let maxLabels = 64
    package static let maxLabel = 256  // bytes of a key and its value together

    // Targets
    package static let defaultPriority: UInt32 = 5
    package static let maxPriority: UInt32 = 10
    package static let defaultInterval = Span.seconds(3_600)
    package static let minRetryInterval = Span.seconds(300)
    package static let maxInterval = Span.hours(24 * 30)
    package static let failuresUntilDead: UInt32 = 5
    package static let maxLocation = 8 * kibibyte  // bytes
    package static let maxTargetMetadata = 64 * kibibyte - 1  // bytes of keys and values together
    package static let maxTargetsPerChunk = 1_000

    // Node
    package static let spoolBytes: UInt64 = 1 << 30
    package static let spoolNearlyFull = 0.9  // of spoolBytes: no new assignments
    package static let batchBytes = mebibyte  // content in one batch a node sends
    package static let batchAge = Span.milliseconds(50)  // a lone item waits no longer for batch-mates
    package static let reconnectBase = Span.milliseconds(100)
    package static let reconnectCap = Span.seconds(30)
    package static let requestTimeout = Span.seconds(30)

    // Operators
    package static let queriesInProgress = 64  // answers under way on one connection
    package static let orchestratorQueueBytes = 32 * mebibyte  // requests waiting for the orchestrator's thread
    package static let listLimit = 1_000  // rows a page
    package static let listScan = 20_000  // rows looked at for one page
    package static let keyMemory = Span.hours(1)  // how long a state-changing request's result is kept
    package static let maxFault = Span.minutes(60)
}
