import Timestamps

/// Open batches, and the alerts that wait for one.
extension Pipeline {
    /// Adds an alert to its source's batch; false when there is no room for another batch.
    func add(_ member: Batcher.Member, of source: SourceKey, received: Timestamp) -> Bool {
        switch batcher.add(member, of: source, received: received, at: time.instant()) {
        case .joined: break
        case .opened:
            opened(source, received: received)
            startTimer()
        case .closed(let batch):
            close(batch)
            // A batch that closes with its first alert has opened, too.
            if batch.members.count == 1 { opened(source, received: received) }
        case .full: return false
        }
        return true
    }

    /// The alerts stay in the journal meanwhile, which pushes back on whoever sends them.
    func waitForRoom() async {
        await keepNews()
        guard let deadline = batcher.nextDeadline else { return }
        await time.sleep(deadline)
        closeDue()
    }

    /// A batch was opened: what was kept for an event of the source joins.
    func opened(_ source: SourceKey, received: Timestamp) {
        events.add(source)
        for earlier in context.take(source) { _ = add(earlier, of: source, received: received) }
    }

    func startTimer() {
        guard timer == nil else { return }
        timer = Task {
            while let deadline = batcher.nextDeadline, !Task.isCancelled {
                await time.sleep(deadline)
                closeDue()
            }
            timer = nil
        }
    }

    func closeDue() {
        for batch in batcher.timerFired(at: time.instant()) { close(batch) }
    }

    /// Lets go of kept alerts when their hour is over, also when no others come.
    func startExpiry() {
        guard expiry == nil, !isEnding, context.nextExpiry != nil else { return }
        expiry = Task {
            while let next = context.nextExpiry, !Task.isCancelled {
                let wait = max(.seconds(1), min(next - time.timestamp(), ContextKeep.horizon) + .seconds(1))
                await time.sleep(time.instant().advanced(by: wait))
                await journal.finish(context.expire(at: time.timestamp()))
            }
            expiry = nil
        }
    }
}
