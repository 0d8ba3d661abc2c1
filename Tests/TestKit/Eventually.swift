import Glibc

/// What a test waited for did not come in time.
package struct NeverHappened: Error {
    package let what: String
}

/// Waits until `condition` holds, for 20 seconds at most. Tasks that wait for a thread get this one meanwhile.
package func eventually(_ what: String, _ condition: () throws -> Bool) async throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(20)
    while try !condition() {
        guard clock.now < end else { throw NeverHappened(what: what) }
        await Task.yield()
        poll(nil, 0, 1)
    }
}
