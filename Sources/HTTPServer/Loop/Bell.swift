import CLinux
import Glibc

/// Ends the waiting of a ``Poller`` from any thread.
final class Bell: Sendable {
    private let counter: Descriptor

    init() throws(ListenError) {
        let number = clinux_event_counter()
        guard number >= 0 else { throw ListenError.call("eventfd", errno: errno) }
        counter = Descriptor(number)
    }

    var descriptor: Int32 { counter.number }

    func ring() {
        clinux_count_event(counter.number)
    }
}
