import CLinux
import Glibc

/// An epoll descriptor, level-triggered, and the events it reported last.
@safe final class Poller {
    static let readable = clinux_readable
    static let writable = clinux_writable
    /// Reported whether asked for or not: the connection is broken or over in both directions.
    static let hungUp = clinux_hung_up

    let descriptor: Descriptor
    private let events: UnsafeMutablePointer<epoll_event>
    private let capacity: Int32

    /// `capacity` is how many events one ``poll()`` takes at most.
    init(capacity: Int32) throws(ListenError) {
        let number = clinux_epoll()
        guard number >= 0 else { throw ListenError.call("epoll_create1", errno: errno) }
        descriptor = Descriptor(number)
        unsafe events = .allocate(capacity: Int(capacity))
        unsafe events.initialize(repeating: epoll_event(), count: Int(capacity))
        self.capacity = capacity
    }

    deinit {
        unsafe events.deallocate()
    }

    /// Watches a descriptor; its events carry `token`.
    func add(_ number: Int32, _ interest: UInt32, token: UInt64) -> Bool {
        clinux_epoll_add(descriptor.number, number, interest, token) == 0
    }

    /// Watches for something else.
    func change(_ number: Int32, _ interest: UInt32, token: UInt64) {
        _ = clinux_epoll_change(descriptor.number, number, interest, token)
    }

    /// Watches a bell: each ringing is an event.
    func add(_ bell: Bell, token: UInt64) -> Bool {
        clinux_epoll_add_counter(descriptor.number, bell.descriptor, token) == 0
    }

    /// Takes what is ready now, or within so many milliseconds; how many events there are.
    func poll(waiting milliseconds: Int32 = 0) -> Int {
        Int(max(0, unsafe epoll_wait(descriptor.number, events, capacity, milliseconds)))
    }

    /// One of the events of the last ``poll()``.
    func event(_ index: Int) -> (token: UInt64, readiness: UInt32) {
        unsafe (clinux_event_token(events + index), events[index].events)
    }
}
