/// A subject to write about: its words, from which `Prose` makes sentences. The lists are part of what makes the site
/// the same everywhere, so a word is only ever added together with the expectations of the tests.
struct Topic: Sendable {
    let name: String
    let nouns: [String]
    let verbs: [String]
    let adjectives: [String]

    init(_ name: String, nouns: String, verbs: String, adjectives: String) {
        self.name = name
        self.nouns = nouns.split(whereSeparator: \.isWhitespace).map(String.init)
        self.verbs = verbs.split(whereSeparator: \.isWhitespace).map(String.init)
        self.adjectives = adjectives.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    static let all = [security, performance, data, weather, markets, harbour]

    static let security = Topic(
        "security",
        nouns: """
            attack vulnerability exploit malware breach credential password firewall certificate signature token
            attacker botnet phishing ransomware trojan worm backdoor payload sandbox patch advisory mitigation
            incident forensics perimeter intrusion detector honeypot keylogger rootkit privilege session cookie
            cipher handshake nonce digest audit policy permission proxy gateway tunnel beacon implant dropper
            campaign indicator blocklist
            """,
        verbs: """
            exploits breaches leaks encrypts patches blocks detects escalates infects isolates mitigates probes
            quarantines reveals revokes scans signs spoofs steals tampers traces unlocks verifies hardens bypasses
            """,
        adjectives: """
            malicious critical encrypted hostile vulnerable compromised exposed forged hidden infected known lateral
            outdated persistent privileged remote severe stealthy stolen targeted trusted unpatched untrusted weak
            zero-day
            """)

    static let performance = Topic(
        "performance",
        nouns: """
            latency throughput optimization cache queue thread scheduler bottleneck profiler benchmark allocator buffer
            compiler contention core counter deadline descriptor epoch frame garbage histogram instruction interrupt
            kernel load lock loop memory page percentile pipeline pool prefetch processor quantile register regression
            request response runtime sample socket spinlock stall tail timer trace vector workload
            """,
        verbs: """
            accelerates allocates amortises batches blocks coalesces compiles contends copies drains evicts flushes
            hoists inlines measures parks preempts prefetches profiles recycles saturates schedules spins stalls
            vectorises
            """,
        adjectives: """
            slow fast adaptive aligned asynchronous atomic bounded cached coarse cold concurrent contended cooperative
            dense eager hot idle lazy lock-free noisy parallel quick sequential sparse steady
            """)

    static let data = Topic(
        "data",
        nouns: """
            data database storage backup recovery archive bucket catalogue checkpoint checksum cluster column commit
            cursor dataset delta dictionary dump entity export field file fragment index journal key ledger log manifest
            migration mirror object partition primary query record relation replica retention row schema segment shard
            snapshot statement stream table transaction tuple
            """,
        verbs: """
            appends archives backfills checkpoints clusters commits compacts compresses copies decodes deletes
            duplicates exports imports indexes ingests joins merges migrates partitions replays replicates restores
            truncates writes
            """,
        adjectives: """
            append-only canonical clustered columnar compressed consistent corrupt derived distinct durable encoded
            immutable incremental indexed keyed nested normalised orphaned raw redundant relational replicated sorted
            stale versioned
            """)

    static let weather = Topic(
        "weather",
        nouns: """
            storm rainfall wind pressure humidity temperature forecast front cyclone barometer drizzle fog frost gust
            hail horizon lightning mist monsoon overcast radar satellite season sleet snow station sunrise sunset
            thunder tide tornado tropics valley visibility warning altitude blizzard breeze cloud coast dew drought
            flood glacier heatwave isobar plateau ridge shower squall
            """,
        verbs: """
            approaches brightens chills clears cools deepens descends drifts eases fades falls freezes gathers lifts
            lingers melts moistens persists rises shifts soaks spreads strengthens thaws weakens
            """,
        adjectives: """
            arctic blustery calm chilly cloudy coastal damp dry easterly foggy gentle gusty heavy humid icy mild
            northerly patchy rainy scattered seasonal stormy sunny tropical westerly
            """)

    static let markets = Topic(
        "markets",
        nouns: """
            price share bond dividend exchange broker auction trader yield currency inflation index-fund futures option
            portfolio equity margin liquidity spread commodity copper wheat crude cotton silver gold auctioneer bid ask
            order ticker volume rally slump hedge swap credit debt earnings revenue forecast-error quarter merger stake
            tariff treasury turnover valuation venture volatility
            """,
        verbs: """
            advances borrows buys climbs closes declines doubles expires gains hedges invests lends opens outperforms
            plunges rallies rebounds recovers repays retreats sells settles slides surges trades
            """,
        adjectives: """
            annual bearish bullish cheap corporate cyclical defensive emerging expensive fixed flat fiscal illiquid
            industrial liquid long-term municipal overnight quarterly robust short-term speculative thin undervalued
            volatile
            """)

    static let harbour = Topic(
        "harbour",
        nouns: """
            vessel cargo crane berth container pilot tug anchor buoy canal captain channel crew dock ferry fleet freight
            harbour hull keel lighthouse manifest-clerk mast mooring pallet pier port propeller quay radio-room reef
            rigging rudder sail schedule-board seaway shipment shipyard signal-flag steward strait terminal trawler
            voyage warehouse waterline wharf winch yard-master yacht
            """,
        verbs: """
            anchors arrives berths boards carries charters crosses delays delivers departs docks escorts fuels hauls
            inspects lifts loads moors navigates rows sails ships steers tows unloads
            """,
        adjectives: """
            afloat aground anchored bulky chartered coastal-bound crowded deep delayed eastbound empty foreign
            heavy-lift inbound laden moored narrow nautical outbound overdue rusty salty seaworthy southbound tidal
            """)
}
