// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

/// The messages of rookery.proto.
package enum Proto {}

extension Proto {
    /// One frame carries one envelope. A request has a non-zero id chosen by its sender; its reply repeats that
    /// number in in_reply_to. A one-way message has neither.
    package struct Envelope: ProtoMessage {
        package enum Body: Sendable, Equatable {
            case hello(Proto.Hello)
            case welcome(Proto.Welcome)
            case error(Proto.Error)
            case ping(Proto.Ping)
            case pong(Proto.Pong)
            case goodbye(Proto.Goodbye)
            case registerNode(Proto.RegisterNode)
            case registered(Proto.Registered)
            case heartbeat(Proto.Heartbeat)
            case heartbeatAck(Proto.HeartbeatAck)
            case assignment(Proto.Assignment)
            case leaseOutcomes(Proto.LeaseOutcomes)
            case leaseOutcomesAck(Proto.LeaseOutcomesAck)
            case leaseRevoked(Proto.LeaseRevoked)
            case renewLease(Proto.RenewLease)
            case renewLeaseReply(Proto.RenewLeaseReply)
            case hostBudgetRequest(Proto.HostBudgetRequest)
            case hostBudget(Proto.HostBudget)
            case ingestBatch(Proto.IngestBatch)
            case ingestAck(Proto.IngestAck)
            case submitTargets(Proto.SubmitTargets)
            case submitTargetsReply(Proto.SubmitTargetsReply)
            case clusterStatus(Proto.ClusterStatus)
            case clusterStatusReply(Proto.ClusterStatusReply)
            case listArtifacts(Proto.ListArtifacts)
            case listArtifactsReply(Proto.ListArtifactsReply)
            case getArtifact(Proto.GetArtifact)
            case getArtifactReply(Proto.GetArtifactReply)
            case listTargets(Proto.ListTargets)
            case listTargetsReply(Proto.ListTargetsReply)
            case listNodes(Proto.ListNodes)
            case listNodesReply(Proto.ListNodesReply)
            case chaosInject(Proto.ChaosInject)
            case chaosClear(Proto.ChaosClear)
            case chaosList(Proto.ChaosList)
            case chaosFaults(Proto.ChaosFaults)
            case chaosDirective(Proto.ChaosDirective)
            case artifactHistory(Proto.ArtifactHistory)
            case artifactHistoryReply(Proto.ArtifactHistoryReply)
            case artifactSightings(Proto.ArtifactSightings)
            case artifactSightingsReply(Proto.ArtifactSightingsReply)
            case backup(Proto.Backup)
            case backupReply(Proto.BackupReply)
            case listMissing(Proto.ListMissing)
            case listMissingReply(Proto.ListMissingReply)
        }

        package var id: UInt64 = 0
        package var inReplyTo: UInt64 = 0
        package var body: Body? = nil

        package init() {}

        package init(
            id: UInt64 = 0,
            inReplyTo: UInt64 = 0,
            body: Body? = nil
        ) {
            self.id = id
            self.inReplyTo = inReplyTo
            self.body = body
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: id = try reader.uint64()
                case 16: inReplyTo = try reader.uint64()
                case 82: body = .hello(try reader.message())
                case 90: body = .welcome(try reader.message())
                case 98: body = .error(try reader.message())
                case 106: body = .ping(try reader.message())
                case 114: body = .pong(try reader.message())
                case 122: body = .goodbye(try reader.message())
                case 162: body = .registerNode(try reader.message())
                case 170: body = .registered(try reader.message())
                case 178: body = .heartbeat(try reader.message())
                case 186: body = .heartbeatAck(try reader.message())
                case 242: body = .assignment(try reader.message())
                case 250: body = .leaseOutcomes(try reader.message())
                case 258: body = .leaseOutcomesAck(try reader.message())
                case 266: body = .leaseRevoked(try reader.message())
                case 274: body = .renewLease(try reader.message())
                case 282: body = .renewLeaseReply(try reader.message())
                case 290: body = .hostBudgetRequest(try reader.message())
                case 298: body = .hostBudget(try reader.message())
                case 322: body = .ingestBatch(try reader.message())
                case 330: body = .ingestAck(try reader.message())
                case 402: body = .submitTargets(try reader.message())
                case 410: body = .submitTargetsReply(try reader.message())
                case 418: body = .clusterStatus(try reader.message())
                case 426: body = .clusterStatusReply(try reader.message())
                case 434: body = .listArtifacts(try reader.message())
                case 442: body = .listArtifactsReply(try reader.message())
                case 450: body = .getArtifact(try reader.message())
                case 458: body = .getArtifactReply(try reader.message())
                case 466: body = .listTargets(try reader.message())
                case 474: body = .listTargetsReply(try reader.message())
                case 482: body = .listNodes(try reader.message())
                case 490: body = .listNodesReply(try reader.message())
                case 562: body = .chaosInject(try reader.message())
                case 570: body = .chaosClear(try reader.message())
                case 578: body = .chaosList(try reader.message())
                case 586: body = .chaosFaults(try reader.message())
                case 594: body = .chaosDirective(try reader.message())
                case 962: body = .artifactHistory(try reader.message())
                case 970: body = .artifactHistoryReply(try reader.message())
                case 978: body = .artifactSightings(try reader.message())
                case 986: body = .artifactSightingsReply(try reader.message())
                case 994: body = .backup(try reader.message())
                case 1002: body = .backupReply(try reader.message())
                case 1010: body = .listMissing(try reader.message())
                case 1018: body = .listMissingReply(try reader.message())
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            switch body {
            case .hello(let value): writer.message(value); writer.tag(82)
            case .welcome(let value): writer.message(value); writer.tag(90)
            case .error(let value): writer.message(value); writer.tag(98)
            case .ping(let value): writer.message(value); writer.tag(106)
            case .pong(let value): writer.message(value); writer.tag(114)
            case .goodbye(let value): writer.message(value); writer.tag(122)
            case .registerNode(let value): writer.message(value); writer.tag(162)
            case .registered(let value): writer.message(value); writer.tag(170)
            case .heartbeat(let value): writer.message(value); writer.tag(178)
            case .heartbeatAck(let value): writer.message(value); writer.tag(186)
            case .assignment(let value): writer.message(value); writer.tag(242)
            case .leaseOutcomes(let value): writer.message(value); writer.tag(250)
            case .leaseOutcomesAck(let value): writer.message(value); writer.tag(258)
            case .leaseRevoked(let value): writer.message(value); writer.tag(266)
            case .renewLease(let value): writer.message(value); writer.tag(274)
            case .renewLeaseReply(let value): writer.message(value); writer.tag(282)
            case .hostBudgetRequest(let value): writer.message(value); writer.tag(290)
            case .hostBudget(let value): writer.message(value); writer.tag(298)
            case .ingestBatch(let value): writer.message(value); writer.tag(322)
            case .ingestAck(let value): writer.message(value); writer.tag(330)
            case .submitTargets(let value): writer.message(value); writer.tag(402)
            case .submitTargetsReply(let value): writer.message(value); writer.tag(410)
            case .clusterStatus(let value): writer.message(value); writer.tag(418)
            case .clusterStatusReply(let value): writer.message(value); writer.tag(426)
            case .listArtifacts(let value): writer.message(value); writer.tag(434)
            case .listArtifactsReply(let value): writer.message(value); writer.tag(442)
            case .getArtifact(let value): writer.message(value); writer.tag(450)
            case .getArtifactReply(let value): writer.message(value); writer.tag(458)
            case .listTargets(let value): writer.message(value); writer.tag(466)
            case .listTargetsReply(let value): writer.message(value); writer.tag(474)
            case .listNodes(let value): writer.message(value); writer.tag(482)
            case .listNodesReply(let value): writer.message(value); writer.tag(490)
            case .chaosInject(let value): writer.message(value); writer.tag(562)
            case .chaosClear(let value): writer.message(value); writer.tag(570)
            case .chaosList(let value): writer.message(value); writer.tag(578)
            case .chaosFaults(let value): writer.message(value); writer.tag(586)
            case .chaosDirective(let value): writer.message(value); writer.tag(594)
            case .artifactHistory(let value): writer.message(value); writer.tag(962)
            case .artifactHistoryReply(let value): writer.message(value); writer.tag(970)
            case .artifactSightings(let value): writer.message(value); writer.tag(978)
            case .artifactSightingsReply(let value): writer.message(value); writer.tag(986)
            case .backup(let value): writer.message(value); writer.tag(994)
            case .backupReply(let value): writer.message(value); writer.tag(1002)
            case .listMissing(let value): writer.message(value); writer.tag(1010)
            case .listMissingReply(let value): writer.message(value); writer.tag(1018)
            case nil: break
            }
            if inReplyTo != 0 { writer.uint64(inReplyTo); writer.tag(16) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if inReplyTo != 0 { size += 1 + ProtoSize.uint64(inReplyTo) }
            switch body {
            case .hello(let value): size += 1 + ProtoSize.message(value)
            case .welcome(let value): size += 1 + ProtoSize.message(value)
            case .error(let value): size += 1 + ProtoSize.message(value)
            case .ping(let value): size += 1 + ProtoSize.message(value)
            case .pong(let value): size += 1 + ProtoSize.message(value)
            case .goodbye(let value): size += 1 + ProtoSize.message(value)
            case .registerNode(let value): size += 2 + ProtoSize.message(value)
            case .registered(let value): size += 2 + ProtoSize.message(value)
            case .heartbeat(let value): size += 2 + ProtoSize.message(value)
            case .heartbeatAck(let value): size += 2 + ProtoSize.message(value)
            case .assignment(let value): size += 2 + ProtoSize.message(value)
            case .leaseOutcomes(let value): size += 2 + ProtoSize.message(value)
            case .leaseOutcomesAck(let value): size += 2 + ProtoSize.message(value)
            case .leaseRevoked(let value): size += 2 + ProtoSize.message(value)
            case .renewLease(let value): size += 2 + ProtoSize.message(value)
            case .renewLeaseReply(let value): size += 2 + ProtoSize.message(value)
            case .hostBudgetRequest(let value): size += 2 + ProtoSize.message(value)
            case .hostBudget(let value): size += 2 + ProtoSize.message(value)
            case .ingestBatch(let value): size += 2 + ProtoSize.message(value)
            case .ingestAck(let value): size += 2 + ProtoSize.message(value)
            case .submitTargets(let value): size += 2 + ProtoSize.message(value)
            case .submitTargetsReply(let value): size += 2 + ProtoSize.message(value)
            case .clusterStatus(let value): size += 2 + ProtoSize.message(value)
            case .clusterStatusReply(let value): size += 2 + ProtoSize.message(value)
            case .listArtifacts(let value): size += 2 + ProtoSize.message(value)
            case .listArtifactsReply(let value): size += 2 + ProtoSize.message(value)
            case .getArtifact(let value): size += 2 + ProtoSize.message(value)
            case .getArtifactReply(let value): size += 2 + ProtoSize.message(value)
            case .listTargets(let value): size += 2 + ProtoSize.message(value)
            case .listTargetsReply(let value): size += 2 + ProtoSize.message(value)
            case .listNodes(let value): size += 2 + ProtoSize.message(value)
            case .listNodesReply(let value): size += 2 + ProtoSize.message(value)
            case .chaosInject(let value): size += 2 + ProtoSize.message(value)
            case .chaosClear(let value): size += 2 + ProtoSize.message(value)
            case .chaosList(let value): size += 2 + ProtoSize.message(value)
            case .chaosFaults(let value): size += 2 + ProtoSize.message(value)
            case .chaosDirective(let value): size += 2 + ProtoSize.message(value)
            case .artifactHistory(let value): size += 2 + ProtoSize.message(value)
            case .artifactHistoryReply(let value): size += 2 + ProtoSize.message(value)
            case .artifactSightings(let value): size += 2 + ProtoSize.message(value)
            case .artifactSightingsReply(let value): size += 2 + ProtoSize.message(value)
            case .backup(let value): size += 2 + ProtoSize.message(value)
            case .backupReply(let value): size += 2 + ProtoSize.message(value)
            case .listMissing(let value): size += 2 + ProtoSize.message(value)
            case .listMissingReply(let value): size += 2 + ProtoSize.message(value)
            case nil: break
            }
            return size
        }
    }
}
