import Glibc

/// A value behind a lock, for the few boxes that several threads share.
///
/// Like `Synchronization.Mutex`, but over `pthread_mutex_t`: ThreadSanitizer does not understand the futex that
/// `Mutex` is made of on Linux and reports races where there are none. Hold it shortly; nothing may block inside.
@safe package struct Locked<Value>: ~Copyable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    package init(_ value: consuming sending Value) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
    }

    /// Runs `body` with the value while no other thread has it.
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value.pointee)
    }

    deinit {
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }
}

// The mutex is what makes it so: the value is reached through `withLock` only.
extension Locked: @unchecked Sendable {}
