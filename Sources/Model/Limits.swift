/// Every limit of the product, with its unit. A limit that follows from others is computed from them.
package enum Limits {
    package static let kibibyte = 1 << 10
    package static let mebibyte = 1 << 20

    // Wire
    package static let protocolVersion: UInt32 = 1
    package static let defaultPort: UInt16 = 7400
    package static let orchestratorPort: UInt16 = 7401  // of an orchestrator that is a process of its own
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
    package static let readAheadArtifacts: UInt64 = 1_000_000  // stored, from which on a start reads on several threads
    package static let maxBatch = 256  // items
    package static let maxInFlight = 8  // batches a stream
    package static let credit = 2_048  // artifacts a node may have unacked: maxBatch * maxInFlight
    package static let sharedCredit = 4_096  // and all that send at the same time, each an equal share
    package static let leastCredit = 64  // of one node beside however many
    package static let groupBytes = 4 * mebibyte  // content in one commit
    package static let groupArtifacts = 2_048  // artifacts in one commit
    package static let sealedArtifacts = 24  // new ones of a batch from which on its own thread compresses them
    package static let chanceShare = 16  // of a batch one in so many may meet another's tag in the index by chance
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
    package static let snapshotHold = Span.minutes(10)  // that a state version asked for keeps its history
    package static let snapshotPins = 1_024  // state versions kept so at a time
    package static let logBound = 256 * mebibyte  // of a database's write-ahead log, whoever reads for however long
    /// Of it, from which on nothing is added while a reader keeps it: a checkpoint's distance and two groups fit above.
    package static let logHeld = 224 * mebibyte
    package static let diskLowWater: UInt64 = 2 << 30  // bytes free below which intake is refused
    package static let rejectionsUntilAdvice: UInt64 = 10  // of one node for its quota in an hour
    package static let diskLowWaterShare: UInt64 = 20  // or one in so many of the file system, where that is less
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

    package static let leastPatience = Span.milliseconds(500)  // silence that never makes a suspect
    package static let healthWindow = 100  // outcomes of a node
    package static let outcomesUntilKnown = 5  // before that, success rate and quality count as unknownHealth
    package static let unknownHealth = 0.5
    package static let unknownRating = 0.5  // of a node that no sink has rated
    package static let ratingsCounted = 1_000  // the last of a node; of each artifact among them the last word
    package static let ratingsAnswered = 1_024  // nodes in one answer to an orchestrator elsewhere
    package static let degradedBelow = 0.3  // usefulness
    package static let healthyFrom = 0.4  // usefulness
    package static let slowCollection = Span.seconds(60)  // and longer: nothing for speed
    package static let successExpected = Span.hours(1)  // of a node that tries
    package static let probeInterval = Span.minutes(1)  // between two targets of a degraded node
    package static let decisionsPerTarget = 16  // kept in full
    package static let decisionsPerNode = 1_000  // kept in full; of an actor likewise
    package static let maxQuota: UInt64 = 1_000_000_000  // artifacts in any hour
    package static let quotaInterval = Span.minutes(1)  // between two decisions about one node's quota
    package static let planLimit = 100  // due targets, and hosts at risk, that a plan shows
    package static let busyHostRest = Span.seconds(30)  // after a 429 or 503 that says no time
    package static let longestHostClosure = Span.hours(24)  // that a host's own Retry-After is believed for
    package static let hostsReported = 16  // in one outcome: what each host said that a collection visited
    package static let hostsRemembered = 100_000  // whose wishes are kept; about 100 bytes each
    package static let maxHostName = 253  // bytes, as names have it
    package static let longestCrawlDelay = Span.minutes(10)  // that a host's own wish is believed for
    package static let actors = 64  // operators whose decisions are kept apart
    package static let nodesSearched = 64  // for decisions, where no node is named

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
    package static let maxCron = 256  // bytes
    package static let maxTargetLine = 256 * kibibyte  // bytes of one line of a file of targets
    package static let targetChunkBytes = mebibyte  // of such lines, after which a chunk ends

    // Node
    package static let spoolBytes: UInt64 = 1 << 30
    package static let spoolNearlyFull = 0.9  // of spoolBytes: no new assignments
    package static let batchBytes = mebibyte  // content in one batch a node sends
    package static let batchAge = Span.milliseconds(50)  // a lone item waits no longer for batch-mates
    package static let reconnectBase = Span.milliseconds(100)
    package static let reconnectCap = Span.seconds(30)
    package static let requestTimeout = Span.seconds(30)

    // Reputation
    package static let epoch: Int64 = 60 * 1_000  // ms of commits' time
    package static let startScore = 0.5
    package static let scoreRange = 0.1...0.9
    package static let goodStep = 0.01  // score, for one epoch
    package static let badStep = 0.02  // score, for one epoch
    package static let epochsToAgree = 3  // in a row, before the score moves
    package static let goodShare = 0.8  // of an epoch's artifacts valid
    package static let badShare = 0.5  // of an epoch's artifacts valid, below which it is bad
    package static let calibrationRange = 0.5...1.0
    package static let unknownBrier = 0.165  // of a claim that was not made: calibration 0.75, the middle of its range
    package static let evidenceArtifacts = 1_000  // of a node, over which it is calibrated
    package static let contradictionWindow: Int64 = 10 * 60 * 1_000  // ms between contents of one target
    package static let observations = 131_072  // of targets' contents, all nodes, kept for contradictions
    package static let observationsCompared = 32  // of one target
    package static let decayAfter: Int64 = 24 * 3_600 * 1_000  // ms without an artifact
    package static let decayFactor = 0.95  // of what a score has above the start, per day
    package static let votesPerHour = 10  // of one judge about one subject that count
    package static let votesSuspicious = 100  // of one judge about one subject in an hour
    package static let votesSuspiciousDay = 1_000  // of one judge in a day
    package static let judgesPerSubject = 128  // with votes in the last hour
    package static let judgeShare = 3  // one judge settles at most one in three of a subject's artifacts
    package static let newcomerBelow: UInt64 = 100  // corroborated artifacts
    package static let newcomerShare = 0.1  // of corroboration weight, and of feed slots, all newcomers together
    package static let outlierScore = 3.5  // modified z-score
    package static let outlierNodes = 8  // at least, for anyone to be judged
    package static let outlierSpread = 0.01  // least median deviation of Brier figures that is believed
    package static let outlierCleanEpochs = 10
    package static let reputationNodes = 2_048  // kept apart; then the newcomer that was silent longest goes
    package static let reputationSinks = 16
    package static let decisionsKept: UInt64 = 1_000  // per node
    package static let artifactsNamed = 8  // in one decision

    package static let changeBytes = 16 * mebibyte  // of content that consumers are given at once, and one commit more

    // Ranking
    package static let threatWeight = 0.4  // of base, at threat 10
    package static let opportunityWeight = 0.3  // of base, at opportunity 10
    package static let confidenceWeight = 0.2  // of base, at confidence 1
    package static let halfLife: Int64 = 24 * 3_600 * 1_000  // ms in which a priority halves
    package static let candidatesPerNode = 4_096  // in memory
    package static let candidatesLimit = 1_000  // of one walk or listing
    package static let candidatesShown = 20  // where no number is asked for

    // Near duplicates and patterns
    package static let sketchedTexts = 100_000  // texts among which near duplicates are looked for
    package static let nearDuplicate = 0.5  // estimated similarity from which a text is said to be like another
    package static let patternTexts = 100_000  // texts of the sample that patterns are found in
    package static let patternTextsAtLeast = 10
    package static let patternWindow: Int64 = 24 * 3_600 * 1_000  // ms that a text counts for
    package static let patternInterval = Span.minutes(10)
    package static let patternCount = 10
    package static let patternFeatures = 1_000
    package static let patternTerms = 10  // shown of each pattern
    package static let patternExcerpt = 500  // characters of a pattern's sample text
    package static let patternWords = 16 << 20  // words of one run, of all texts together; 4 bytes each
    package static let patternVocabulary = 1 << 20  // different words of one run at a time
    package static let patternWordBytes = 64  // bytes of one word; longer ones are left out
    package static let patternPairs = 64  // members of which every pair is compared for the confidence
    package static let patternRunsKept = 144  // one day of runs, every ten minutes

    // Feed
    package static let feedRate = 100  // scenarios in any 60 minutes
    package static let maxFeedRate = 10_000
    package static let feedWindow = Span.minutes(60)  // of the rate, and how long a diversity entry counts
    package static let feedPeriod = Span.minutes(1)  // between two walks
    package static let feedDepth = 1_000  // candidates looked at in one walk
    package static let feedKeys = 10_000  // scenario keys remembered
    package static let feedKeyWords = 100  // normalised words of a text in its scenario key
    package static let feedInput = 2_000  // characters
    package static let feedDomain = (most: 5, of: 100)  // scenarios of one domain in a row of so many
    package static let feedNode = (most: 10, of: 50)
    package static let feedType = (most: 10, of: 20)  // only while other types are waiting
    package static let feedObjectives = 100  // scenarios in which a rare objective must be absent
    package static let feedSkips = 10_000  // passed-over artifacts whose reason is kept
    package static let feedRest = Span.hours(1)  // before what was not novel is looked at again
    package static let signalsCompared = 262_144  // that brought nothing new, remembered by the ledger; 16 bytes each
    package static let feedNearDuplicate = 0.8  // estimated similarity to what was fed from which a text is not novel
    package static let shardBytes: UInt64 = 64 << 20  // before a new one is begun
    package static let shardAge = Span.minutes(10)
    package static let sinkBatch = 256  // records handed to a sink at once
    package static let sinkRefusals = 5  // of one record, then it is quarantined
    package static let sinkTimeout = Span.seconds(30)  // for one answer
    package static let sinkBackoffBase = Span.milliseconds(500)
    package static let sinkBackoffCap = Span.minutes(1)
    package static let sinkFailuresUntilOpen = 5  // in a row; then one trial record at a time, a minute apart
    package static let sinkAnswer = 64 * kibibyte  // bytes of one answer

    // Operators
    package static let queriesInProgress = 64  // answers under way on one connection
    package static let journalBytes = 32 * mebibyte  // of the orchestrator's journal, before rows must follow
    package static let journalRest = Span.seconds(1)  // without a change, before rows follow by themselves
    package static let rowsASlice = 512  // rows that follow in one turn
    package static let journalRowsASlice = 64  // rows of the journal that are trimmed in one turn
    package static let rowsPause = Span.milliseconds(5)  // between two slices while nothing else happens
    package static let orchestratorQueueBytes = 32 * mebibyte  // requests waiting for the orchestrator's thread
    package static let listLimit = 1_000  // rows a page
    package static let listScan = 20_000  // rows looked at for one page
    package static let receiptPages = 1_024  // commits told of in one answer to an orchestrator elsewhere
    package static let receiptsAnswered = mebibyte  // bytes of one such answer, and a commit's more
    package static let receiptBytes = 256  // of one receipt, beside its bookmark
    package static let receiptWait = Span.seconds(5)  // for an answer that says that nothing came
    package static let keyMemory = Span.hours(1)  // how long a state-changing request's result is kept
    /// How long a stop waits for a step behind the ledger.
    package static let backgroundStop = Span.seconds(3)
    package static let maxFault = Span.minutes(60)
}
